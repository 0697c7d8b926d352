#pragma once
#include "troupe/neffos_space.hpp"

#include "net/client_link.hpp"
#include "net/neffos_membership.hpp"
#include "net/pending_asks.hpp"
#include "net/tell.hpp"
#include "protocol/neffos.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe::net {

/// What the application wants to be told about a neffos connection; set before it is opened.
struct neffos_hooks {
  std::function<void(std::string_view id)> open;
  std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> closed;
  error_hook error;
};

/// The neffos protocol from the client's side: acknowledgement, requests, events and answers.
///
/// Threading:  public functions from any thread; hooks and handlers run on the link's thread.
/// Lifetime:   the destructor closes the connection and joins the thread; it must not run on it.
class neffos_runner final : private link_user {
public:
  using done = neffos_space::done;

  explicit neffos_runner(client_options options);
  neffos_runner(const neffos_runner&) = delete;
  neffos_runner& operator=(const neffos_runner&) = delete;
  ~neffos_runner();

  neffos_space& space(std::string_view name);
  client_link& link() noexcept { return link_; }
  const neffos_membership& membership() const noexcept { return members_; }
  std::string id() const;
  void close(std::uint16_t code, std::string reason);

  errc emit(std::string_view space, std::string_view room, std::string_view event,
            payload_view content);
  void ask(std::string_view space, std::string_view event, payload_view content,
           std::chrono::milliseconds timeout, ask_answer run);
  void connect(neffos_space& in, done run);
  void disconnect(neffos_space& in, done run);
  void join(neffos_space& in, std::string_view room, done run);
  void leave(neffos_space& in, std::string_view room, done run);

  neffos_hooks hooks; ///< set before the client connects

private:
  using view = protocol::neffos_view;
  using waiter = ask_answer;

  void on_upgraded() override;
  void on_message(byte_view message, bool is_binary) override;
  void on_end(const client_status& status, std::optional<std::chrono::milliseconds> retry) override;
  void on_alarm() override;

  // -- the acknowledgement ----
  void read_ack(byte_view message, bool is_binary);
  void acknowledged(std::string id);
  void restore();

  // -- what arrives ----
  void dispatch(byte_view message, protocol::opcode type);
  bool on_answer(view& what);
  void on_request(protocol::neffos_event kind, const view& what);
  void on_connect(const view& what);
  void on_disconnect(neffos_space* in, const view& what);
  void on_join(neffos_space& in, const view& what);
  void on_leave(neffos_space& in, const view& what);
  void on_event(neffos_space& in, const view& what);
  void answer(const view& what, const handler_outcome& outcome);

  // -- what the application wishes ----
  void begin_connect(neffos_space& in, const done& run);
  void begin_disconnect(neffos_space& in, const done& run);
  void begin_join(neffos_space& in, const std::string& room, const done& run);
  void begin_leave(neffos_space& in, const std::string& room, const done& run);
  void request(protocol::neffos_event kind, const neffos_space& in, std::string_view room,
               const done& run);
  void finish(const done& run, const neffos_space::outcome& outcome) { tell(run, outcome); }

  // -- state and its hooks ----
  void enter(neffos_space& in, cause why);
  void enter(neffos_space& in, const std::string& room, cause why);
  void exit(neffos_space& in, const std::string& room, cause why);
  void exit_rooms(neffos_space& in, cause why);
  void tell_gone(neffos_space& in, const neffos_membership::name_set& rooms);

  // -- questions ----
  errc question(view what, std::chrono::milliseconds timeout, const waiter& run);
  std::optional<waiter> take_waiter(std::string_view wait);
  bool is_own_wait(std::string_view wait) const;
  void fail(const std::vector<waiter>& waiters, errc code, std::string_view text);
  void watch_asks();

  // -- sending ----
  errc say(const view& message);
  void confirm(std::string_view wait);
  void refuse(const view& what, std::string_view text);

  // -- telling the application ----
  template <class Hook, class... Args>
  handler_outcome tell(const Hook& hook, Args&&... args) {
    return net::tell(hooks.error, hook, std::forward<Args>(args)...);
  }
  void tell_error(errc code, std::string_view text) { net::tell_error(hooks.error, code, text); }
  neffos_space* find_space(std::string_view name) const;
  neffos_reading reading() const;

  const std::uint64_t first_wait_; ///< tokens count on from here

  mutable std::mutex mutex_; ///< protects what follows
  std::map<std::string, std::unique_ptr<neffos_space>, std::less<>> spaces_;
  std::string id_;
  pending_asks<waiter> asks_;
  std::uint64_t last_asked_ = 0;

  neffos_membership members_; ///< with its own lock

  // The link's thread's.
  bool is_acknowledged_ = false;
  std::vector<std::pair<std::vector<std::byte>, bool>> early_; ///< before the acknowledgement
  std::string unescaped_;

  client_link link_; ///< last: its thread uses all of the above
};

} // namespace troupe::net

#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "troupe/connection.hpp"

#include "actors/messages.hpp"
#include "actors/runtime.hpp"
#include "actors/scoped_connection.hpp"
#include "net/connection_events.hpp"
#include "net/http_connection.hpp"
#include "net/ws_connection.hpp"
#include "protocol/resume.hpp"

namespace troupe::actors {

class neffos_session;
class pinned_actor;
struct pending_join;

/// Which session a client wants to go on with.
struct resume_claim {
  connection_id id = 0;
  token_hash presented{};
  std::uint64_t received = 0; ///< counted messages that it has
  std::uint64_t attempt = 0;  ///< of the client, counted up
};

/// What becomes of a claim.
enum class claim_verdict : std::uint8_t {
  resumed,
  refused,  ///< the client needs a new connection
  overtaken ///< by a newer attempt of the client: nobody waits for this one
};

/// What a WebSocket became after its upgrade, ready to be put into an actor.
struct accepted_connection {
  net::tcp_socket socket;
  troupe::request request;
  std::optional<net::admission_ticket> ticket; ///< nothing: it has one, if its claim is right
  endpoint_entry* endpoint = nullptr;
  std::string identity;
  /// What the client speaks; nothing: the first message tells.
  std::optional<protocol::wire> speaks{};
  bool is_compressed = false;
  /// `none`, or how the session begins if there is no claim, or it turns out to be wrong.
  protocol::session_outcome session = protocol::session_outcome::none;
  std::optional<resume_claim> claim{};
};

/// One client: its socket, the spaces it is in, and its memberships.
///
/// What most connections never use (values, timers, asks, joins under way) is allocated on first
/// use: an idle connection stays small.
///
/// Threading:  belongs to its actor, on the actor's shard.
class connection_state final : net::connection_events {
public:
  using membership = std::pair<room_ptr, std::uint32_t>; ///< and its index in the hub's room
  using space_answer = std::function<void(result<connection*, ask_error>)>;

  connection_state(pinned_actor& self, runtime& shared, connection_id id, accepted_connection from);
  ~connection_state();

  /// Begins to read; greets the client and runs the hooks as soon as it is known what it speaks.
  void start(std::span<std::byte> early);
  /// Goes on with the socket of `from`, whose claim is to be checked.
  /// Unless that happens, `from` stays as it is.
  claim_verdict resume(accepted_connection& from, std::span<std::byte> early);

  // -- for the hub and the actor ----
  pinned_actor& self() noexcept { return self_; }
  net::ws_connection& socket() noexcept { return socket_; }
  const endpoint_entry& endpoint() const noexcept { return endpoint_; }
  protocol::encoding encoding() const noexcept { return encoding_; }
  bool is_open() const noexcept { return socket_.is_open() && !is_closed_; }
  /// How it goes, if it goes now.
  departure departure_now() const noexcept;
  /// Whether the application has accepted it.
  bool is_opened() const noexcept { return is_opened_; }
  bool is_member(room_number room) const noexcept { return find_membership(room) != nullptr; }
  /// Its connection in a space; null if it is not in there.
  scoped_connection* find_scope(std::size_t space) noexcept;
  scoped_connection* find_scope(std::string_view space) noexcept;
  scoped_connection& own_scope() noexcept { return own_; }
  void add_membership(const room_ptr& room, std::uint32_t index);
  /// @returns the index it had; nothing if it was no member.
  std::optional<std::uint32_t> take_membership(room_number room) noexcept;
  void move_membership(room_number room, std::uint32_t index) noexcept;
  const membership* last_membership() const noexcept;
  /// A join is through: of a new member, or of one that was in already.
  void on_joined(const room_ptr& room, std::uint64_t ask_id, bool is_new);
  /// The room lets go of it without having been asked to.
  void on_removing(const room_ptr& room);
  /// The room has let go of it.
  void on_left(const room_ptr& room, cause why);
  void on_error(const report_error& error);
  void read_on();
  /// Calls the application's code; what it throws costs the caller an error and nothing else.
  template <class Call>
  void run_guarded(Call&& call) noexcept {
    guard(0, std::forward<Call>(call));
  }

  // -- behind scoped_connection ----
  connection_id id() const noexcept { return id_; }
  std::string_view client_id();
  const troupe::request& request() const noexcept { return request_; }
  std::string_view identity() const noexcept;
  const message_info& message_at_hand() const noexcept;
  value_store& values();
  timer_id after(std::chrono::microseconds delay, std::function<void()> fire);
  timer_id at(net::time_point deadline, std::function<void()> fire);
  timer_id every(std::chrono::microseconds period, std::function<void()> fire);
  void cancel(timer_id timer);
  void join(scoped_connection& in, std::string_view room);
  void leave(scoped_connection& in, std::string_view room);
  membership* find_membership(std::size_t space, std::string_view room) noexcept;
  std::vector<std::string_view> space_names() const;
  std::vector<std::string_view> rooms_in(std::size_t space) const;
  void connect_space(std::string_view space, space_answer done);
  void disconnect_space(scoped_connection& from);
  verdict send_here(scoped_connection& in, std::string_view event, payload content,
                    const delivery& how);
  /// A message without an event, as the client's protocol has it.
  verdict send_whole(protocol::opcode type, byte_view bytes);
  void send_ask(scoped_connection& in, std::string_view event, payload content,
                std::chrono::milliseconds timeout, ask_answer done);
  void send_event(scoped_connection& in, const audience& to, std::string_view event,
                  payload content, const delivery& how);

private:
  friend class neffos_session;
  using message = protocol::message;
  struct extras;
  struct session;

  // -- net::connection_events ----
  bool on_message(protocol::opcode type, std::span<std::byte> bytes) noexcept override;
  bool on_part(protocol::opcode type, byte_view bytes,
               protocol::message_place place) noexcept override;
  void on_ping(byte_view payload) noexcept override;
  void on_pong(byte_view payload) noexcept override;
  void on_close_frame(std::uint16_t code, std::string_view reason) noexcept override;
  void on_drained() noexcept override;
  bool on_rate_limited() noexcept override;
  void on_discarded(protocol::opcode type, byte_view bytes) noexcept override;
  void on_detached() noexcept override;
  void on_closed(errc why, std::uint16_t code, std::string_view reason) noexcept override;
  void on_finished() noexcept override;

  // opening
  void decide(protocol::wire speaks);
  protocol::wire guess(byte_view first) const noexcept;
  void open();
  bool pass_open_hook(std::string& refusal);
  void enter_own_space();
  void send_away(std::string_view reason);

  // incoming, whatever the protocol
  handler_outcome run_handler(scoped_connection& in, const message_info& about,
                              payload_view content);
  template <class Call>
  void run_frame_hook(Call&& call) noexcept;
  handler_outcome try_to(const std::function<void()>& call) noexcept;
  handler_outcome call_connect_hook(scoped_connection& in, cause why);
  void call_connected_hook(scoped_connection& in, cause why);
  void on_whole_message(protocol::opcode type, byte_view bytes, scoped_connection& in);
  void on_answer(std::uint64_t ask_id, errc code, std::string_view text, payload_view content);
  void on_malformed(errc code, std::string_view text);
  bool forward(const room_ptr& room, outgoing_event event);

  // incoming, by protocol
  bool on_raw(protocol::opcode type, byte_view bytes);
  bool publish_raw(protocol::opcode type, byte_view bytes);
  bool on_iris(protocol::opcode type, byte_view bytes);
  bool on_native(protocol::opcode type, byte_view bytes);
  bool on_neffos(protocol::opcode type, byte_view bytes);
  bool dispatch(const message& what);
  void on_event(const message& what, std::string_view room = {});
  void on_join(const message& what);
  void on_leave(const message& what);
  bool on_publish(const message& what);

  template <class Call>
  void guard(std::uint64_t ask_id, Call&& call) noexcept {
    try {
      call();
    } catch (...) {
      on_exception(ask_id);
    }
  }
  void on_exception(std::uint64_t ask_id) noexcept;

  // sessions
  session* own_session() const noexcept;
  void begin_session(protocol::session_outcome how);
  bool is_meant_by(const accepted_connection& from) const noexcept;
  void count_received(byte_view bytes);
  void on_received(std::uint64_t count);

  // outgoing
  protocol::frame_ptr make_hello();
  verdict tell(const message& what, const delivery& how = {});
  /// The same, never compressed.
  verdict tell_plain(const message& what);
  void report(std::uint64_t ask_id, errc code, std::string_view text);
  std::uint64_t expect_answer(std::chrono::milliseconds timeout, ask_answer done);
  void answer(std::uint64_t ask_id, result<payload_view, ask_error> with);

  // rooms and spaces
  void request_join(scoped_connection& in, std::string_view room, std::uint64_t ask_id,
                    payload arguments);
  void resolve_join(std::size_t space, std::string_view room, const room_ptr* joined);
  pending_join* find_pending_join(std::size_t space, std::string_view room) noexcept;
  /// Leaves all rooms of the space at once, without asking anybody.
  void leave_all(scoped_connection& in, cause why);
  void call_room_hook(const room_hook& hook, scoped_connection& in, std::string_view room, cause why);
  scoped_connection& add_scope(space_entry& in);
  void remove_scope(scoped_connection& gone);
  /// A handler may be using it: it ends at the end of the turn.
  void put_aside(std::shared_ptr<void> gone);
  void end_scope(scoped_connection& in, const close_info& why);

  membership* find_membership(room_number room) noexcept;
  const membership* find_membership(room_number room) const noexcept;
  std::optional<std::string_view> text_of(const protocol::event_name& name) const;
  std::function<void()> guarded(std::function<void()> fire);
  const std::shared_ptr<flow_gate>& gate();
  extras& more();

  // constant after construction
  pinned_actor& self_;
  runtime& shared_;
  endpoint_entry& endpoint_;
  const connection_id id_;
  const troupe::request request_;
  const std::shared_ptr<const std::string> identity_; ///< null: none
  // owned by the shard
  protocol::encoding encoding_;
  net::admission_ticket ticket_;
  net::ws_connection socket_;
  scoped_connection own_; ///< in the endpoint's own space
  std::vector<membership> memberships_;
  std::shared_ptr<flow_gate> gate_; ///< events on their way to rooms; made on first use
  std::unique_ptr<extras> extras_;
  std::unique_ptr<neffos_session> neffos_; ///< of clients that speak it
  const message_info* at_hand_ = nullptr;
  bool is_decided_; ///< whether it is known what the client speaks
  bool is_opened_ = false; ///< the application has accepted it
  bool is_closed_ = false;
  bool is_session_lost_ = false; ///< closed, and not in order
};

} // namespace troupe::actors

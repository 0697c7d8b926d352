#pragma once
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "troupe/connection.hpp"
#include "troupe/errc.hpp"
#include "troupe/handler.hpp"
#include "troupe/origin.hpp"
#include "troupe/request.hpp"
#include "troupe/room_rules.hpp"

namespace troupe {

/// The answer of an `authorize` hook: come in, perhaps as somebody, or an HTTP status and why.
struct authorization {
  int status = 101;     ///< 101 = accepted; otherwise 400 to 599
  std::string text;     ///< accepted: the identity; refused: one sentence for the body
  std::vector<std::pair<std::string, std::string>> fields{}; ///< accepted: added to the 101

  static authorization accept(std::string identity = {}) { return {.text = std::move(identity)}; }
  static authorization refuse(int status, std::string why) {
    return {.status = status, .text = std::move(why)};
  }
};

/// How a connection ended.
struct close_info {
  errc why = errc::ok;     ///< errc::ok: one side wished so
  std::uint16_t code = 0;  ///< close code that was received or sent
  std::string_view reason; ///< valid during the call
};

/// What clients of an endpoint speak.
enum class speaks : std::uint8_t {
  native, ///< `troupe.v1`: events, asks, rooms
  raw,    ///< whole WebSocket messages, nothing around them
};

/// One place where clients connect: a path, its handlers, its rooms.
///
///     auto& chat = server.endpoint("/chat");
///     chat.on("sum", [](int a, int b) { return a + b; });
///
/// A handler's parameters are decoded from the payload; what does not fit is answered with an error
/// that names the argument, and the handler is not called. A leading `connection&` is the sender.
/// What it returns answers an ask. What it throws costs the caller an error reply and nothing else.
///
/// Threading:  set it up before the server runs. Handlers of one connection run one at a time on
///             the connection's shard; handlers of different connections run in parallel, so what
///             they share must be safe for that. `to`, `to_all` are safe from any thread while the
///             server runs.
/// Ownership:  owned by its server.
class endpoint final : public event_sender {
public:
  using event_handler = std::function<handler_outcome(connection&, payload_view)>;

  endpoint(std::string path, speaks protocol) : path_{std::move(path)}, protocol_{protocol} {}
  endpoint(const endpoint&) = delete;
  endpoint& operator=(const endpoint&) = delete;

  /// Handles an event or ask of a client. Registered events get numbers and travel in one or two
  /// bytes.
  template <class F>
  endpoint& on(std::string_view event, F run) {
    handlers_[register_event(event)] = [run = std::move(run)](connection& from,
                                                              payload_view content) mutable {
      return invoke_handler<connection>(run, from, content);
    };
    return *this;
  }
  /// Gives numbers to events that only the server sends.
  endpoint& events(std::initializer_list<std::string_view> names) {
    for (auto name : names)
      register_event(name);
    return *this;
  }

  endpoint& on_connect(std::function<void(connection&)> run) {
    connect = std::move(run);
    return *this;
  }
  endpoint& on_disconnect(std::function<void(connection&, const close_info&)> run) {
    disconnect = std::move(run);
    return *this;
  }
  /// Whole messages of clients that speak raw; `is_text` tells text from binary. The bytes are valid
  /// during the call.
  endpoint& on_message(std::function<void(connection&, byte_view, bool is_text)> run) {
    message = std::move(run);
    return *this;
  }
  /// Sees the whole request before the 101 and decides.
  endpoint& authorize(std::function<authorization(const request&)> decide) {
    authorizer = std::move(decide);
    return *this;
  }
  /// Which pages may connect; the server's configuration if this is not called.
  endpoint& origins(origin_policy policy) {
    allowed_origins = std::move(policy);
    return *this;
  }
  /// Lifts the limits on messages and bytes per second: for trusted clients and measurements.
  endpoint& without_rate_limits() {
    is_rate_limited = false;
    return *this;
  }
  /// Clients join rooms by themselves; on by default. Otherwise only `connection::join` does it.
  endpoint& allow_joins(bool allow) {
    clients_may_join = allow;
    return *this;
  }

  /// The rules of rooms whose name starts with `prefix`; the longest prefix wins.
  room_rules& rooms(std::string_view prefix = "") {
    return room_kinds.try_emplace(std::string{prefix}).first->second;
  }

  target to(connection_id id) {
    return {*this, {.who = audience::kind::connection, .id = id}};
  }
  target to(std::string_view room) {
    return {*this, {.who = audience::kind::room, .room = std::string{room}}};
  }
  target to_all() { return {*this, {.who = audience::kind::everybody}}; }

  void send_event(const audience& to, std::string_view event, payload content,
                  const delivery& how) override {
    if (send)
      send(to, event, std::move(content), how);
  }

  const std::string& path() const noexcept { return path_; }
  speaks protocol() const noexcept { return protocol_; }

  /// The number of `event`; registers it if it has none.
  std::size_t register_event(std::string_view event);
  /// The number of a registered event.
  std::optional<std::size_t> find_event(std::string_view event) const;
  const std::vector<std::string>& event_names() const noexcept { return names_; }
  /// The handler of event number `number`; null if it has none.
  event_handler* find_handler(std::size_t number) noexcept;
  /// The rules for a room; default rules if nobody asked for others.
  const room_rules& rules_for(std::string_view room) const;

  // -- read by the server ----
  std::function<void(connection&)> connect;
  std::function<void(connection&, const close_info&)> disconnect;
  std::function<void(connection&, byte_view, bool)> message;
  std::function<authorization(const request&)> authorizer;
  std::optional<origin_policy> allowed_origins;
  std::map<std::string, room_rules, std::greater<>> room_kinds; ///< by prefix, longer first
  bool is_rate_limited = true;
  bool clients_may_join = true;
  /// Set by the running server.
  std::function<void(const audience&, std::string_view, payload, const delivery&)> send;

private:
  const std::string path_;
  const speaks protocol_;
  std::vector<std::string> names_; ///< by number
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::map<std::size_t, event_handler> handlers_;
};

} // namespace troupe

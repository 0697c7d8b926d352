#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "troupe/connection.hpp"
#include "troupe/endpoint_limits.hpp"
#include "troupe/opening_rules.hpp"
#include "troupe/origin.hpp"
#include "troupe/request.hpp"
#include "troupe/resume_rules.hpp"
#include "troupe/space.hpp"
#include "troupe/speaks.hpp"
#include "troupe/websocket_hooks.hpp"

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

/// One place where clients connect: a path, who may connect and what they speak, and the spaces
/// they find there. It is itself the space of all clients that know nothing of namespaces.
///
///     auto& chat = server.endpoint("/chat");
///     chat.on("sum", [](int a, int b) { return a + b; });
///
/// Threading:  set it up before the server runs; see `space` for what runs where.
/// Ownership:  owned by its server.
class endpoint final : public troupe::space {
public:
  using id_source = std::function<std::string(const request&)>;

  endpoint(std::string path, speaks protocols)
      : troupe::space{"default"}, path_{std::move(path)}, protocols_{protocols} {}

  // -- namespaces ----

  /// The namespace `name`, which neffos clients can connect; made on first use.
  troupe::space& space(std::string_view name);
  /// What neffos clients call the endpoint's own space: "default" if this is not called.
  endpoint& named(std::string name) {
    rename(std::move(name));
    return *this;
  }

  // -- connections, whatever they speak ----

  /// A client is here and has been told nothing yet: throw `refused` to send it away with a reason.
  endpoint& on_open(connect_hook run) {
    open = std::move(run);
    return *this;
  }
  /// The last one to hear of a connection, after the spaces it was in. Not of one that `on_open`
  /// refused, unless `always`.
  endpoint& on_close(disconnect_hook run, bool always = false) {
    close = std::move(run);
    closes_always = always;
    return *this;
  }
  /// Whole messages without an event: raw clients, native messages of neffos and iris. The bytes
  /// are valid during the call. Without it they are the event "message".
  endpoint& on_message(std::function<void(connection&, byte_view, bool is_text)> run) {
    message = std::move(run);
    return *this;
  }

  /// Connections that are open now, whatever they speak and whichever spaces they are in.
  std::size_t connections() const noexcept { return connections_.load(std::memory_order_relaxed); }
  /// Calls `run` for each of them, on its shard, with its connection in the endpoint's own space:
  /// `in_space` finds those in others. Returns before that has happened. Any thread, while the
  /// server runs.
  void visit_all(std::function<void(connection&)> run) {
    if (visit_everyone)
      visit_everyone(std::move(run));
  }

  // -- sessions: clients of `troupe.v1` come back to the connection they had ----

  /// From now on a connection outlives its socket: its rooms, values, timers and open asks stay, what
  /// is sent waits, and a client that comes back within `how.grace` gets what it has missed, in order
  /// and once. `on_disconnect` is called when that time is over, or when either side closes. A client
  /// that cannot go on is told so and gets a new connection.
  endpoint& resume(const resume_rules& how = {}) {
    sessions = how;
    return *this;
  }
  /// Its socket is lost. What is sent now waits.
  endpoint& on_drop(connect_hook run) {
    dropped = std::move(run);
    return *this;
  }
  /// It has a socket again. Messages of class `latest` that were on their way may be lost: this is
  /// the place to send them again.
  endpoint& on_resume(connect_hook run) {
    resumed = std::move(run);
    return *this;
  }

  // -- frames, whatever they carry; what these hooks throw closes the connection ----

  /// Takes messages piece by piece, as they arrive, so that none is ever held whole: in place of
  /// `on_message`, for endpoints that speak nothing but raw.
  endpoint& on_message_part(part_hook run) {
    frames.part = std::move(run);
    return *this;
  }
  /// Answers pings in place of the server, with `c.websocket().pong(...)` or not at all.
  endpoint& on_ping(frame_hook run) {
    frames.ping = std::move(run);
    return *this;
  }
  /// Hears of every pong, whoever asked for it.
  endpoint& on_pong(frame_hook run) {
    frames.pong = std::move(run);
    return *this;
  }
  /// Answers the client's close frame in place of the server, with `c.close(...)` or not at all.
  /// Last messages may be sent here; then the connection ends.
  endpoint& on_close_frame(close_frame_hook run) {
    frames.close_frame = std::move(run);
    return *this;
  }
  /// There is room again for a piece of a message that a `fragment_writer` could not queue.
  endpoint& on_drained(connect_hook run) {
    frames.drained = std::move(run);
    return *this;
  }
  /// How whole messages to clients that agreed to compression are compressed. Events are compressed
  /// for all of them at once, with the defaults.
  endpoint& compress(const compression& how) {
    frames.packing = how;
    return *this;
  }

  // -- who may connect ----

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
  /// Which header fields the URL may bring; `url_headers::harmless()` if this is not called.
  endpoint& url_headers(troupe::url_headers allowed) {
    opening.from_url = std::move(allowed);
    return *this;
  }
  /// The subprotocols that may be agreed on, besides `troupe.v1`: `c.request().subprotocol()` says
  /// which one was.
  endpoint& subprotocols(subprotocol_choice choice) {
    opening.subprotocols = std::move(choice);
    return *this;
  }
  /// Fields of every 101. `server::start` throws if one of them cannot be sent.
  endpoint& response_headers(std::vector<std::pair<std::string, std::string>> fields) {
    opening.response_headers = std::move(fields);
    return *this;
  }
  /// Hears of every request here that did not become a WebSocket.
  endpoint& on_upgrade_error(upgrade_error_hook run) {
    opening.on_error = std::move(run);
    return *this;
  }
  /// Writes the answer to such requests in place of the server's one line.
  endpoint& upgrade_error_pages(upgrade_error_writer write) {
    opening.write_error = std::move(write);
    return *this;
  }
  /// Limits that differ from the configuration's.
  endpoint& limits(const endpoint_limits& differing) {
    own_limits = differing;
    return *this;
  }
  /// Ends this endpoint for good, while the server goes on: clients are told to go away (1001),
  /// requests get a 503. Any thread.
  void shut_down() {
    is_over_ = true;
    if (send_away)
      send_away();
  }
  bool is_shut_down() const noexcept { return is_over_; }
  /// Names new connections for `client_id`; several may share one. Without it neffos and iris
  /// clients get a random UUID and others the text of their `id`.
  endpoint& client_ids(id_source make) {
    make_client_id = std::move(make);
    return *this;
  }
  /// Lifts the limits on messages and bytes per second: for trusted clients and measurements.
  endpoint& without_rate_limits() {
    is_rate_limited = false;
    return *this;
  }

  // -- iris clients ----

  /// What event messages begin with; `go-websocket-message:` serves clients of go-websocket.
  endpoint& iris_prefix(std::string prefix) {
    prefix_of_iris = std::move(prefix);
    return *this;
  }
  /// Sends everything in binary messages, as BinaryMessages did.
  endpoint& iris_binary(bool is_binary) {
    iris_is_binary = is_binary;
    return *this;
  }

  // -- read by the server ----

  const std::string& path() const noexcept { return path_; }
  speaks protocols() const noexcept { return protocols_; }
  const std::map<std::string, std::unique_ptr<troupe::space>, std::less<>>& spaces() const noexcept {
    return spaces_;
  }

  connect_hook open;
  disconnect_hook close;
  bool closes_always = false;
  std::function<void(connection&, byte_view, bool)> message;
  websocket_hooks frames;
  std::function<authorization(const request&)> authorizer;
  std::optional<resume_rules> sessions;
  connect_hook dropped;
  connect_hook resumed;
  std::optional<origin_policy> allowed_origins;
  opening_rules opening;
  endpoint_limits own_limits;
  std::function<void()> send_away; ///< set by the running server
  std::function<void(std::function<void(connection&)>)> visit_everyone; ///< the same
  id_source make_client_id;
  bool is_rate_limited = true;
  std::string prefix_of_iris = "iris-websocket-message:";
  bool iris_is_binary = false;

  // -- written by the server ----

  void count_connection(int change) noexcept {
    connections_.fetch_add(static_cast<std::size_t>(change), std::memory_order_relaxed);
  }

private:
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<bool> is_over_ = false;
  const std::string path_;
  const speaks protocols_;
  std::map<std::string, std::unique_ptr<troupe::space>, std::less<>> spaces_; ///< without its own
};

} // namespace troupe

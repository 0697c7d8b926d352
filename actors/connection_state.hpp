#pragma once
#include <cstdint>
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
#include "net/connection_events.hpp"
#include "net/http_connection.hpp"
#include "net/ws_connection.hpp"

namespace troupe::actors {

class pinned_actor;
struct pending_join;

/// What a WebSocket became after its upgrade, ready to be put into an actor.
struct accepted_connection {
  net::tcp_socket socket;
  troupe::request request;
  net::admission_ticket ticket;
  endpoint_entry* endpoint = nullptr;
  std::string identity;
  bool is_compressed = false;
};

/// One client: its socket, its memberships, and the application's view of it.
///
/// What most connections never use (values, timers, asks, joins under way) is allocated on first
/// use: an idle connection stays small.
///
/// Threading:  belongs to its actor, on the actor's shard.
class connection_state final : public connection, net::connection_events {
public:
  using membership = std::pair<room_ptr, std::uint32_t>; ///< and its index in the hub's room

  connection_state(pinned_actor& self, runtime& shared, connection_id id, accepted_connection from);
  ~connection_state();

  /// Greets the client, runs `on_connect` and begins to read.
  void start(std::span<std::byte> early);

  // -- for the hub and the actor ----
  pinned_actor& self() noexcept { return self_; }
  net::ws_connection& socket() noexcept { return socket_; }
  protocol::encoding encoding() const noexcept { return encoding_; }
  std::size_t endpoint_index() const noexcept { return endpoint_.index; }
  bool is_member(room_number room) const noexcept { return find_membership(room) != nullptr; }
  void on_joined(const room_ptr& room, std::uint32_t index);
  /// @returns the index it had; nothing if it was no member.
  std::optional<std::uint32_t> on_left(room_number room) noexcept;
  void move_membership(room_number room, std::uint32_t index) noexcept;
  std::vector<membership> take_memberships() noexcept;
  void on_error(const report_error& error);
  void read_on() { socket_.resume_reading(); }

  // -- troupe::connection ----
  connection_id id() const noexcept override { return id_; }
  const troupe::request& request() const noexcept override { return request_; }
  std::string_view identity() const noexcept override;
  bool is_open() const noexcept override { return socket_.is_open() && !is_closed_; }
  std::size_t queued_bytes() const noexcept override { return socket_.queued_bytes(); }
  std::chrono::microseconds round_trip() const noexcept override { return socket_.round_trip(); }
  verdict send_text(std::string_view text) override;
  verdict send_binary(byte_view bytes) override;
  void join(std::string_view room) override;
  void leave(std::string_view room) override;
  bool is_member(std::string_view room) const noexcept override;
  void close(std::uint16_t code, std::string_view reason) override;
  value_store& values() override;
  verdict send_here(std::string_view event, payload content, const delivery& how) override;
  void send_ask(std::string_view event, payload content, std::chrono::milliseconds timeout,
                ask_answer done) override;
  void send_event(const audience& to, std::string_view event, payload content,
                  const delivery& how) override;
  timer_id after(std::chrono::milliseconds delay, std::function<void()> fire) override;
  timer_id every(std::chrono::milliseconds period, std::function<void()> fire) override;
  void cancel(timer_id timer) override;

private:
  using message = protocol::message;
  struct extras;

  // -- net::connection_events ----
  bool on_message(protocol::opcode type, std::span<std::byte> bytes) noexcept override;
  bool on_rate_limited() noexcept override;
  void on_closed(errc why, std::uint16_t code, std::string_view reason) noexcept override;
  void on_finished() noexcept override;

  // incoming
  bool on_raw(protocol::opcode type, byte_view bytes);
  bool on_native(protocol::opcode type, byte_view bytes);
  bool dispatch(const message& what);
  void on_event(const message& what);
  void on_answer(const message& what);
  void on_join(const message& what);
  void on_leave(const message& what);
  bool on_publish(const message& what);
  void on_malformed(errc code, std::string_view text);
  bool forward(const room_ptr& room, outgoing_event event);
  /// Calls the application's code; what it throws costs the caller an error and nothing else.
  template <class Call>
  void guard(std::uint64_t ask_id, Call&& call) noexcept {
    try {
      call();
    } catch (...) {
      on_exception(ask_id);
    }
  }
  void on_exception(std::uint64_t ask_id) noexcept;

  // outgoing
  void greet();
  verdict tell(const message& what, const delivery& how = {});
  void report(std::uint64_t ask_id, errc code, std::string_view text);
  void request_join(std::string_view room, std::uint64_t ask_id, payload arguments);
  void resolve_join(std::string_view room, const room_ptr* joined);
  pending_join* find_pending_join(std::string_view room) noexcept;
  std::function<void()> guarded(std::function<void()> fire);
  void answer(std::uint64_t ask_id, result<payload_view, ask_error> with);

  membership* find_membership(room_number room) noexcept;
  const membership* find_membership(room_number room) const noexcept;
  const membership* find_membership(std::string_view room) const noexcept;
  std::optional<std::size_t> number_of(const protocol::event_name& name) const;
  std::string name_of(const protocol::event_name& name) const;
  const std::shared_ptr<flow_gate>& gate();
  extras& more();

  // constant after construction
  pinned_actor& self_;
  runtime& shared_;
  endpoint_entry& endpoint_;
  const connection_id id_;
  const troupe::request request_;
  const std::shared_ptr<const std::string> identity_; ///< null: none
  const protocol::encoding encoding_;
  // owned by the shard
  net::admission_ticket ticket_;
  net::ws_connection socket_;
  std::vector<membership> memberships_;
  std::shared_ptr<flow_gate> gate_; ///< events on their way to rooms; made on first use
  std::unique_ptr<extras> extras_;
  bool is_closed_ = false;
};

} // namespace troupe::actors

#pragma once
#include "troupe/compression.hpp"
#include "troupe/config.hpp"
#include "troupe/delivery.hpp"
#include "troupe/request.hpp"
#include "troupe/websocket_control.hpp"

#include "net/connection_events.hpp"
#include "net/event_loop.hpp"
#include "net/outbox.hpp"
#include "net/tcp_socket.hpp"
#include "net/timer_wheel.hpp"
#include "net/token_bucket.hpp"
#include "protocol/close_code.hpp"
#include "protocol/ws_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::net {

class reactor;

/// What all connections of an endpoint have in common.
struct ws_options {
  struct config::limits limits = {};
  protocol::ws_limits reader{}; ///< the part of `limits` that the frame reader enforces
  compression packing{};        ///< of whole messages to clients that agreed to it
  bool handles_ping = false;    ///< `on_ping` answers pings, if anything does
  bool handles_close = false;   ///< `on_close_frame` answers close frames, if anything does
};

/// When queued frames are written.
enum class flush_time : std::uint8_t {
  turn_end, ///< at the end of this loop turn
  later,    ///< with whatever is flushed next, at the latest on `request_flush`
};

/// The server's end of one WebSocket (RFC 6455): frames in, outbox out, liveness and closing.
///
/// Sending only queues; the reactor writes once at the end of the loop turn.
///
/// Threading:  belongs to one shard; every call happens on its thread.
/// Ownership:  owns the socket; refers to its reactor, events and options, which outlive it.
/// Destroy
///             it only after `on_finished`, or to end it without a word.
/// Errors:     reported by `connection_events::on_closed`.
class ws_connection final : public websocket_control, io_handler, timer {
public:
  ws_connection(reactor& home, tcp_socket socket, connection_events& events,
                const ws_options& options);
  ~ws_connection() override;

  /// The client accepted permessage-deflate: compressed messages are allowed from now on.
  void allow_compression() noexcept { compression_ = true; }
  bool is_compressed() const noexcept override { return compression_; }

  /// Begins reading. @param early  bytes that arrived right behind the upgrade request.
  void start(std::span<std::byte> early);

  /// Queues whole frames that may be shared with other connections. After an `overflow` the
  /// connection is closing already.
  verdict send(const protocol::frame_ptr& frame, const delivery& how = {},
               flush_time when = flush_time::turn_end);
  /// Queues one message for this client only: ordered, header and payload copied, compressed as
  /// `packing()` says or, where given, `how`.
  verdict send(protocol::opcode type, byte_view payload) { return send(type, payload, packing()); }
  verdict send(protocol::opcode type, byte_view payload, const compression& how);
  /// Queues a ping or pong, in front of messages that wait for a stream to finish.
  /// @param deadline  it is dropped when it has not been written after this long; 0 = never.
  /// @pre at most 125 bytes of payload
  verdict send_control(protocol::opcode type, byte_view payload,
                       std::chrono::milliseconds deadline = {});

  /// Begins a message that is written in pieces, each a fragment. Until it is finished, other
  /// messages wait behind it; control frames do not. One that was not finished is now.
  /// @returns the number that its pieces need; 0 if the connection takes no messages.
  std::uint32_t begin_stream(protocol::opcode type);
  /// @returns `dropped` if the outbox has no room for `piece`: nothing happened, and `on_drained`
  ///          will tell when to try again. `closed` if the message is finished already.
  verdict write_piece(std::uint32_t stream, byte_view piece, bool is_last) override;

  /// Fetches what `send` and the flush will touch into the cache, while others are served.
  void prefetch() const noexcept {
    __builtin_prefetch(&home_, 1);
    __builtin_prefetch(&socket_, 1);
  }

  /// Writes what was sent with `flush_time::later` at the end of this turn.
  void request_flush() noexcept;

  /// For clients that lose messages which they read together with those that are queued now: what
  /// follows waits for `let_go`. As soon as something waits, a ping with the payload `held_ping`
  /// asks the client to show how far it has read. No-op while a message is written in pieces.
  void hold_back();
  void let_go() noexcept;
  /// Whether something waits for `let_go`.
  bool is_holding() const noexcept;
  static constexpr std::string_view held_ping = "read so far?";

  /// How its messages are compressed; disabled if the client did not agree to it.
  compression packing() const noexcept;

  // -- troupe::websocket_control: what one connection does differently from its endpoint ----
  verdict send_text(std::string_view text, const compression& how) override;
  verdict send_binary(byte_view bytes, const compression& how) override;
  verdict send(const prepared_message& message) override;
  verdict ping(byte_view payload, duration deadline) override;
  verdict pong(byte_view payload, duration deadline) override;
  void compress(const compression& how) override;
  void read_limit(std::size_t bytes) override;
  void read_timeout(duration timeout) override;
  void write_timeout(duration timeout) override;
  void hang_up() override { finish(errc::ok); }
  socket_address local_address() const override;
  int native_handle() const noexcept override { return socket_.descriptor(); }
  std::uint32_t begin_message(bool is_text) override;

  /// Starts the closing handshake behind what is queued. Idempotent.
  void close(errc why, protocol::close_code code, std::string_view reason = {});
  void close(errc why) { close(why, protocol::to_close_code(why), to_string(why)); }

  void pause_reading() noexcept;
  void resume_reading();

  // -- sessions: the connection outlives its socket ----

  /// From now on, when the socket is lost, the connection stays open without one: what is sent
  /// waits in the outbox, to which `ring_bytes` are added.
  /// @param ring_bytes  bound of what is kept of what was sent
  void keep_sent(std::size_t ring_bytes);
  bool is_detached() const noexcept { return is_detached_; }
  /// The client has the first `received` counted messages.
  void acknowledge(std::uint64_t received) noexcept;
  /// Whether everything after the first `received` counted messages can be sent again.
  bool can_resume_at(std::uint64_t received) const noexcept;
  /// Lets go of the socket, and tells the client why; reports `on_detached` at once, as it does of
  /// a loss that was not reported yet.
  void detach(std::string_view reason) noexcept;
  /// Goes on with `socket`: `hello` first, then what the client has missed. Call `start` next.
  /// @pre is_detached() and can_resume_at(received)
  void attach(tcp_socket socket, const protocol::frame_ptr& hello, std::uint64_t received);
  /// Ends it while it has no socket, and reports that at once. @pre is_detached()
  void end_detached(errc why);

  bool is_open() const noexcept { return state_ == state::open; }
  std::size_t queued_bytes() const noexcept;
  std::chrono::microseconds round_trip() const noexcept {
    return round_trip_;
  } ///< last ping; 0 = none

private:
  friend class reactor;
  struct frame_sink;
  struct extras;

  /// open -> closing (our close frame is queued, the peer's is awaited) -> lingering (everything
  /// is said, input is thrown away until the peer hangs up) -> finished.
  enum class state : std::uint8_t { open, closing, lingering, finished };

  /// Why and how the connection ends; exists from the moment that is decided.
  struct ending {
    errc why;
    protocol::close_code code;
    std::string reason;
  };

  void on_ready(io_interest ready) noexcept override;
  void on_timer(time_point now) noexcept override;

  // reading
  void read_some();
  void feed(std::span<std::byte> bytes);
  bool on_frame(bool is_control, std::size_t wire_bytes);
  bool on_message(protocol::opcode type, std::span<std::byte> bytes);
  bool on_part(protocol::opcode type, byte_view bytes, protocol::message_place place);
  bool report_part(protocol::opcode type, byte_view bytes, protocol::message_place place);
  bool is_excessive();
  bool on_excess();
  void on_ping(byte_view payload);
  void on_pong(byte_view payload);
  bool on_peer_close(std::uint16_t code, std::string_view reason);
  const protocol::ws_limits& reader_limits() const noexcept;
  double byte_burst() const noexcept;
  void renew_read_deadline() noexcept;

  // writing
  bool has_waiting_box() const noexcept { return is_streaming_ || is_held_back_; }
  outbox& box_for(const delivery& how);
  std::size_t outbox_limit() const noexcept;
  std::size_t room_for(const outbox& box) const noexcept;
  verdict push_piece(byte_view piece, protocol::message_place place, std::size_t limit);
  void end_stream() noexcept;
  void report_drained();
  void clear_outboxes() noexcept;
  void push_control(protocol::frame_ptr frame);
  void ask_how_far();
  void flush() noexcept;
  bool write_once();
  bool write_many();
  bool on_written(io_result wrote, std::size_t parts);
  io_result write_parts(std::span<const byte_view> parts);
  void on_blocked(std::size_t parts);

  // sessions
  bool can_detach() const noexcept;
  void drop_socket() noexcept;
  void report_detached() noexcept;
  protocol::sent_ring* sent() const noexcept;
  void grant_for(std::chrono::duration<double> absence) noexcept;

  // liveness and closing
  void check_liveness(time_point now);
  time_point next_check(time_point now) const noexcept;
  void say_goodbye();
  void send_ping(time_point now);
  duration longest_write() const noexcept;
  errc blame_silence() const noexcept;
  void refuse(errc why);  ///< the peer broke a rule: say so and listen no more
  void give_up(errc why); ///< the peer is gone: a session waits for it, others end
  void abandon(errc why); ///< the peer does not read: drop what waits and say why
  void end(state next, errc why, protocol::close_code code, std::string_view reason);
  void finish(errc why);
  void close_socket() noexcept;
  void report();
  void update_interest() noexcept;
  void arm_timer(time_point deadline) noexcept;
  extras& more();

  // what every broadcast touches, side by side: a room's members are cold in the cache
  reactor& home_;
  const ws_options& options_;
  outbox outbox_;
  tcp_socket socket_;
  state state_ = state::open;
  io_interest interest_ = io_interest::none;
  bool is_dirty_ = false;
  bool is_blocked_ = false;    ///< the kernel takes no more: waiting to become writable
  bool has_progressed_ = true; ///< the kernel took something since it last took nothing
  bool is_paused_ = false;
  bool is_held_back_ = false;       ///< messages wait for `let_go`
  bool said_all_ = false;           ///< our half of the stream is shut down
  bool is_detached_ = false;        ///< a session without a socket
  bool tells_detached_ = false;     ///< that is to be reported
  bool is_streaming_ = false;       ///< a message is being written in pieces
  bool reading_must_write_ = false; ///< TLS cannot go on reading before it has written
  std::unique_ptr<ending> ending_;
  std::unique_ptr<extras> extras_; ///< made on first use

  // the rest
  connection_events& events_;
  protocol::ws_reader reader_;
  std::vector<std::byte> unread_; ///< received while paused
  time_point last_received_;
  time_point ping_sent_;
  time_point blocked_since_;
  std::chrono::microseconds round_trip_{0};
  token_bucket messages_;
  token_bucket bytes_;
  token_bucket control_frames_;
  std::uint16_t excess_ = 0; ///< messages discarded since the client last kept its rate
  bool compression_ = false;
  bool is_reported_ = false; ///< on_closed was called
  bool awaits_pong_ = false;
  bool peer_closed_ = false;   ///< its close frame has arrived
  bool is_over_bytes_ = false; ///< the message being read exceeds the byte rate
  bool is_discarding_ = false; ///< the message being read in parts exceeds a rate
};

} // namespace troupe::net

#pragma once
#include "tools/load_handshake.hpp"
#include "tools/load_link.hpp"
#include "tools/load_options.hpp"
#include "tools/load_socket.hpp"

#include <deque>
#include <optional>
#include <random>
#include <string>
#include <sys/epoll.h>
#include <vector>

namespace troupe::load {

/// What a `swarm` reports. The views are valid only during the call.
class swarm_events {
public:
  /// The server answered 101.
  virtual void on_open(std::size_t link, instant now) = 0;
  virtual void on_message(std::size_t link, byte_view message, instant now) = 0;
  /// The connection was not established.
  virtual void on_failed(std::size_t link, const std::string& reason) = 0;
  /// The connection ended although nobody here asked for it.
  virtual void on_lost(std::size_t link, const std::string& reason) = 0;
  /// The connection ended after `close`, with or without the server's close frame.
  virtual void on_closed(std::size_t link, bool is_clean, instant now) = 0;
  /// The messages of one read have been reported: the time to answer them.
  virtual void on_read(instant now) = 0;

protected:
  ~swarm_events() = default;
};

/// What the sockets did.
struct swarm_counts {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  nanoseconds waited{0}; ///< time spent waiting for events
};

/// Many WebSocket connections on one thread: epoll, one receive buffer for all, and writes that are
/// collected until `flush`.
///
/// Threading:  one thread.
/// Ownership:  owns the sockets and closes them.
/// Errors:     connections fail one by one through `swarm_events`; the constructor throws
///             std::system_error when epoll is not to be had.
class swarm {
public:
  swarm(const options& settings, const target_address& target, swarm_events& events);
  ~swarm();
  swarm(const swarm&) = delete;
  swarm& operator=(const swarm&) = delete;

  /// @pre the link is idle.
  void connect(std::size_t link, instant now);

  /// Queues one masked binary message: `front`, then `body`.
  /// @pre the link is open.
  void append(std::size_t link, byte_view front, byte_view body);

  /// Writes what `append` queued.
  void flush();

  /// Begins the closing handshake.
  void close(std::size_t link, instant now);

  /// Waits for events until `deadline`, at most, and reports them.
  void poll(instant deadline);

  /// Ends connections whose handshake or close took too long.
  void enforce_deadlines(instant now);

  /// Shuts all sockets without further ado and reports nothing.
  void drop_all() noexcept;

  bool is_open(std::size_t link) const noexcept { return links_[link].phase == link_phase::open; }
  std::size_t busy() const noexcept { return busy_; } ///< links that are not idle
  const swarm_counts& counts() const noexcept { return counts_; }

private:
  struct reader;
  enum class read_outcome : std::uint8_t { filled, emptied, nothing }; ///< the buffer, the socket
  struct deadline_entry {
    instant at;
    std::uint32_t link;
    std::uint32_t generation;
  };

  void dispatch(const epoll_event& event);
  void on_connected(std::size_t index);
  void receive_all(const epoll_event& event);
  read_outcome receive(std::size_t index);
  void read_head(std::size_t index, std::span<std::byte> bytes, instant now);
  void read_frames(std::size_t index, std::span<std::byte> bytes, instant now);
  void append_frame(link& to, protocol::opcode op, byte_view front, byte_view body);
  void mark_dirty(std::size_t index);
  void write_pending(std::size_t index);
  void watch(std::size_t index);
  void finish(std::size_t index, const std::string& reason, instant now);
  void release(link& which) noexcept;
  std::string make_key();
  protocol::mask_key make_mask() noexcept;

  const options& settings_;
  const target_address& target_;
  std::optional<tls_client> tls_; ///< for wss://
  swarm_events& events_;
  int epoll_;
  std::vector<link> links_;
  std::vector<std::byte> buffer_;
  std::vector<epoll_event> batch_;
  std::vector<epoll_event> unread_; ///< to be read on without a new event
  std::vector<std::uint32_t> dirty_;
  std::deque<deadline_entry> handshakes_; ///< in the order of their deadlines
  std::deque<deadline_entry> closings_;
  std::mt19937_64 random_;
  std::size_t busy_ = 0;
  swarm_counts counts_;
};

} // namespace troupe::load

#pragma once
#include "troupe/bytes.hpp"
#include "troupe/websocket_types.hpp"

#include "net/client_tls.hpp"
#include "net/tcp_socket.hpp"
#include "net/waiting.hpp"

#include <atomic>
#include <mutex>
#include <span>
#include <string>

namespace troupe::net {

/// A connected stream socket, plain or under TLS, whose calls wait, each until a deadline.
///
/// Threading:  one thread may read while another one writes; `wake` and `drop` on any thread.
///             OpenSSL's objects bear one thread only, so a lock is held while TLS works, but not
///             while the socket is waited for.
/// Ownership:  closes the descriptor.
/// Errors:     by value; the constructor throws std::system_error without descriptors.
class client_channel {
public:
  /// What reading led to: `ok` without bytes is the end.
  struct outcome {
    errc code = errc::ok; ///< `ok`, `timed_out`, `connection_lost`, or `closed` = dropped
    std::size_t bytes = 0;
  };

  explicit client_channel(int descriptor);
  client_channel(const client_channel&) = delete;
  client_channel& operator=(const client_channel&) = delete;

  /// Goes on under TLS, on top of what there is. To be called before others use the channel.
  websocket_status secure(client_tls_ptr tls, time_point deadline);

  outcome read(std::span<std::byte> into, const shared_deadline& deadline) noexcept;
  /// Writes all `bytes`. @returns `ok`, `timed_out`, `connection_lost` or `closed`
  errc write(byte_view bytes, time_point deadline) noexcept;

  /// Makes a waiting `read` look at its deadline again.
  void wake() noexcept { signal_.raise(); }
  /// Ends everything at once, for both sides.
  void drop() noexcept;
  /// Tells the other side that nothing more comes.
  void end_output() noexcept;

  bool is_dropped() const noexcept { return is_dropped_; }
  int descriptor() const noexcept { return socket_.descriptor(); }

private:
  errc wait(short events, time_point deadline) noexcept;

  tcp_socket socket_;
  event_signal signal_;
  std::atomic<bool> is_dropped_ = false;
  std::mutex guard_; ///< of `socket_` under TLS
};

/// "192.0.2.1:80" or "[::1]:80"; empty for sockets that are not TCP.
std::string local_address(int descriptor);
std::string remote_address(int descriptor);

} // namespace troupe::net

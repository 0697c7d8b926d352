#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <sys/uio.h>

using SSL = struct ssl_st;

namespace troupe::net {

class tls_context;

/// Outcome of a non-blocking read or write.
struct io_result {
  enum class kind { done, would_block, ended, failed };
  kind what = kind::would_block;
  std::size_t bytes = 0;    ///< `done`: how many
  bool wants_write = false; ///< `would_block`: TLS must write before it can go on reading
};

enum class more_to_come : bool { no, yes };

/// A connected, non-blocking TCP socket, plain or under TLS: the same calls for both.
///
/// Threading:  one thread at a time.
/// Ownership:  closes the descriptor. Movable.
/// Errors:     by `io_result`; never throws after construction.
class tcp_socket {
public:
  tcp_socket() noexcept = default;
  /// Takes `descriptor`; with a context the TLS handshake runs inside the first reads.
  explicit tcp_socket(int descriptor, const tls_context* tls = nullptr);
  tcp_socket(tcp_socket&& other) noexcept;
  tcp_socket& operator=(tcp_socket&& other) noexcept;
  ~tcp_socket();

  int descriptor() const noexcept { return descriptor_; }
  bool is_open() const noexcept { return descriptor_ >= 0; }
  bool is_secure() const noexcept { return tls_ != nullptr; }

  /// Goes on under `tls`, which it owns from now on and which reads and writes this socket.
  void secure(SSL* tls) noexcept { tls_.reset(tls); }
  /// Hands over the TLS object, so that another one can be put on top of it.
  SSL* release_tls() noexcept { return tls_.release(); }

  io_result read(std::span<std::byte> into) noexcept;
  /// @param more  yes: another write follows at once, and both may travel in one packet.
  io_result write(std::span<const std::byte> bytes,
                  more_to_come more = more_to_come::no) noexcept;
  io_result write(std::span<const iovec> parts) noexcept;

  /// Bytes written that the peer has not acknowledged yet.
  std::size_t unsent_bytes() const noexcept;

  /// Doubles the kernel's buffer for what is sent, so that last words fit behind a full one.
  void grow_send_buffer() noexcept;

  /// No more bytes will be sent: close_notify under TLS, then FIN.
  void shutdown_send() noexcept;
  void close() noexcept;

private:
  struct tls_deleter {
    void operator()(SSL* tls) const noexcept;
  };
  io_result tls_outcome(int returned) noexcept;

  int descriptor_ = -1;
  std::unique_ptr<SSL, tls_deleter> tls_;
};

/// One end of a connection.
struct tcp_endpoint {
  std::string address;    ///< "192.0.2.1" or "2001:db8::1"; IPv4-mapped as IPv4; empty if gone
  std::uint16_t port = 0; ///< in host byte order
};

tcp_endpoint peer_endpoint(int descriptor);
tcp_endpoint local_endpoint(int descriptor);

} // namespace troupe::net

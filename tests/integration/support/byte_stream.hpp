#pragma once
#include <chrono>
#include <cstdint>
#include <openssl/types.h>
#include <string>
#include <string_view>

namespace troupe::test {

/// How long a test waits for what must come: far longer than it takes, so that only a hang fails.
inline constexpr std::chrono::milliseconds patience{10'000};

/// The client's end of a byte stream, with deadlines: no call waits for ever.
///
/// Errors:  throws std::runtime_error when a deadline passes.
class byte_stream {
public:
  virtual ~byte_stream() = default;
  virtual void send(std::string_view bytes) = 0;
  /// Some bytes; none at the end of the stream, however it came.
  virtual std::string receive(std::chrono::milliseconds deadline = patience) = 0;
};

/// How to connect.
struct tcp_options {
  std::uint16_t port = 0;
  int receive_buffer = 0; ///< SO_RCVBUF in bytes; 0 = the kernel's
  std::string from{};     ///< local address; empty = any
};

/// A plain TCP connection to 127.0.0.1.
class tcp_client final : public byte_stream {
public:
  explicit tcp_client(std::uint16_t port) : tcp_client{tcp_options{.port = port}} {}
  explicit tcp_client(const tcp_options& how);
  ~tcp_client() override;
  tcp_client(const tcp_client&) = delete;
  tcp_client& operator=(const tcp_client&) = delete;

  void send(std::string_view bytes) override;
  std::string receive(std::chrono::milliseconds deadline = patience) override;

  /// Sends as much as the peer takes within `deadline`. @returns how many bytes that was.
  std::size_t send_some(std::string_view bytes, std::chrono::milliseconds deadline);
  void shutdown_send();
  void close();
  void reset(); ///< closes with RST
  int descriptor() const noexcept { return descriptor_; }

private:
  bool wait(short events, std::chrono::milliseconds deadline) const;

  int descriptor_ = -1;
};

/// TLS on a TCP connection; the server's certificate is not checked.
class tls_client final : public byte_stream {
public:
  /// @param version  the only version to speak, e.g. TLS1_1_VERSION; 0 = any.
  explicit tls_client(std::uint16_t port, int version = 0);
  ~tls_client() override;
  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;

  void send(std::string_view bytes) override;
  std::string receive(std::chrono::milliseconds deadline = patience) override;
  std::string certificate() const; ///< of the server, as PEM

private:
  SSL_CTX* context_ = nullptr;
  SSL* tls_ = nullptr;
  tcp_client socket_;
};

/// Reads until the stream ends. @returns what came.
std::string read_to_end(byte_stream& from, std::chrono::milliseconds deadline = patience);

} // namespace troupe::test

#pragma once
#include "troupe/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace troupe::load {

struct tls_deleter {
  void operator()(SSL* session) const noexcept;
  void operator()(SSL_CTX* context) const noexcept;
};
using tls_session = std::unique_ptr<SSL, tls_deleter>; ///< null: the connection is plain

/// Begins TLS 1.2 or 1.3 on the connections of a run.
///
/// Threading:  one thread.
/// Errors:     the constructor throws `usage_error` if the authorities cannot be read.
class tls_client {
public:
  /// @param host     asked for, and checked against the certificate.
  /// @param ca_file  PEM file of trusted authorities; empty = the system's.
  tls_client(std::string host, const std::string& ca_file, bool verify_peer);

  /// The handshake runs inside the first transfers.
  tls_session connect_on(int descriptor) const;

private:
  const std::string host_;
  const std::unique_ptr<SSL_CTX, tls_deleter> context_;
};

/// What became of one attempt to read or write.
struct transfer {
  enum class kind : std::uint8_t { done, would_block, ended, failed };

  kind what = kind::failed;
  std::size_t bytes = 0;
  std::string problem{}; ///< if it failed
};

/// Reads what is there.
transfer receive(int descriptor, SSL* session, std::span<std::byte> into);
/// Writes as much as the socket takes.
transfer transmit(int descriptor, SSL* session, byte_view bytes);

} // namespace troupe::load

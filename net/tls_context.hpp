#pragma once
#include <memory>
#include <string>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace troupe::net {

/// Certificate, key and policy for accepting TLS connections: TLS 1.2 or newer, ECDHE with AEAD
/// only, no renegotiation, no compression, no tickets.
///
/// A reload makes a new context; connections keep the one they began with.
///
/// Threading:  immutable after construction; `accept_on` may be called on any thread.
/// Errors:     the constructor throws std::runtime_error naming the file and what is wrong with it.
class tls_context {
public:
  tls_context(const std::string& certificate_file, const std::string& key_file);

  /// A new server-side TLS object reading and writing `descriptor`; the caller frees it.
  SSL* accept_on(int descriptor) const;

private:
  struct deleter {
    void operator()(SSL_CTX* context) const noexcept;
  };
  std::unique_ptr<SSL_CTX, deleter> context_;
};

/// Frees what OpenSSL keeps for the calling thread (its error queue, say); call it last.
void end_tls_thread() noexcept;

} // namespace troupe::net

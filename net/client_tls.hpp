#pragma once
#include "troupe/dialer.hpp"

#include "net/waiting.hpp"

#include <memory>
#include <string>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace troupe::net {

struct client_tls_deleter {
  void operator()(SSL_CTX* context) const noexcept;
  void operator()(SSL* tls) const noexcept;
};
using client_context_ptr = std::unique_ptr<SSL_CTX, client_tls_deleter>;
using client_tls_ptr = std::unique_ptr<SSL, client_tls_deleter>;

/// A TLS context as the options say, or a sentence that says what is wrong with them.
result<client_context_ptr, std::string> make_client_context(const tls_options& options);

/// Makes `tls` ask for `host`, and check that the certificate is for it if `verify`.
void expect_host(SSL& tls, const std::string& host, bool verify);
/// A TLS object that will ask for `host`, and check that the certificate is for it if `verify`.
client_tls_ptr make_client_tls(SSL_CTX& context, const std::string& host, bool verify);

/// Makes `tls` read and write the socket `descriptor`, without raising SIGPIPE.
void attach_to_socket(SSL& tls, int descriptor);
/// Makes `tls` read and write through `under`, which it owns from now on.
void attach_to_tls(SSL& tls, SSL* under);

/// Why the handshake failed, without a full stop.
std::string handshake_problem(const SSL& tls);

} // namespace troupe::net

#include "net/tls_context.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>
#include <stdexcept>

namespace troupe::net {

namespace {

[[noreturn]] void fail(const std::string& what) {
  char reason[256] = "unknown reason";
  if (auto code = ERR_peek_last_error(); code != 0)
    ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  throw std::runtime_error{what + ": " + reason};
}

} // namespace

void tls_context::deleter::operator()(SSL_CTX* context) const noexcept {
  SSL_CTX_free(context);
}

tls_context::tls_context(const std::string& certificate_file, const std::string& key_file)
  : context_{SSL_CTX_new(TLS_server_method())} {
  auto* context = context_.get();
  if (context == nullptr)
    fail("cannot create a TLS context");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET
                                 | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                              | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1)
    fail("cannot use the TLS certificate " + certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    fail("cannot use the TLS key " + key_file);
  if (SSL_CTX_check_private_key(context) != 1)
    fail("the TLS key " + key_file + " does not belong to the certificate " + certificate_file);
}

void end_tls_thread() noexcept {
  OPENSSL_thread_stop();
}

SSL* tls_context::accept_on(int descriptor) const {
  auto* tls = SSL_new(context_.get());
  if (tls == nullptr || SSL_set_fd(tls, descriptor) != 1) {
    SSL_free(tls);
    throw std::bad_alloc{};
  }
  SSL_set_accept_state(tls);
  return tls;
}

} // namespace troupe::net

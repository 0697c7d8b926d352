#include "net/client_tls.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

namespace troupe::net {
namespace {

std::string take_reason() {
  std::array<char, 256> text{"unknown reason"};
  if (const auto code = ERR_peek_last_error(); code != 0)
    ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

bool is_address(const std::string& host) noexcept {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1
         || ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::string unreadable(std::string_view what, const std::string& file) {
  return std::string{"The "}.append(what) + " in \"" + file + "\" cannot be read: " + take_reason()
         + ".";
}

/// @returns what is wrong, or an empty text.
std::string trust(SSL_CTX& context, const tls_options& options) {
  const bool is_done = options.ca_file.empty()
                           ? SSL_CTX_set_default_verify_paths(&context) == 1
                           : SSL_CTX_load_verify_file(&context, options.ca_file.c_str()) == 1;
  return is_done ? std::string{} : unreadable("authorities", options.ca_file);
}

std::string identify(SSL_CTX& context, const tls_options& options) {
  const auto& certificate = options.certificate_file;
  const auto& key = options.key_file.empty() ? certificate : options.key_file;
  if (certificate.empty())
    return {};
  if (SSL_CTX_use_certificate_chain_file(&context, certificate.c_str()) != 1)
    return unreadable("certificate", certificate);
  if (SSL_CTX_use_PrivateKey_file(&context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return unreadable("key", key);
  return {};
}

std::string configure(SSL_CTX& context, const tls_options& options) {
  try {
    if (options.configure)
      options.configure(&context);
    return {};
  } catch (const std::exception& problem) {
    return std::string{"TLS could not be configured: "} + problem.what();
  }
}

// A socket BIO that sends with MSG_NOSIGNAL: a peer that has gone must not kill the process. The
// functions of OpenSSL's own one cannot be borrowed: 3.5 deprecates asking for them.

int descriptor_of(BIO* bio) noexcept {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

void say_again(BIO* bio, ssize_t moved, int direction) noexcept {
  BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
  if (moved < 0 && BIO_sock_should_retry(static_cast<int>(moved)) != 0)
    BIO_set_flags(bio, direction | BIO_FLAGS_SHOULD_RETRY);
}

int send_quietly(BIO* bio, const char* bytes, int count) {
  const auto sent =
      ::send(descriptor_of(bio), bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
  say_again(bio, sent, BIO_FLAGS_WRITE);
  return static_cast<int>(sent);
}

int receive(BIO* bio, char* to, int count) {
  const auto received = ::recv(descriptor_of(bio), to, static_cast<std::size_t>(count), 0);
  say_again(bio, received, BIO_FLAGS_READ);
  if (received == 0)
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(received);
}

long control(BIO* bio, int what, long, void* to) {
  switch (what) {
  case BIO_CTRL_FLUSH:
    return 1;
  case BIO_CTRL_EOF:
    return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  case BIO_C_GET_FD:
    if (to != nullptr)
      *static_cast<int*>(to) = descriptor_of(bio);
    return descriptor_of(bio);
  default:
    return 0;
  }
}

struct method_deleter {
  void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};

const BIO_METHOD* quiet_socket() {
  static const auto method = [] {
    std::unique_ptr<BIO_METHOD, method_deleter> made{BIO_meth_new(BIO_TYPE_SOCKET, "socket")};
    if (!made)
      throw std::bad_alloc{};
    BIO_meth_set_write(made.get(), send_quietly);
    BIO_meth_set_read(made.get(), receive);
    BIO_meth_set_ctrl(made.get(), control);
    return made;
  }();
  return method.get();
}

} // namespace

void client_tls_deleter::operator()(SSL_CTX* context) const noexcept {
  SSL_CTX_free(context);
}

void client_tls_deleter::operator()(SSL* tls) const noexcept {
  SSL_free(tls);
}

result<client_context_ptr, std::string> make_client_context(const tls_options& options) {
  client_context_ptr context{SSL_CTX_new(TLS_client_method())};
  if (!context)
    return "TLS cannot be used: " + take_reason() + ".";
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  constexpr std::array<unsigned char, 9> http{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(context.get(), http.data(), http.size());
  for (const auto step : {trust, identify, configure})
    if (auto problem = step(*context, options); !problem.empty())
      return problem;
  return context;
}

void expect_host(SSL& tls, const std::string& host, bool verify) {
  if (verify)
    SSL_set_verify(&tls, SSL_VERIFY_PEER, nullptr);
  if (is_address(host)) { // never sent as a server name: RFC 6066 section 3
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(&tls), host.c_str());
    return;
  }
  SSL_set1_host(&tls, host.c_str());
  auto name = host;
  SSL_ctrl(&tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           name.data()); // what SSL_set_tlsext_host_name does, with an old cast
}

client_tls_ptr make_client_tls(SSL_CTX& context, const std::string& host, bool verify) {
  client_tls_ptr tls{SSL_new(&context)};
  if (!tls)
    throw std::bad_alloc{};
  SSL_set_connect_state(tls.get());
  expect_host(*tls, host, verify);
  return tls;
}

void attach_to_socket(SSL& tls, int descriptor) {
  auto* bio = BIO_new(quiet_socket());
  if (bio == nullptr)
    throw std::bad_alloc{};
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  BIO_set_init(bio, 1);
  SSL_set_bio(&tls, bio, bio);
}

void attach_to_tls(SSL& tls, SSL* under) {
  auto* bio = BIO_new(BIO_f_ssl());
  if (bio == nullptr)
    throw std::bad_alloc{};
  BIO_ctrl(bio, BIO_C_SET_SSL, BIO_CLOSE, under);
  SSL_set_bio(&tls, bio, bio);
}

std::string handshake_problem(const SSL& tls) {
  const auto verdict = SSL_get_verify_result(&tls);
  if (verdict == X509_V_OK)
    return take_reason();
  ERR_clear_error();
  return X509_verify_cert_error_string(verdict);
}

} // namespace troupe::net

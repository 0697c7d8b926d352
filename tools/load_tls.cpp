#include "tools/load_tls.hpp"

#include "tools/load_options.hpp"
#include "tools/load_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

namespace troupe::load {

namespace {

using kind = transfer::kind;

int clamp_to_int(std::size_t size) noexcept {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

std::string tls_problem(SSL* session) {
  if (const auto verdict = SSL_get_verify_result(session); verdict != X509_V_OK)
    return std::string{"TLS: "} + X509_verify_cert_error_string(verdict);
  const auto code = ERR_get_error();
  std::array<char, 256> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return code == 0 ? "TLS: the connection broke off" : std::string{"TLS: "} + text.data();
}

/// @param returned  by SSL_read or SSL_write.
transfer outcome(SSL* session, int returned) {
  if (returned > 0)
    return {.what = kind::done, .bytes = static_cast<std::size_t>(returned)};
  switch (SSL_get_error(session, returned)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    return {.what = kind::would_block};
  case SSL_ERROR_ZERO_RETURN:
    return {.what = kind::ended};
  default:
    break;
  }
  transfer result{.problem = tls_problem(session)};
  ERR_clear_error();
  return result;
}

transfer outcome(const char* what, ssize_t returned) {
  if (returned > 0)
    return {.what = kind::done, .bytes = static_cast<std::size_t>(returned)};
  if (returned == 0)
    return {.what = kind::ended};
  if (errno == EAGAIN || errno == EINTR)
    return {.what = kind::would_block};
  return {.problem = system_problem(what, errno)};
}

/// What the macro SSL_set_tlsext_host_name does, without its old-style cast.
void ask_for(SSL* session, std::string host) {
  SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
}

} // namespace

void tls_deleter::operator()(SSL* session) const noexcept {
  SSL_free(session);
}

void tls_deleter::operator()(SSL_CTX* context) const noexcept {
  SSL_CTX_free(context);
}

tls_client::tls_client(std::string host, const std::string& ca_file, bool verify_peer)
    : host_{std::move(host)}, context_{SSL_CTX_new(TLS_client_method())} {
  auto* context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                                | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context, verify_peer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  const bool is_read = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context) == 1
                                       : SSL_CTX_load_verify_file(context, ca_file.c_str()) == 1;
  ERR_clear_error();
  if (!is_read)
    throw usage_error{"The authorities in \"" + ca_file + "\" cannot be read."};
}

tls_session tls_client::connect_on(int descriptor) const {
  tls_session session{SSL_new(context_.get())};
  auto* parameters = SSL_get0_param(session.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host_.c_str()) != 1) { // it is a name
    SSL_set1_host(session.get(), host_.c_str());
    ask_for(session.get(), host_);
  }
  SSL_set_fd(session.get(), descriptor);
  SSL_set_connect_state(session.get());
  ERR_clear_error();
  return session;
}

transfer receive(int descriptor, SSL* session, std::span<std::byte> into) {
  if (session == nullptr)
    return outcome("recv", recv(descriptor, into.data(), into.size(), 0));
  // A record holds 16 KiB at most; an edge tells of all of them.
  transfer total{.what = kind::would_block};
  while (total.bytes < into.size()) {
    const auto rest = into.subspan(total.bytes);
    auto one = outcome(session, SSL_read(session, rest.data(), clamp_to_int(rest.size())));
    if (one.what != kind::done)
      return total.bytes != 0 ? total : one;
    total = {.what = kind::done, .bytes = total.bytes + one.bytes};
  }
  return total;
}

transfer transmit(int descriptor, SSL* session, byte_view bytes) {
  if (session == nullptr)
    return outcome("send", send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  transfer total{.what = kind::would_block};
  while (total.bytes < bytes.size()) {
    const auto rest = bytes.subspan(total.bytes);
    auto one = outcome(session, SSL_write(session, rest.data(), clamp_to_int(rest.size())));
    if (one.what != kind::done)
      return total.bytes != 0 ? total : one;
    total = {.what = kind::done, .bytes = total.bytes + one.bytes};
  }
  return total;
}

} // namespace troupe::load

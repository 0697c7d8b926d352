#include "tests/support/scripted_peer.hpp"

#include "net/ascii.hpp"
#include "net/client_tls.hpp"
#include "net/upgrade.hpp"

#include <array>
#include <cerrno>
#include <future>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe::test {
namespace {

void require(bool done) {
  if (!done)
    throw std::runtime_error{"the connection ended"};
}

struct bio_deleter {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using bio_ptr = std::unique_ptr<BIO, bio_deleter>;

bio_ptr reader_of(const std::string& pem) {
  return bio_ptr{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

net::client_context_ptr server_context(const certificate& identity) {
  net::client_context_ptr context{SSL_CTX_new(TLS_server_method())};
  X509* chain = PEM_read_bio_X509(reader_of(identity.chain).get(), nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(reader_of(identity.key).get(), nullptr, nullptr, nullptr);
  const bool is_done = SSL_CTX_use_certificate(context.get(), chain) == 1
                       && SSL_CTX_use_PrivateKey(context.get(), key) == 1;
  X509_free(chain);
  EVP_PKEY_free(key);
  require(is_done);
  return context;
}

} // namespace

struct scripted_peer::stream::machinery {
  int descriptor = -1;
  net::client_tls_ptr tls;
  std::string kept; ///< behind the last head
};

scripted_peer::stream::stream(int descriptor) noexcept
    : io_{std::make_unique<machinery>(machinery{descriptor, {}, {}})} {}

scripted_peer::stream::~stream() = default;

std::string scripted_peer::stream::read_some() {
  if (!io_->kept.empty())
    return std::exchange(io_->kept, {});
  std::array<char, 4096> chunk{};
  const auto count = io_->tls
                         ? SSL_read(io_->tls.get(), chunk.data(), static_cast<int>(chunk.size()))
                         : static_cast<int>(::recv(io_->descriptor, chunk.data(), chunk.size(), 0));
  require(count > 0);
  return {chunk.data(), static_cast<std::size_t>(count)};
}

std::string scripted_peer::stream::read_head() {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos)
    head += read_some();
  const auto end = head.find("\r\n\r\n") + 4;
  io_->kept = head.substr(end);
  return head.substr(0, end);
}

void scripted_peer::stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = static_cast<int>(bytes.size());
    const auto count =
        io_->tls
            ? SSL_write(io_->tls.get(), bytes.data(), size)
            : static_cast<int>(::send(io_->descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    require(count > 0);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void scripted_peer::stream::start_tls(const certificate& identity) {
  const auto context = server_context(identity);
  net::client_tls_ptr tls{SSL_new(context.get())};
  SSL_set_accept_state(tls.get());
  if (io_->tls)
    net::attach_to_tls(*tls, io_->tls.release());
  else
    net::attach_to_socket(*tls, io_->descriptor);
  io_->tls = std::move(tls);
  require(SSL_do_handshake(io_->tls.get()) == 1);
}

std::string scripted_peer::stream::server_name() const {
  const char* name = SSL_get_servername(io_->tls.get(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

scripted_peer::scripted_peer(std::function<void(stream&)> script) {
  int ends[2]{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error{errno, std::system_category(), "socketpair"};
  client_ = ends[0];
  server_ = ends[1];
  thread_ = std::thread{[server = server_, script = std::move(script)] {
    try {
      stream to{server};
      script(to);
      while (true)
        to.read_some();
    } catch (const std::exception&) { // the client has gone, or the test is over
    }
    ::shutdown(server, SHUT_RDWR);
  }};
}

scripted_peer::~scripted_peer() {
  finish();
  ::close(server_);
  if (client_ >= 0)
    ::close(client_);
}

void scripted_peer::finish() {
  ::shutdown(server_, SHUT_RDWR);
  if (thread_.joinable())
    thread_.join();
}

connect_function scripted_peer::connect() {
  return [this](const std::string& host, const std::string& port) -> result<int, std::string> {
    asked_for_ = host + ":" + port;
    const int end = std::exchange(client_, -1);
    if (end < 0)
      return std::string{"The peer takes one connection only."};
    return end;
  };
}

std::string upgrade_answer(std::string_view head, std::string_view fields) {
  return std::string{"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: "}
      .append(net::accept_key(field_of(head, "Sec-WebSocket-Key")))
      .append("\r\n")
      .append(fields)
      .append("\r\n");
}

std::string field_of(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(line.size() + 2, head.size()));
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && net::iequals(line.substr(0, colon), name))
      return std::string{net::trim(line.substr(colon + 1))};
  }
  return {};
}

} // namespace troupe::test

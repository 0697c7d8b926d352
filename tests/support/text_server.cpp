#include "tests/support/text_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <mutex>
#include <sys/socket.h>

namespace troupe::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using stream = websocket::stream<tcp::socket>;
using upgrade_request = http::request<http::string_body>;

class stream_peer final : public text_server::peer {
public:
  explicit stream_peer(stream& to) : stream_(to) {}

  void send(const std::string& text) override {
    stream_.binary(false);
    stream_.write(asio::buffer(text));
  }
  void send_binary(const std::string& bytes) override {
    stream_.binary(true);
    stream_.write(asio::buffer(bytes));
  }
  void close(std::uint16_t code, const std::string& reason) override {
    stream_.close({static_cast<websocket::close_code>(code), reason});
  }
  void drop() override {
    stream_.next_layer().shutdown(tcp::socket::shutdown_both);
    stream_.next_layer().close();
  }

private:
  stream& stream_;
};

} // namespace

struct text_server::machinery {
  asio::io_context context;
  tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), 0}};
  mutable std::mutex mutex; ///< protects what follows
  int socket = -1;          ///< of the current connection
  std::vector<std::string> seen;
  std::vector<upgrade_request> requests;
};

text_server::text_server(script what)
    : script_(std::move(what)), io_(std::make_unique<machinery>()), thread_([this] { run(); }) {}

text_server::~text_server() {
  is_stopping_ = true;
  ::shutdown(io_->acceptor.native_handle(), SHUT_RDWR);
  {
    const std::lock_guard lock{io_->mutex};
    if (io_->socket >= 0)
      ::shutdown(io_->socket, SHUT_RDWR);
  }
  thread_.join();
}

std::string text_server::url() const {
  return "ws://127.0.0.1:" + std::to_string(io_->acceptor.local_endpoint().port()) + "/test";
}

std::vector<std::string> text_server::seen() const {
  const std::lock_guard lock{io_->mutex};
  return io_->seen;
}

std::vector<std::string> text_server::fields(const std::string& name) const {
  const std::lock_guard lock{io_->mutex};
  std::vector<std::string> values;
  for (const auto& request : io_->requests)
    values.emplace_back(request[name]);
  return values;
}

void text_server::run() {
  while (!is_stopping_) {
    try {
      serve();
    } catch (const boost::system::system_error&) { // the connection ended in some way
    }
    const std::lock_guard lock{io_->mutex};
    io_->socket = -1;
  }
}

void text_server::serve() {
  stream ws{io_->acceptor.accept()};
  {
    const std::lock_guard lock{io_->mutex};
    io_->socket = ws.next_layer().native_handle();
  }
  beast::flat_buffer buffer;
  upgrade_request request;
  http::read(ws.next_layer(), buffer, request);
  ws.accept(request);
  {
    const std::lock_guard lock{io_->mutex};
    io_->requests.push_back(std::move(request));
  }
  stream_peer client{ws};
  for (;;) {
    beast::flat_buffer message;
    ws.read(message);
    const auto text = beast::buffers_to_string(message.cdata());
    {
      const std::lock_guard lock{io_->mutex};
      io_->seen.push_back((ws.got_binary() ? "binary " : "") + text);
    }
    script_(client, text);
  }
}

} // namespace troupe::test

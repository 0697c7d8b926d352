#include "tests/support/fake_server.hpp"

#include "troupe/payload.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <map>
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

class stream_peer final : public fake_server::peer {
public:
  using peer::send;

  explicit stream_peer(stream& to) : stream_(to) {}

  void send(const std::vector<std::byte>& message) override {
    stream_.binary(true);
    stream_.write(asio::buffer(message.data(), message.size()));
  }
  void send_text(const std::string& text) override {
    stream_.binary(false);
    stream_.write(asio::buffer(text));
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

http::request<http::string_body> read_request(stream& from) {
  beast::flat_buffer buffer;
  http::request<http::string_body> result;
  http::read(from.next_layer(), buffer, result);
  return result;
}

void refuse(stream& to, unsigned status) {
  http::response<http::string_body> answer{http::int_to_status(status), 11};
  answer.body() = "because of the test\n";
  answer.prepare_payload();
  http::write(to.next_layer(), answer);
}

/// Reads one message and hands it to `use`, if it is one of the protocol.
template <class Use>
boost::system::error_code read_message(stream& from, Use use) {
  boost::system::error_code ec;
  beast::flat_buffer buffer;
  from.read(buffer, ec);
  const auto bytes = buffer.cdata();
  const auto message =
      protocol::decode_client({static_cast<const std::byte*>(bytes.data()), bytes.size()});
  if (!ec && message)
    use(*message);
  return ec;
}

} // namespace

struct fake_server::machinery {
  asio::io_context context;
  tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), 0}};
  std::mutex mutex;
  int socket = -1; ///< of the current connection; protected by the mutex
};

fake_server::fake_server(script what)
    : script_(std::move(what)), io_(std::make_unique<machinery>()), thread_([this] { run(); }) {}

fake_server::~fake_server() {
  is_stopping_ = true;
  ::shutdown(io_->acceptor.native_handle(), SHUT_RDWR);
  {
    const std::lock_guard lock{io_->mutex};
    if (io_->socket >= 0)
      ::shutdown(io_->socket, SHUT_RDWR);
  }
  thread_.join();
}

std::string fake_server::url() const {
  return "ws://127.0.0.1:" + std::to_string(io_->acceptor.local_endpoint().port()) + "/test";
}

void fake_server::run() {
  while (!is_stopping_) {
    try {
      serve();
    } catch (const boost::system::system_error&) { // the connection ended in some way
    }
    const std::lock_guard lock{io_->mutex};
    io_->socket = -1;
  }
}

void fake_server::serve() {
  stream ws{io_->acceptor.accept()};
  {
    const std::lock_guard lock{io_->mutex};
    io_->socket = ws.next_layer().native_handle();
  }
  ++connections_;
  const auto request = read_request(ws);
  if (script_.refuse_with != 0)
    return refuse(ws, script_.refuse_with);
  ws.set_option(websocket::stream_base::decorator([this](websocket::response_type& answer) {
    if (!script_.subprotocol.empty())
      answer.set(http::field::sec_websocket_protocol, script_.subprotocol);
  }));
  ws.accept(request);
  stream_peer client{ws};
  if (script_.on_open)
    script_.on_open(client);
  else
    client.send(make_hello(script_.events));
  boost::system::error_code ec;
  while (!ec)
    ec = read_message(ws, [this, &client](const protocol::message& message) {
      if (script_.on_message)
        script_.on_message(client, message);
    });
  const auto& reason = ws.reason();
  if (ec == websocket::error::closed && script_.on_closed)
    script_.on_closed(reason.code, {reason.reason.data(), reason.reason.size()});
}

std::vector<std::byte> make_hello(const std::vector<std::string>& events) {
  const std::map<std::string, int> limits{{"message_bytes", 65'536}, {"rooms", 64}};
  const std::map<std::string, int> extra;
  return protocol::to_message(protocol::encode_hello(7, 1'000),
                              make_payload(events, limits, extra).bytes);
}

} // namespace troupe::test

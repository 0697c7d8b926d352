#include "tests/support/fake_server.hpp"

#include "troupe/payload.hpp"

#include "tests/support/serial_listener.hpp"

#include <boost/beast/http.hpp>

#include <atomic>
#include <map>
#include <utility>

namespace troupe::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using stream = serial_listener::stream;

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
  void drop() override { test::drop(stream_); }

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
  void serve(stream& ws);

  const script what;
  std::atomic<int> connections = 0;
  serial_listener listener{[this](stream& ws) { serve(ws); }}; // last: it uses both of these
};

fake_server::fake_server(script what) : io_{new machinery{.what = std::move(what)}} {}

fake_server::~fake_server() = default;

std::string fake_server::url() const {
  return io_->listener.url();
}

int fake_server::connections() const noexcept {
  return io_->connections;
}

void fake_server::machinery::serve(stream& ws) {
  ++connections;
  const auto request = read_request(ws);
  if (what.refuse_with != 0)
    return refuse(ws, what.refuse_with);
  ws.set_option(websocket::stream_base::decorator([this](websocket::response_type& answer) {
    if (!what.subprotocol.empty())
      answer.set(http::field::sec_websocket_protocol, what.subprotocol);
  }));
  ws.accept(request);
  stream_peer client{ws};
  if (what.on_open)
    what.on_open(client);
  else
    client.send(make_hello(what.events));
  boost::system::error_code ec;
  while (!ec)
    ec = read_message(ws, [this, &client](const protocol::message& message) {
      if (what.on_message)
        what.on_message(client, message);
    });
  const auto& reason = ws.reason();
  if (ec == websocket::error::closed && what.on_closed)
    what.on_closed(reason.code, {reason.reason.data(), reason.reason.size()});
}

std::vector<std::byte> make_hello(const std::vector<std::string>& events) {
  const std::map<std::string, int> limits{{"message_bytes", 65'536}, {"rooms", 64}};
  const std::map<std::string, int> extra;
  return protocol::to_message(protocol::encode_hello(7, 1'000),
                              make_payload(events, limits, extra).bytes);
}

} // namespace troupe::test

#include "tests/support/text_server.hpp"

#include "tests/support/serial_listener.hpp"

#include <boost/beast/http.hpp>

#include <mutex>
#include <utility>

namespace troupe::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using stream = serial_listener::stream;
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
  void drop() override { test::drop(stream_); }

private:
  stream& stream_;
};

} // namespace

struct text_server::machinery {
  void serve(stream& ws);

  const script what;
  mutable std::mutex mutex{}; ///< protects the two that follow
  std::vector<std::string> seen{};
  std::vector<upgrade_request> requests{};
  serial_listener listener{[this](stream& ws) { serve(ws); }}; // last: it uses all of these
};

text_server::text_server(script what) : io_{new machinery{.what = std::move(what)}} {}

text_server::~text_server() = default;

std::string text_server::url() const {
  return io_->listener.url();
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

void text_server::machinery::serve(stream& ws) {
  beast::flat_buffer buffer;
  upgrade_request request;
  http::read(ws.next_layer(), buffer, request);
  ws.accept(request);
  {
    const std::lock_guard lock{mutex};
    requests.push_back(std::move(request));
  }
  stream_peer client{ws};
  for (;;) {
    beast::flat_buffer message;
    ws.read(message);
    const auto text = beast::buffers_to_string(message.cdata());
    {
      const std::lock_guard lock{mutex};
      seen.push_back((ws.got_binary() ? "binary " : "") + text);
    }
    what(client, text);
  }
}

} // namespace troupe::test

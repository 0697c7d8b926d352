#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

namespace troupe::test {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

/// Boost.Beast's WebSocket client: an implementation that shares no code with ours.
class beast_client {
public:
  beast_client(std::uint16_t port, const std::string& target, bool compresses = false) {
    stream_.next_layer().connect({asio::ip::address_v4::loopback(), port});
    stream_.next_layer().set_option(asio::ip::tcp::no_delay{true});
    timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(stream_.next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit,
                 sizeof limit);
    websocket::permessage_deflate deflate;
    deflate.client_enable = compresses;
    stream_.set_option(deflate);
    websocket::response_type answer;
    stream_.handshake(answer, "a.example", target);
    extensions_ = std::string{answer[beast::http::field::sec_websocket_extensions]};
  }

  void send(const std::string& message, bool is_text, std::size_t fragment = 0) {
    stream_.text(is_text);
    stream_.auto_fragment(fragment != 0);
    if (fragment != 0)
      stream_.write_buffer_bytes(fragment);
    stream_.write(asio::buffer(message));
  }
  std::string receive() {
    beast::flat_buffer buffer;
    stream_.read(buffer);
    return beast::buffers_to_string(buffer.data());
  }
  bool got_text() const { return stream_.got_text(); }
  const std::string& extensions() const { return extensions_; }
  void close() { stream_.close({websocket::close_code::normal, "done"}); }
  int close_code_after_read() {
    beast::error_code error;
    beast::flat_buffer buffer;
    stream_.read(buffer, error);
    return error == websocket::error::closed ? stream_.reason().code : 0;
  }

private:
  asio::io_context io_;
  websocket::stream<asio::ip::tcp::socket> stream_{io_};
  std::string extensions_;
};

std::string words(std::size_t size) {
  std::string result;
  for (std::size_t i = 0; result.size() < size; ++i)
    result += "word " + std::to_string(i % 1'000) + ", ";
  return result.substr(0, size);
}

config compressing() {
  auto settings = quick_config();
  settings.compression = true;
  return settings;
}

} // namespace

TEST_CASE("beast: its client gets its messages back", "[integration][beast]") {
  const running_server server{GENERATE(false, true) ? compressing() : quick_config()};
  const auto compresses = GENERATE(false, true);
  beast_client client{server.port(), "/raw", compresses};
  CHECK(client.extensions().empty() == !(compresses && server->settings().compression));
  for (const std::size_t size : {0UL, 1UL, 125UL, 126UL, 4'096UL, 65'535UL, 65'536UL}) {
    const auto message = words(size);
    for (const auto is_text : {true, false}) {
      client.send(message, is_text);
      CHECK(client.receive() == message);
      CHECK(client.got_text() == is_text);
    }
  }
  client.close();
}

TEST_CASE("beast: fragmented messages come back whole", "[integration][beast]") {
  const running_server server{compressing()};
  beast_client client{server.port(), "/raw", GENERATE(false, true)};
  for (const std::size_t size : {10UL, 1'000UL, 65'536UL}) {
    const auto message = words(size);
    client.send(message, true, std::max<std::size_t>(size / 32, 8));
    CHECK(client.receive() == message);
  }
  client.close();
}

TEST_CASE("beast: a message beyond the limit is closed with 1009", "[integration][beast]") {
  const running_server server{compressing()};
  beast_client client{server.port(), "/raw", GENERATE(false, true)};
  client.send(words(65'537), true);
  CHECK(client.close_code_after_read() == 1009);
  CHECK(serves(server));
}

} // namespace troupe::test

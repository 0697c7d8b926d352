// The dialler against a server that shares no code with it, over real sockets.
#include "tests/support/catch.hpp"
#include "tests/support/dialling.hpp"
#include "tests/support/websocket_pair.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <thread>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

/// Returns every message of one connection, in fragments, until the client closes.
class echo_server {
public:
  echo_server() : thread_{[this] { serve(); }} {}
  echo_server(const echo_server&) = delete;
  echo_server& operator=(const echo_server&) = delete;
  ~echo_server() { thread_.join(); }

  std::string url(const std::string& host) const {
    return "ws://" + host + ":" + std::to_string(acceptor_.local_endpoint().port());
  }

private:
  void serve() {
    boost::system::error_code ended;
    beast::websocket::stream<tcp::socket> ws{acceptor_.accept()};
    beast::websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    ws.set_option(deflate);
    ws.write_buffer_bytes(1000);
    ws.accept(ended);
    for (beast::flat_buffer buffer; !ended; buffer.clear()) {
      ws.read(buffer, ended);
      ws.binary(ws.got_binary());
      if (!ended)
        ws.write(buffer.data(), ended);
    }
  }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}};
  std::thread thread_;
};

std::string content_of(std::size_t length) {
  std::string content(length, '\0');
  for (std::size_t i = 0; i != length; ++i)
    content[i] = static_cast<char>('a' + i * i % 23);
  return content;
}

} // namespace

TEST_CASE("dialer: messages return from another's server (gorilla D9, R2, W2, D7)",
          "[net][dialer]") {
  const bool is_compressed = GENERATE(false, true);
  const echo_server server;
  auto opened = dial(server.url("127.0.0.1"), {.compression = is_compressed});
  REQUIRE(opened);
  CHECK(opened->is_compressed() == is_compressed);
  for (const std::size_t length : {0U, 1U, 2U, 124U, 125U, 126U, 127U, 128U, 129U, 65534U, 65535U,
                                   65536U, 65537U, 1'000'000U}) {
    CAPTURE(length);
    const auto content = content_of(length);
    CHECK(opened->write_text(content));
    CHECK(test::read_text(*opened) == "text " + content);
    auto writer = opened->next_writer(message_type::binary);
    CHECK(writer->write(content));
    CHECK(writer->finish());
    CHECK(test::read_text(*opened) == "binary " + content);
  }
  CHECK(opened->close());
}

TEST_CASE("dialer: names are looked up, addresses are known (gorilla D1, C5)", "[net][dialer]") {
  const echo_server server;
  const auto url = server.url("localhost");
  auto opened = dial(url);
  REQUIRE(opened);
  CHECK(opened->remote_address() == "127.0.0.1" + url.substr(url.rfind(':')));
  CHECK(opened->local_address().starts_with("127.0.0.1:"));
  CHECK(opened->local_address() != opened->remote_address());
  CHECK(opened->descriptor() >= 0);
  CHECK(opened->subprotocol().empty());
  CHECK(opened->close(close_code::going_away, "done"));
}

TEST_CASE("dialer: nobody listens (gorilla D9)", "[net][dialer]") {
  asio::io_context io;
  std::string url = "ws://127.0.0.1:";
  {
    const tcp::acceptor gone{io, {asio::ip::make_address("127.0.0.1"), 0}};
    url += std::to_string(gone.local_endpoint().port());
  }
  const auto opened = dial(url);
  REQUIRE(test::code_of(opened) == errc::connection_lost);
  CHECK(opened.error().text.starts_with("The server cannot be reached: "));
}

TEST_CASE("dialer: a name that does not exist is told (gorilla D9)", "[net][dialer]") {
  const auto opened = dial("ws://name.invalid", {.handshake_timeout = 5s});
  CHECK_FALSE(opened);
  std::stop_source stopped;
  stopped.request_stop();
  CHECK(test::code_of(dial("ws://name.invalid", {.stop = stopped.get_token()})) == errc::closed);
}

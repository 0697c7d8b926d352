#include "troupe/client.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <fstream>
#include <thread>

using namespace troupe;

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;

/// Accepts one TLS connection, says hello, and reads until the client closes.
class secure_server {
public:
  explicit secure_server(const test::certificate& identity) {
    context_.use_certificate_chain(asio::buffer(identity.chain));
    context_.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
    thread_ = std::thread{[this] { serve(); }};
  }
  secure_server(const secure_server&) = delete;
  secure_server& operator=(const secure_server&) = delete;
  ~secure_server() { thread_.join(); }

  std::string url() const {
    return "wss://localhost:" + std::to_string(acceptor_.local_endpoint().port());
  }

private:
  void serve() {
    try {
      websocket::stream<asio::ssl::stream<tcp::socket>> ws{acceptor_.accept(), context_};
      ws.next_layer().handshake(asio::ssl::stream_base::server);
      ws.set_option(websocket::stream_base::decorator([](websocket::response_type& answer) {
        answer.set(beast::http::field::sec_websocket_protocol, "troupe.v1");
      }));
      ws.accept();
      ws.binary(true);
      const auto hello = test::make_hello({});
      ws.write(asio::buffer(hello.data(), hello.size()));
      for (beast::flat_buffer buffer;; buffer.clear())
        ws.read(buffer);
    } catch (const boost::system::system_error&) { // refused by the client, or closed
    }
  }

  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}};
  std::thread thread_;
};

/// What connecting leads to when the client trusts what is in `trusted`.
client_status connect(const test::certificate& identity, const std::string& trusted, bool verify) {
  const test::temporary_folder folder;
  const auto file = folder.path() / "authorities.pem";
  std::ofstream{file} << trusted;
  const secure_server server{identity};
  client c{{.url = server.url(),
            .ca_file = trusted.empty() ? "" : file.string(),
            .verify_peer = verify}};
  return c.connect();
}

} // namespace

TEST_CASE("client: a trusted certificate of the right host is accepted", "[net][client][tls]") {
  const auto identity = test::make_certificate("localhost");
  const auto status = connect(identity, identity.chain, true);
  INFO(status.text);
  CHECK(status.code == errc::ok);
}

TEST_CASE("client: a certificate of another host is refused", "[net][client][tls]") {
  const auto identity = test::make_certificate("elsewhere.example");
  const auto status = connect(identity, identity.chain, true);
  CHECK(status.code == errc::connection_lost);
  CHECK(status.text.starts_with("The TLS handshake failed: "));
}

TEST_CASE("client: a certificate that nobody vouches for is refused", "[net][client][tls]") {
  const auto identity = test::make_certificate("localhost");
  const auto other = test::make_certificate("localhost");
  CHECK(connect(identity, other.chain, true).code == errc::connection_lost);
  CHECK(connect(identity, "", true).code == errc::connection_lost);
}

TEST_CASE("client: verification can be switched off", "[net][client][tls]") {
  CHECK(connect(test::make_certificate("elsewhere.example"), "", false).code == errc::ok);
}

TEST_CASE("client: authorities that cannot be read are told", "[net][client][tls]") {
  client c{{.url = "wss://localhost:1", .ca_file = "/nonexistent.pem"}};
  const auto status = c.connect();
  CHECK(status.code == errc::refused);
  CHECK(status.text.starts_with("The authorities in \"/nonexistent.pem\" cannot be read"));
}

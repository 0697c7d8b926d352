#include "tests/support/catch.hpp"
#include "tests/support/dialling.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

#include <fstream>
#include <stdexcept>
#include <sys/socket.h>

using namespace troupe;
using test::accept;
using test::code_of;
using test::has;
using test::scripted_peer;

namespace {

const test::certificate& identity() {
  static const auto made = test::make_certificate("a.example");
  return made;
}

/// A file that lists `trusted`.
class authorities {
public:
  explicit authorities(const test::certificate& trusted) { std::ofstream{path()} << trusted.chain; }
  std::string path() const { return (folder_.path() / "authorities.pem").string(); }

private:
  test::temporary_folder folder_;
};

void serve(scripted_peer::stream& to, const test::certificate& as) {
  to.start_tls(as);
  to.write(accept(to.read_head()));
  to.read_some();
  to.write(test::server_frame(test::fin | test::text, to.server_name()));
}

/// Opens a websocket and asks it for the name that TLS was asked for.
std::string server_name_at(const std::string& url, dial_options options) {
  scripted_peer server{[](scripted_peer::stream& to) { serve(to, identity()); }};
  options.connect = server.connect();
  auto opened = dial(url, options);
  if (!opened)
    return opened.error().text;
  opened->write_text("your name?");
  return test::read_text(*opened);
}

} // namespace

TEST_CASE("dialer: wss asks for the host and checks it (gorilla D3)", "[net][dialer][tls]") {
  const authorities trusted{identity()};
  const dial_options options{.tls = {.ca_file = trusted.path()}};
  CHECK(server_name_at("wss://a.example", options) == "text a.example");
  CHECK(has(server_name_at("wss://b.example", options), "hostname mismatch"));
  CHECK(has(server_name_at("wss://192.0.2.1", options), "IP address mismatch"));
}

TEST_CASE("dialer: nobody unknown is trusted unless it is told to (gorilla D3)",
          "[net][dialer][tls]") {
  const authorities others{test::make_certificate("a.example")};
  CHECK(has(server_name_at("wss://a.example", {}), "The TLS handshake failed: self-signed"));
  CHECK(has(server_name_at("wss://a.example", {.tls = {.ca_file = others.path()}}),
            "The TLS handshake failed"));
  CHECK(server_name_at("wss://b.example", {.tls = {.verify_peer = false}}) == "text b.example");
}

TEST_CASE("dialer: the name can be another than the URL's (gorilla D3)", "[net][dialer][tls]") {
  const authorities trusted{identity()};
  const dial_options options{.tls = {.ca_file = trusted.path(), .server_name = "a.example"}};
  CHECK(server_name_at("wss://192.0.2.1", options) == "text a.example");
}

TEST_CASE("dialer: Host does not change whom TLS asks for (gorilla D9)", "[net][dialer][tls]") {
  const authorities trusted{identity()};
  const dial_options options{.fields = {{"Host", "b.example"}}, .tls = {.ca_file = trusted.path()}};
  CHECK(server_name_at("wss://a.example", options) == "text a.example");
}

TEST_CASE("dialer: files of TLS that cannot be used are told (gorilla D3)", "[net][dialer][tls]") {
  CHECK(server_name_at("wss://a.example", {.tls = {.ca_file = "/nonexistent"}})
            .starts_with("The authorities in \"/nonexistent\" cannot be read"));
  CHECK(server_name_at("wss://a.example", {.tls = {.certificate_file = "/nonexistent"}})
            .starts_with("The certificate in \"/nonexistent\" cannot be read"));
}

TEST_CASE("dialer: the application can configure OpenSSL (gorilla D3)", "[net][dialer][tls]") {
  int calls = 0;
  dial_options options{.tls = {.verify_peer = false}};
  options.tls.configure = [&](ssl_ctx_st* context) { calls += context != nullptr ? 1 : 0; };
  CHECK(server_name_at("wss://a.example", options) == "text a.example");
  CHECK(calls == 1);
  options.tls.configure = [](ssl_ctx_st*) { throw std::runtime_error{"no"}; };
  CHECK(server_name_at("wss://a.example", options) == "TLS could not be configured: no");
}

TEST_CASE("dialer: a hook can bring a secure connection (gorilla D1)", "[net][dialer][tls]") {
  scripted_peer server{[](scripted_peer::stream& to) { to.write(accept(to.read_head())); }};
  CHECK(dial("wss://a.example", {.connect_secure = server.connect()}));
  CHECK(server.asked_for() == "a.example:443");
}

TEST_CASE("dialer: TLS goes through a tunnel (gorilla D2)", "[net][dialer][tls]") {
  const authorities trusted{identity()};
  scripted_peer proxy{[](scripted_peer::stream& to) {
    if (to.read_head().starts_with("CONNECT a.example:443 "))
      to.write("HTTP/1.1 200 OK\r\n\r\n");
    serve(to, identity());
  }};
  auto opened = dial("wss://a.example", {.tls = {.ca_file = trusted.path()},
                                         .proxy = fixed_proxy("p.example"),
                                         .connect = proxy.connect()});
  REQUIRE(opened);
  opened->write_text("your name?");
  CHECK(test::read_text(*opened) == "text a.example");
}

TEST_CASE("dialer: a proxy can be reached over TLS (gorilla D2)", "[net][dialer][tls]") {
  const bool is_secure = GENERATE(false, true); // TLS inside of TLS
  std::string proxy_name;
  scripted_peer proxy{[&](scripted_peer::stream& to) {
    to.start_tls(test::make_certificate("p.example"));
    proxy_name = to.server_name();
    to.read_head();
    to.write("HTTP/1.1 200 OK\r\n\r\n");
    if (is_secure)
      return serve(to, identity());
    to.write(accept(to.read_head()));
    to.read_some();
    to.write(test::server_frame(test::fin | test::text, "plain"));
  }};
  auto opened = dial(is_secure ? "wss://a.example" : "ws://a.example",
                     {.tls = {.verify_peer = false},
                      .proxy = fixed_proxy("https://p.example"),
                      .connect = proxy.connect()});
  REQUIRE(opened);
  opened->write_text(std::string(100'000, 'x'));
  CHECK(test::read_text(*opened) == (is_secure ? "text a.example" : "text plain"));
  proxy.finish();
  CHECK(proxy_name == "p.example");
}

TEST_CASE("dialer: TLS that is cut off is no orderly end (gorilla R10)", "[net][dialer][tls]") {
  scripted_peer server{[](scripted_peer::stream& to) {
    to.start_tls(identity());
    to.write(accept(to.read_head()));
    throw std::runtime_error{"hangs up"};
  }};
  auto opened =
      dial("wss://a.example", {.tls = {.verify_peer = false}, .connect = server.connect()});
  REQUIRE(opened);
  CHECK(is_close_error(opened->read_message().error(), {close_code::abnormal}));
  CHECK(opened->write_text("to nobody").code == errc::connection_lost);
}

TEST_CASE("dialer: threads write under TLS while another one reads (gorilla W8)",
          "[net][dialer][tls]") {
  constexpr int count = 200;
  scripted_peer server{[](scripted_peer::stream& to) {
    to.start_tls(identity());
    to.write(accept(to.read_head()));
    for (int i = 0; i != count; ++i)
      to.write(test::server_frame(test::fin | test::text, "answer"));
  }};
  auto opened =
      dial("wss://a.example", {.tls = {.verify_peer = false}, .connect = server.connect()});
  REQUIRE(opened);
  const auto write = [&] {
    for (int i = 0; i != count; ++i)
      opened->write_text("question");
  };
  std::thread one{write};
  std::thread two{write};
  int answers = 0;
  for (int i = 0; i != count; ++i)
    answers += test::read_text(*opened) == "text answer" ? 1 : 0;
  one.join();
  two.join();
  CHECK(answers == count);
}

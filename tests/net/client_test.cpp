#include "troupe/client.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/fake_server.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using protocol::message;
using protocol::operation;
using test::fake_server;

namespace {

/// Waits for a value that another thread will deliver.
template <class T>
T get(std::future<T> future) {
  REQUIRE(future.wait_for(5s) == std::future_status::ready);
  return future.get();
}

client_options options_for(const fake_server& server) {
  client_options result;
  result.url = server.url();
  result.reconnect.first = 1ms;
  result.clock_interval = 0ms;
  return result;
}

/// Sends each event back under the name "echoed", answers the ask "sum" and refuses others.
void echo(fake_server::peer& to, const message& from) {
  if (from.op == operation::event)
    to.send(protocol::encode_server_event({0, "echoed"}, from.content), from.payload);
  if (from.op != operation::ask)
    return;
  if (from.name.text == "sum")
    to.send(protocol::encode_reply(from.ask_id, content_kind::arguments), make_payload(42).bytes);
  else if (from.name.text != "silence")
    to.send(protocol::encode_error(from.ask_id, errc::unknown_event), as_bytes("no such event"));
}

} // namespace

TEST_CASE("client: connect returns after the hello", "[net][client]") {
  fake_server server{{.events = {"say", "said"}}};
  client c{options_for(server)};
  CHECK_FALSE(c.is_open());
  const auto status = c.connect();
  CHECK(status.code == errc::ok);
  CHECK(c.is_open());
  CHECK(c.id() == 7);
  CHECK(c.info().events == std::vector<std::string>{"say", "said"});
  CHECK(c.info().limits.at("rooms") == 64);
  CHECK(c.connect().code == errc::ok); // again is no harm
  CHECK(server.connections() == 1);
}

TEST_CASE("client: typed events go out and come in", "[net][client]") {
  fake_server server{{.on_message = echo}};
  std::promise<std::string> heard;
  client c{options_for(server)};
  c.on("echoed", [&](const incoming& from, std::string text, int number, std::optional<bool> more) {
    heard.set_value(std::string{from.event} + " " + text + " " + std::to_string(number)
                    + (more ? " more" : ""));
  });
  REQUIRE(c.connect());
  CHECK(c.emit("hello", "text", 5) == errc::ok);
  CHECK(get(heard.get_future()) == "echoed text 5");
}

TEST_CASE("client: raw bytes travel as they are", "[net][client]") {
  fake_server server{{.on_message = echo}};
  std::promise<std::string> heard;
  client c{options_for(server)};
  c.on("echoed", [&](byte_view bytes) { heard.set_value(std::string{as_text(bytes)}); });
  REQUIRE(c.connect());
  CHECK(c.emit("blob", raw_bytes{as_bytes("\x01\x02 raw")}) == errc::ok);
  CHECK(get(heard.get_future()) == "\x01\x02 raw");
}

TEST_CASE("client: arguments that do not fit go to on_error", "[net][client]") {
  fake_server server{{.on_message = echo}};
  std::promise<std::string> failed;
  client c{options_for(server)};
  c.on("echoed", [](int) {});
  c.on_error([&](errc code, std::string_view text) {
    CHECK(code == errc::bad_arguments);
    failed.set_value(std::string{text});
  });
  REQUIRE(c.connect());
  CHECK(c.emit("hello", "text") == errc::ok);
  CHECK(get(failed.get_future()).starts_with("argument 1: expected integer"));
}

TEST_CASE("client: a handler that throws is reported and costs nothing else", "[net][client]") {
  fake_server server{{.on_message = echo}};
  std::promise<std::string> failed;
  client c{options_for(server)};
  c.on("echoed", []() { throw std::runtime_error{"oh no"}; });
  c.on_error([&](errc, std::string_view text) { failed.set_value(std::string{text}); });
  REQUIRE(c.connect());
  c.emit("hello");
  CHECK(get(failed.get_future()) == "oh no");
  CHECK(*get(c.ask_future<int>("sum", 40, 2)) == 42);
}

TEST_CASE("client: asks get a typed answer or the reason", "[net][client]") {
  fake_server server{{.on_message = echo}};
  auto options = options_for(server);
  options.ask_timeout = 50ms;
  client c{options};
  const auto early = get(c.ask_future<int>("sum"));
  CHECK(early.error().code == errc::closed);
  REQUIRE(c.connect());
  CHECK(*get(c.ask_future<int>("sum", 40, 2)) == 42);
  CHECK(get(c.ask_future<void>("sum")).has_value());
  const auto unfit = get(c.ask_future<std::string>("sum"));
  CHECK(unfit.error().code == errc::bad_arguments);
  const auto refused = get(c.ask_future<int>("other"));
  CHECK(refused.error().code == errc::unknown_event);
  CHECK(refused.error().text == "no such event");
  const auto silence = get(c.ask_future<int>("silence"));
  CHECK(silence.error().code == errc::timed_out);
}

TEST_CASE("client: answers asks of the server", "[net][client]") {
  std::promise<std::vector<std::string>> answered;
  std::vector<std::string> answers;
  const auto ask = [&](fake_server::peer& to, const message& from) {
    if (from.op == operation::event) {
      to.send(protocol::encode_ask(1, {0, "twice"}, content_kind::arguments),
              make_payload(21).bytes);
      to.send(protocol::encode_ask(2, {0, "nothing"}, content_kind::arguments));
      to.send(protocol::encode_ask(3, {0, "throws"}, content_kind::arguments));
      to.send(protocol::encode_ask(4, {0, "twice"}, content_kind::arguments));
      return;
    }
    if (from.op == operation::reply)
      answers.push_back(
          std::to_string(std::get<0>(*unpack_args<std::tuple<int>>({from.payload, from.content}))));
    else
      answers.push_back(std::to_string(static_cast<int>(from.code)));
    if (answers.size() == 4)
      answered.set_value(answers);
  };
  fake_server server{{.on_message = ask}};
  client c{options_for(server)};
  c.on("twice", [](int number) { return 2 * number; });
  c.on("throws", []() -> int { throw std::runtime_error{"secret"}; });
  REQUIRE(c.connect());
  c.emit("go");
  CHECK(get(answered.get_future()) == std::vector<std::string>{"42", "5", "12", "6"});
}

TEST_CASE("client: garbage from the server is reported and survived", "[net][client]") {
  const auto garbage = [](fake_server::peer& to, const message& from) {
    if (from.op == operation::event) {
      to.send(std::vector{std::byte{0x1F}, std::byte{0xFF}});
      to.send_text("text");
    }
    echo(to, from);
  };
  fake_server server{{.on_message = garbage}};
  std::vector<errc> errors;
  client c{options_for(server)};
  c.on_error([&](errc code, std::string_view) { errors.push_back(code); });
  REQUIRE(c.connect());
  c.emit("go");
  CHECK(*get(c.ask_future<int>("sum")) == 42);
  c.close();
  CHECK(errors == std::vector{errc::unknown_operation, errc::malformed_message});
}

TEST_CASE("client: close tells the server why and is final", "[net][client]") {
  std::promise<std::pair<std::uint16_t, std::string>> closed;
  fake_server server{{.on_closed = [&](std::uint16_t code, const std::string& reason) {
    closed.set_value({code, reason});
  }}};
  bool retries = true;
  client c{options_for(server)};
  c.on_close([&](const client_status& status, auto retry) {
    CHECK(status.code == errc::ok);
    retries = retry.has_value();
  });
  REQUIRE(c.connect());
  c.close(4000, "bye");
  CHECK(get(closed.get_future()) == std::pair<std::uint16_t, std::string>{4000, "bye"});
  CHECK_FALSE(c.is_open());
  CHECK_FALSE(retries);
  CHECK(c.emit("late") == errc::closed);
}

TEST_CASE("client: what was queued before close is sent", "[net][client]") {
  std::atomic<int> count = 0;
  std::promise<void> closed;
  fake_server server{{.on_message = [&](fake_server::peer&, const message&) { ++count; },
                      .on_closed = [&](std::uint16_t, const std::string&) { closed.set_value(); }}};
  client c{options_for(server)};
  REQUIRE(c.connect());
  for (int i = 0; i < 500; ++i)
    REQUIRE(c.emit("tick", i) == errc::ok);
  c.close();
  get(closed.get_future());
  CHECK(count == 500);
}

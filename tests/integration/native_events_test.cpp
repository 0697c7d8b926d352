#include "troupe/refused.hpp"

#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <map>

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::operation;

namespace {

void add_chat(server& to) {
  auto& chat = to.endpoint("/chat");
  chat.events({"greeting"});
  chat.on("sum", [](int a, int b) { return a + b; });
  chat.on("say", [](connection& c, const std::string& words) { c.emit("said", c.id(), words); });
  chat.on("fail", [] { throw std::runtime_error{"a secret reason"}; });
  chat.on("throw-int", [] { throw 7; });
  chat.on("refuse", [] { throw refused{"not today"}; });
  chat.on("bytes", [](byte_view bytes) { return raw_bytes{bytes}; });
  chat.on("count", [](connection& c) { return ++c.value<std::map<int, int>>()[0]; });
}

struct chat_fixture {
  running_server server{quick_config(), add_chat};
  native_client client{server.port()};
};

} // namespace

TEST_CASE("native: the hello tells events, limits, time and the connection",
          "[integration][native]") {
  chat_fixture fixture;
  const auto& hello = fixture.client.hello();
  CHECK(hello->op == operation::hello);
  CHECK(hello->version == 1);
  CHECK(hello->connection >= 1);
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  CHECK(std::llabs(static_cast<long long>(hello->server_time) - now.count()) < 10'000);
  using limits = std::map<std::string, std::uint64_t>;
  const auto content = hello.arguments<std::vector<std::string>, limits, limits>();
  CHECK(std::get<0>(content).at(0) == "greeting");
  CHECK(std::get<0>(content).at(1) == "sum");
  CHECK(std::get<1>(content)
        == limits{{"message_bytes", 65'536},
                  {"messages_per_s", 200},
                  {"burst", 400},
                  {"bytes_per_s", 1'048'576},
                  {"ping_ms", 20'000},
                  {"rooms", 64}});
  native_client second{fixture.server.port()};
  CHECK(second.id() > fixture.client.id());
}

TEST_CASE("native: an event is handled and answered by an event", "[integration][native]") {
  chat_fixture fixture;
  fixture.client.emit("say", "hello");
  const auto said = fixture.client.next();
  CHECK(said->op == operation::event);
  CHECK(said.arguments<std::uint64_t, std::string>()
        == std::tuple{fixture.client.id(), std::string{"hello"}});
}

TEST_CASE("native: the number of an event is as good as its name", "[integration][native]") {
  chat_fixture fixture;
  const auto content = make_payload(20, 22);
  fixture.client.send({.op = operation::ask,
                       .ask_id = 9,
                       .name = {.number = 1, .text = {}},
                       .payload = content.bytes});
  const auto reply = fixture.client.next();
  CHECK(reply->op == operation::reply);
  CHECK(reply->ask_id == 9);
  CHECK(reply.argument<int>() == 42);
}

TEST_CASE("native: what cannot be answered is refused with its reason", "[integration][native]") {
  chat_fixture fixture;
  auto& client = fixture.client;
  auto check_error = [&client](std::uint64_t ask, errc code, std::string_view part) {
    const auto error = client.next();
    CHECK(error->op == operation::error);
    CHECK(error->ask_id == ask);
    CHECK(error->code == code);
    CAPTURE(std::string{error->text});
    CHECK(error->text.find(part) != std::string_view::npos);
  };
  check_error(client.ask("sum", 1, "two"), errc::bad_arguments, "argument 2");
  check_error(client.ask("sum", 1), errc::bad_arguments, "2 arguments");
  check_error(client.ask("sum", 1, 1e300), errc::bad_arguments, "argument 2");
  check_error(client.ask("nothing"), errc::unknown_event, "nothing");
  check_error(client.ask("greeting"), errc::unknown_event, "greeting");
  check_error(client.ask("refuse"), errc::refused, "not today");
  check_error(client.ask("fail"), errc::handler_failed, "failed");
  check_error(client.ask("throw-int"), errc::handler_failed, "failed");
  client.emit("fail");
  check_error(0, errc::handler_failed, "failed");
  client.emit("nothing");
  check_error(0, errc::unknown_event, "nothing");
  const auto ask = client.ask("sum", 1, 2);
  const auto reply = client.next();
  CHECK(reply->ask_id == ask);
  CHECK(reply.argument<int>() == 3);
}

TEST_CASE("native: the text of an exception stays in the server", "[integration][native]") {
  chat_fixture fixture;
  fixture.client.ask("fail");
  CHECK(fixture.client.next()->text.find("secret") == std::string_view::npos);
}

TEST_CASE("native: raw bytes travel as they are", "[integration][native]") {
  chat_fixture fixture;
  const auto sent =
      GENERATE(std::string{}, std::string{"\0\xFF\xC1", 3}, std::string(50'000, '\xC1'));
  fixture.client.ask("bytes", raw_bytes{as_bytes(sent)});
  const auto reply = fixture.client.next();
  CHECK(reply->content == content_kind::raw);
  CHECK(as_text(reply->payload) == sent);
}

TEST_CASE("native: values last as long as their connection", "[integration][native]") {
  chat_fixture fixture;
  for (int i = 1; i <= 3; ++i) {
    fixture.client.ask("count");
    CHECK(fixture.client.next().argument<int>() == i);
  }
  native_client other{fixture.server.port()};
  other.ask("count");
  CHECK(other.next().argument<int>() == 1);
}

TEST_CASE("native: malformed messages are told and forgiven, 16 of them are not",
          "[integration][native]") {
  chat_fixture fixture;
  auto& client = fixture.client;
  const auto wrong =
      GENERATE(std::string{"\x1F"}, std::string{"\x00", 1}, std::string{"\x01"},
               std::string{"\x01\x02\xDD\xFF\xFF\xFF\xFF", 7}, std::string{"\x01\x02\x92\x01", 4});
  for (int i = 0; i < 15; ++i) {
    client.send_bytes(wrong);
    CHECK(client.next()->op == operation::error);
  }
  client.ask("sum", 1, 2);
  CHECK(client.next().argument<int>() == 3);
  client.send_bytes(wrong);
  CHECK(client.next()->op == operation::error);
  CHECK(client.ws().wait_close().code == 1008);
  CHECK(serves(fixture.server));
}

TEST_CASE("native: text messages are malformed", "[integration][native]") {
  chat_fixture fixture;
  fixture.client.ws().send_text("hello");
  const auto error = fixture.client.next();
  CHECK(error->op == operation::error);
  CHECK(error->code == errc::malformed_message);
  fixture.client.ask("sum", 1, 2);
  CHECK(fixture.client.next().argument<int>() == 3);
}

TEST_CASE("native: the clock is answered with both times", "[integration][native]") {
  chat_fixture fixture;
  fixture.client.send({.op = operation::clock, .client_time = 123'456});
  const auto clock = fixture.client.next();
  CHECK(clock->op == operation::clock);
  CHECK(clock->client_time == 123'456);
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  CHECK(std::llabs(static_cast<long long>(clock->server_time) - now.count()) < 10'000'000);
}

} // namespace troupe::test

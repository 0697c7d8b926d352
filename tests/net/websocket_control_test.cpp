#include "tests/support/catch.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

using namespace troupe;
using namespace std::chrono_literals;
using test::fin;
using test::read_text;
using test::websocket_pair;
using lines = std::vector<std::string>;

TEST_CASE("websocket: by default a ping is answered and a pong is not (gorilla C1)",
          "[net][websocket]") {
  websocket_pair pair;
  const std::string content("any\0bytes\xFF", 10);
  pair.send_frame(fin | test::ping, content);
  pair.send_frame(fin | test::pong, "unasked");
  pair.send_frame(fin | test::text, "end");
  CHECK(read_text(pair.client) == "text end");
  CHECK(pair.heard() == lines{"pong " + content});
}

TEST_CASE("websocket: by default a close is answered with its code (gorilla C1)",
          "[net][websocket]") {
  const auto [payload, answer, status] = GENERATE(table<std::string, std::string, std::string>({
      {"", "close 1005 ", "error 25 1005 "},
      {test::close_payload(1000, "bye"), "close 1000 ", "error 25 1000 bye"},
      {test::close_payload(4999, "own"), "close 4999 ", "error 25 4999 own"},
  }));
  websocket_pair pair;
  pair.send_frame(fin | test::closing, payload);
  CHECK(read_text(pair.client) == status);
  CHECK(pair.heard() == lines{answer});
}

TEST_CASE("websocket: handlers see what came, unchanged (gorilla C1)", "[net][websocket]") {
  websocket_pair pair;
  lines seen;
  pair.client.on_ping([&](std::string_view content) {
    seen.push_back("ping " + std::string{content});
    return websocket_status{};
  });
  pair.client.on_pong([&](std::string_view content) {
    seen.push_back("pong " + std::string{content});
    return websocket_status{};
  });
  pair.client.on_close([&](std::uint16_t code, std::string_view text) {
    seen.push_back("close " + std::to_string(code) + " " + std::string{text});
    return websocket_status{};
  });
  pair.send_frame(fin | test::ping, "a");
  pair.send_frame(fin | test::pong, std::string(125, 'b'));
  pair.send_frame(fin | test::closing, test::close_payload(1001, "c"));
  CHECK(read_text(pair.client) == "error 25 1001 c");
  CHECK(seen == lines{"ping a", "pong " + std::string(125, 'b'), "close 1001 c"});
  CHECK(pair.heard().empty());
}

TEST_CASE("websocket: handlers can be asked for and put back (gorilla C1)", "[net][websocket]") {
  websocket_pair pair;
  const auto usual = pair.client.ping_handler();
  int pings = 0;
  pair.client.on_ping([&](std::string_view content) {
    ++pings;
    return usual(content);
  });
  pair.send_frame(fin | test::ping, "counted");
  pair.send_frame(fin | test::text, "one");
  CHECK(read_text(pair.client) == "text one");
  pair.client.on_ping({});
  pair.client.on_close(pair.client.close_frame_handler());
  pair.client.on_pong(pair.client.pong_handler());
  pair.send_frame(fin | test::ping, "not counted");
  pair.send_frame(fin | test::text, "two");
  CHECK(read_text(pair.client) == "text two");
  CHECK(pings == 1);
  CHECK(pair.heard() == lines{"pong counted", "pong not counted"});
}

TEST_CASE("websocket: the failure of a handler ends reading (gorilla C1)", "[net][websocket]") {
  websocket_pair pair;
  pair.client.on_pong([](std::string_view) {
    return websocket_status{errc::policy_violation, 0, "enough"};
  });
  pair.send_frame(fin | test::pong, {});
  pair.send_frame(fin | test::text, "behind it");
  CHECK(read_text(pair.client) == "error 18 0 enough");
  CHECK(read_text(pair.client) == "error 18 0 enough");
  websocket_pair throwing;
  throwing.client.on_ping(
      [](std::string_view) -> websocket_status { throw std::runtime_error{"thrown"}; });
  throwing.send_frame(fin | test::ping, {});
  CHECK(read_text(throwing.client) == "error 12 0 thrown");
}

TEST_CASE("websocket: a handler must not read or close (gorilla C1)", "[net][websocket]") {
  websocket_pair pair;
  errc read = errc::ok;
  errc closed = errc::ok;
  pair.client.on_ping([&](std::string_view) {
    read = pair.client.read_message().error().code;
    closed = pair.client.close().code;
    return websocket_status{};
  });
  pair.send_frame(fin | test::ping, {});
  pair.send_frame(fin | test::text, "unharmed");
  CHECK(read_text(pair.client) == "text unharmed");
  CHECK(read == errc::refused);
  CHECK(closed == errc::refused);
}

TEST_CASE("websocket: a pong handler can move the deadline (gorilla C2)", "[net][websocket]") {
  websocket_pair pair;
  pair.client.set_read_deadline(std::chrono::steady_clock::now() + 10s);
  pair.client.on_pong([&](std::string_view) {
    pair.client.set_read_deadline(std::chrono::steady_clock::now());
    return websocket_status{};
  });
  pair.send_frame(fin | test::pong, {});
  CHECK(pair.client.read_message().error().code == errc::timed_out);
}

TEST_CASE("websocket: close shakes hands (gorilla C6)", "[net][websocket]") {
  websocket_pair pair;
  pair.send_frame(fin | test::text, "skipped");
  pair.send_frame(fin | test::closing, test::close_payload(1000));
  std::thread server{[&] {
    while (pair.written().empty())
      std::this_thread::yield();
    pair.hang_up();
  }};
  const auto status = pair.client.close(close_code::going_away, "leaving", 5s);
  server.join();
  CHECK(status.code == errc::ok);
  CHECK(pair.client.write_text("more").code == errc::closed);
  CHECK(is_close_error(pair.client.read_message().error(), {close_code::normal}));
}

TEST_CASE("websocket: close sends its code and gives up in time (gorilla C6)", "[net][websocket]") {
  websocket_pair pair;
  CHECK(pair.client.close(close_code::going_away, "leaving", 20ms).code == errc::timed_out);
  CHECK(pair.heard() == lines{"close 1001 leaving"});
}

TEST_CASE("websocket: close may come while another thread reads (gorilla C6)", "[net][websocket]") {
  websocket_pair pair;
  std::string read;
  std::thread reader{[&] { read = read_text(pair.client); }};
  std::thread server{[&] {
    while (pair.written().empty())
      std::this_thread::yield();
    pair.send_frame(fin | test::closing, test::close_payload(1000, "you too"));
    pair.hang_up();
  }};
  const auto status = pair.client.close(close_code::normal, {}, 5s);
  reader.join();
  server.join();
  INFO(read << " / " << test::describe(status));
  CHECK(status.code == errc::ok);
  CHECK(read == "error 25 1000 you too");
}

TEST_CASE("websocket: drop ends calls that wait (gorilla C6)", "[net][websocket]") {
  websocket_pair pair;
  auto open = pair.client.next_writer(message_type::text);
  std::thread other{[&] { pair.client.drop(); }};
  CHECK(pair.client.read_message().error().code == errc::closed);
  other.join();
  CHECK(pair.client.write_control(message_type::ping, {}).code == errc::closed);
  CHECK(pair.heard().empty());
}

TEST_CASE("websocket: readers and writers may outlive it", "[net][websocket]") {
  websocket_pair pair;
  pair.send_frame(test::text, "begin");
  auto reader = pair.client.next_reader();
  auto writer = pair.client.next_writer(message_type::text);
  { const auto gone = std::move(pair.client); }
  CHECK(reader->read_all().error().code == errc::closed);
  CHECK(writer->write("text"));
  CHECK(writer->finish().code == errc::closed);
}

TEST_CASE("websocket: close messages are formatted (gorilla C7)", "[net][websocket]") {
  CHECK(format_close_message(close_code::normal, "bye") == test::close_payload(1000, "bye"));
  CHECK(format_close_message(close_code::no_status, "bye").empty());
  CHECK(format_close_message(close_code{4000}).size() == 2);
  CHECK(format_close_message(close_code::normal, std::string(200, 'x')).size() == 125);
}

TEST_CASE("websocket: ends can be told apart (gorilla C8)", "[net][websocket]") {
  using enum close_code;
  const websocket_status normal_end{errc::closed, 1000, {}};
  const websocket_status own_end{errc::closed, 0, {}};
  CHECK(is_close_error(normal_end, {going_away, normal}));
  CHECK_FALSE(is_close_error(normal_end, {going_away}));
  CHECK_FALSE(is_close_error(own_end, {normal}));
  CHECK_FALSE(is_close_error(normal_end, {}));
  CHECK(is_unexpected_close_error(normal_end, {going_away}));
  CHECK(is_unexpected_close_error(normal_end, {}));
  CHECK_FALSE(is_unexpected_close_error(normal_end, {normal}));
  CHECK_FALSE(is_unexpected_close_error(own_end, {}));
}

#include "tests/support/catch.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

#include <atomic>
#include <chrono>
#include <thread>

using namespace troupe;
using namespace std::chrono_literals;
using test::fin;
using test::websocket_pair;
using lines = std::vector<std::string>;

namespace {

websocket::time_point in(std::chrono::milliseconds wait) {
  return std::chrono::steady_clock::now() + wait;
}

} // namespace

TEST_CASE("websocket: a message is one masked frame, whatever its length (gorilla W2)",
          "[net][websocket]") {
  for (const int count :
       {0, 1, 2, 124, 125, 126, 127, 128, 129, 4095, 4096, 4097, 65534, 65535, 65536, 65537}) {
    const auto length = static_cast<std::size_t>(count);
    CAPTURE(length);
    websocket_pair pair;
    const std::string content(length, 'c');
    CHECK(pair.client.write_binary(as_bytes(content)));
    const std::size_t header = length < 126 ? 6 : length < 65536 ? 8 : 14;
    CHECK(pair.heard(true)
          == lines{"data " + std::to_string(header + length), "binary " + content});
  }
}

TEST_CASE("websocket: masks change from frame to frame", "[net][websocket]") {
  websocket_pair pair;
  CHECK(pair.client.write_text("same"));
  const auto first = pair.written();
  CHECK(pair.client.write_text("same"));
  CHECK(pair.written() != first);
}

TEST_CASE("websocket: a message is written piece by piece (gorilla W1, D5)", "[net][websocket]") {
  websocket_pair pair{{.write_buffer_bytes = 128}};
  auto writer = pair.client.next_writer(message_type::text);
  REQUIRE(writer);
  CHECK(writer->write(std::string(100, 'a')));
  CHECK(writer->write(std::string(100, 'b')));
  CHECK(pair.client.write_control(message_type::ping, "between"));
  CHECK(writer->write(std::string(56, 'c')));
  CHECK(writer->finish());
  CHECK(pair.heard(true)
        == lines{"data 136", "control 13", "ping between", "data 136",
                 "text " + std::string(100, 'a') + std::string(100, 'b') + std::string(56, 'c')});
}

TEST_CASE("websocket: an empty message can be written as a stream (gorilla W1)",
          "[net][websocket]") {
  websocket_pair pair;
  CHECK(pair.client.next_writer(message_type::binary)->finish());
  CHECK(pair.heard() == lines{"binary "});
}

TEST_CASE("websocket: a control message can be written as a stream (gorilla W1)",
          "[net][websocket]") {
  websocket_pair pair;
  auto writer = pair.client.next_writer(message_type::ping);
  REQUIRE(writer);
  CHECK(writer->write("pi"));
  CHECK(writer->write("ng"));
  CHECK(writer->finish());
  auto longer = pair.client.next_writer(message_type::pong);
  CHECK(longer->write(std::string(126, 'x')));
  CHECK(longer->finish().code == errc::bad_arguments);
  CHECK(pair.heard() == lines{"ping ping"});
}

TEST_CASE("websocket: nothing is written to a finished message (gorilla W1)", "[net][websocket]") {
  websocket_pair pair;
  auto first = pair.client.next_writer(message_type::text);
  REQUIRE(first);
  CHECK(first->write("first"));
  CHECK(pair.client.write_text("second")); // ends the first one
  CHECK(first->write("more").code == errc::refused);
  CHECK(first->finish().code == errc::refused);
  CHECK(first->finish().code == errc::refused);
  CHECK(pair.heard() == lines{"text first", "text second"});
}

TEST_CASE("websocket: a writer that goes out of scope ends its message (gorilla W1)",
          "[net][websocket]") {
  websocket_pair pair;
  {
    auto writer = pair.client.next_writer(message_type::text);
    CHECK(writer->write("scoped"));
  }
  CHECK(pair.heard() == lines{"text scoped"});
}

TEST_CASE("websocket: the deadline of a control frame counts (gorilla W4)", "[net][websocket]") {
  websocket_pair pair;
  CHECK(pair.client.write_control(message_type::ping, "past", in(-1ms)).code == errc::timed_out);
  CHECK(pair.client.write_control(message_type::ping, "none"));
  CHECK(pair.client.write_control(message_type::ping, "future", in(10s)));
  CHECK(pair.client.write_message(message_type::pong, as_bytes("too")));
  CHECK(pair.heard() == lines{"ping none", "ping future", "pong too"});
}

TEST_CASE("websocket: control frames hold at most 125 bytes (gorilla W4)", "[net][websocket]") {
  websocket_pair pair;
  CHECK(pair.client.write_control(message_type::ping, std::string(125, 'x')));
  CHECK(pair.client.write_control(message_type::ping, std::string(126, 'x')).code
        == errc::bad_arguments);
  CHECK(pair.client.write_control(message_type::text, "no control frame").code
        == errc::bad_arguments);
  CHECK(pair.client.write_message(static_cast<message_type>(3), {}).code == errc::bad_arguments);
  CHECK(pair.heard().size() == 1);
}

TEST_CASE("websocket: a write that the server does not take fails for ever (gorilla W6)",
          "[net][websocket]") {
  websocket_pair pair;
  const std::string much(8 << 20, 'x');
  pair.client.set_write_deadline(in(200ms));
  CHECK(pair.client.write_binary(as_bytes(much)).code == errc::timed_out);
  pair.written();
  pair.client.set_write_deadline({});
  CHECK(pair.client.write_text("next").code == errc::timed_out);
  CHECK(pair.client.write_control(message_type::ping, {}).code == errc::timed_out);
}

TEST_CASE("websocket: nothing is written behind a close frame (gorilla W7)", "[net][websocket]") {
  websocket_pair pair;
  auto open = pair.client.next_writer(message_type::text);
  CHECK(pair.client.write_control(message_type::close,
                                  format_close_message(close_code::normal, "done")));
  for (const auto& status :
       {pair.client.write_text("more"), pair.client.write_control(message_type::ping, {}),
        open->write("buffered"), open->finish()}) {
    CHECK(status.close_code == 0);
    CHECK((status.code == errc::closed || status.code == errc::refused));
  }
  CHECK(pair.heard() == lines{"close 1000 done"});
}

TEST_CASE("websocket: messages of many threads stay whole (gorilla W8)", "[net][websocket]") {
  websocket_pair pair{{.write_buffer_bytes = 128}};
  constexpr int count = 40;
  std::atomic<int> busy = 4;
  const auto stream = [&](char letter) {
    for (int i = 0; i != count; ++i) {
      auto writer = pair.client.next_writer(message_type::text);
      for (int part = 0; part != 3; ++part)
        writer->write(std::string(90, letter));
      writer->finish();
    }
    --busy;
  };
  const auto whole = [&](char letter) {
    for (int i = 0; i != count; ++i)
      pair.client.write_text(std::string(300, letter));
    --busy;
  };
  const auto pings = [&] {
    for (int i = 0; i != count; ++i)
      pair.client.write_control(message_type::ping, "p");
    --busy;
  };
  std::vector<std::thread> threads;
  threads.emplace_back(stream, 'a');
  threads.emplace_back(stream, 'b');
  threads.emplace_back(whole, 'c');
  threads.emplace_back(pings);
  while (busy != 0)
    pair.collect();
  for (auto& thread : threads)
    thread.join();
  int messages = 0;
  int controls = 0;
  for (const auto& line : pair.heard()) {
    controls += line == "ping p" ? 1 : 0;
    const std::string_view content{line.data() + 5, line.size() - 5};
    const bool is_whole = content.find_first_not_of(content.front()) == std::string_view::npos
                          && (content.size() == 270 || content.size() == 300);
    messages += line.starts_with("text ") && is_whole ? 1 : 0;
  }
  CHECK(messages == 3 * count);
  CHECK(controls == count);
}

TEST_CASE("websocket: another thread's message is waited for until the deadline (gorilla W8)",
          "[net][websocket]") {
  websocket_pair pair;
  auto open = pair.client.next_writer(message_type::text);
  CHECK(open->write("open"));
  websocket_status other;
  pair.client.set_write_deadline(in(20ms));
  std::thread{[&] { other = pair.client.write_text("other"); }}.join();
  CHECK(other.code == errc::timed_out);
  pair.client.set_write_deadline({});
  CHECK(open->finish());
  CHECK(pair.client.write_text("usable"));
  CHECK(pair.heard() == lines{"text open", "text usable"});
}

TEST_CASE("websocket: a message that misses a piece is never completed (gorilla W1, W6)",
          "[net][websocket]") {
  websocket_pair pair{{.write_buffer_bytes = 128}};
  auto unsent = pair.client.next_writer(message_type::text);
  CHECK(unsent->write(std::string(128, 'a')));
  pair.client.set_write_deadline(in(-1ms));
  CHECK(unsent->write("b").code == errc::timed_out);
  pair.client.set_write_deadline({});
  CHECK(unsent->finish().code == errc::timed_out);
  CHECK(pair.client.write_text("usable")); // nothing of the message was sent
  CHECK(pair.heard() == lines{"text usable"});

  auto begun = pair.client.next_writer(message_type::text);
  CHECK(begun->write(std::string(256, 'a')));
  pair.client.set_write_deadline(in(-1ms));
  CHECK(begun->write("b").code == errc::timed_out);
  pair.client.set_write_deadline({});
  CHECK(begun->finish().code == errc::timed_out);
  CHECK(pair.client.write_text("more").code == errc::timed_out);
  CHECK(pair.heard() == lines{"incomplete"});
}

#include "protocol/deflate.hpp"
#include "protocol/ws_writer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ws_pair.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::test;
using protocol::opcode;

using lines = std::vector<std::string>;

namespace {

net::ws_options small_outbox(std::size_t bytes) {
  net::ws_options options;
  options.limits.outbox_bytes = bytes;
  return options;
}

std::string inflated(const std::vector<std::string>& fragments) {
  protocol::inflater inflate;
  std::vector<std::byte> out;
  for (const auto& each : fragments)
    CHECK(inflate.feed(as_bytes(each), 1'000'000, out) == errc::ok);
  CHECK(inflate.finish(1'000'000, out) == errc::ok);
  return std::string{as_text(out)};
}

/// Short frames one after the other: first byte and payload.
std::vector<std::pair<int, std::string>> split(std::string_view bytes) {
  std::vector<std::pair<int, std::string>> frames;
  while (bytes.size() >= 2) {
    const auto size = static_cast<unsigned char>(bytes[1]);
    REQUIRE(size < 126);
    frames.emplace_back(static_cast<unsigned char>(bytes[0]), bytes.substr(2, size));
    bytes.remove_prefix(2 + size);
  }
  return frames;
}

} // namespace

TEST_CASE("gorilla W1: a message is written in fragments", "[net][ws_connection][stream]") {
  ws_pair pair;
  const auto stream = pair.socket->begin_stream(opcode::text);
  CHECK(pair.socket->write_piece(stream, as_bytes("one "), false) == verdict::queued);
  CHECK(pair.socket->write_piece(stream, {}, false) == verdict::queued);
  CHECK(pair.sent() == short_frame(text, "one "));
  CHECK(pair.socket->write_piece(stream, as_bytes("two "), false) == verdict::queued);
  CHECK(pair.socket->write_piece(stream, as_bytes("three"), true) == verdict::queued);
  CHECK(pair.sent() == short_frame(0, "two ") + short_frame(fin, "three"));
  CHECK(pair.socket->write_piece(stream, as_bytes("four"), true) == verdict::closed);
  CHECK(pair.sent().empty());
}

TEST_CASE("gorilla W1: one piece is an ordinary message", "[net][ws_connection][stream]") {
  ws_pair pair;
  const auto stream = pair.socket->begin_stream(opcode::binary);
  CHECK(pair.socket->write_piece(stream, as_bytes("all"), true) == verdict::queued);
  CHECK(pair.sent() == short_frame(fin | binary, "all"));
}

TEST_CASE("gorilla W1: other messages wait, control frames do not",
          "[net][ws_connection][stream]") {
  ws_pair pair;
  pair.socket->send(opcode::text, as_bytes("before"));
  const auto stream = pair.socket->begin_stream(opcode::text);
  pair.socket->write_piece(stream, as_bytes("a"), false);
  pair.socket->send(opcode::text, as_bytes("behind 1"));
  pair.socket->send(protocol::make_frame(opcode::binary, as_bytes("behind 2")));
  pair.socket->send_control(opcode::ping, as_bytes("?"));
  CHECK(pair.sent()
        == short_frame(fin | text, "before") + short_frame(text, "a")
               + short_frame(fin | ping, "?"));
  CHECK(pair.socket->queued_bytes() == 20);
  pair.receive(client_frame(fin | ping, "!"));
  pair.socket->write_piece(stream, as_bytes("b"), true);
  CHECK(pair.sent()
        == short_frame(fin | pong, "!") + short_frame(fin, "b")
               + short_frame(fin | text, "behind 1") + short_frame(fin | binary, "behind 2"));
}

TEST_CASE("gorilla W1: a new writer finishes the last", "[net][ws_connection][stream]") {
  ws_pair pair;
  const auto first = pair.socket->begin_stream(opcode::text);
  pair.socket->write_piece(first, as_bytes("a"), false);
  const auto second = pair.socket->begin_stream(opcode::binary);
  CHECK(pair.socket->write_piece(first, as_bytes("x"), true) == verdict::closed);
  CHECK(pair.socket->write_piece(second, as_bytes("b"), true) == verdict::queued);
  CHECK(pair.sent()
        == short_frame(text, "a") + short_frame(fin, "") + short_frame(fin | binary, "b"));
}

TEST_CASE("gorilla W1: the newest of a key wins across a message in pieces",
          "[net][ws_connection][stream]") {
  ws_pair pair;
  const auto frame = [](std::string_view content) {
    return protocol::make_frame(opcode::binary, as_bytes(content));
  };
  pair.socket->send(frame("old"), latest(1));
  const auto stream = pair.socket->begin_stream(opcode::text);
  pair.socket->write_piece(stream, as_bytes("a"), false);
  CHECK(pair.socket->send(frame("new"), latest(1)) == verdict::replaced);
  CHECK(pair.socket->send(frame("p"), latest(2)) == verdict::queued);
  CHECK(pair.socket->send(frame("q"), latest(2)) == verdict::replaced);
  pair.socket->write_piece(stream, as_bytes("b"), true);
  CHECK(pair.socket->send(frame("r"), latest(2)) == verdict::replaced);
  CHECK(pair.sent()
        == short_frame(fin | binary, "new") + short_frame(text, "a") + short_frame(fin, "b")
               + short_frame(fin | binary, "r"));
}

TEST_CASE("gorilla W1: a close may come between fragments", "[net][ws_connection][stream]") {
  ws_pair pair;
  const auto stream = pair.socket->begin_stream(opcode::text);
  pair.socket->write_piece(stream, as_bytes("a"), false);
  pair.socket->send(opcode::text, as_bytes("never"));
  pair.socket->close(errc::ok, protocol::close_code::normal);
  CHECK(pair.socket->write_piece(stream, as_bytes("b"), true) == verdict::closed);
  CHECK(pair.sent() == short_frame(text, "a") + short_frame(fin | closing, close_payload(1000)));
  CHECK(pair.socket->queued_bytes() == 0);
}

TEST_CASE("gorilla W1: a piece without room is turned away and asked for later",
          "[net][ws_connection][stream]") {
  ws_pair pair{small_outbox(60'000)};
  const std::string piece(40'000, 'x');
  const auto stream = pair.socket->begin_stream(opcode::binary);
  std::size_t pieces = 0;
  verdict last{};
  while ((last = pair.socket->write_piece(stream, as_bytes(piece), false)) == verdict::queued) {
    ++pieces;
    pair.home.flush();
  }
  CHECK(last == verdict::dropped);
  CHECK(pair.socket->is_open());
  CHECK(pair.events.lines.empty());
  pair.events.drained = [&] {
    CHECK(pair.socket->write_piece(stream, as_bytes("end"), true) == verdict::queued);
  };
  std::string all;
  while (pair.events.lines.empty() || pair.socket->queued_bytes() != 0) {
    all += pair.taken();
    pair.turn();
  }
  all += pair.taken();
  CHECK(pair.events.lines == lines{"drained"});
  CHECK(all.size() == pieces * (4 + piece.size()) + 5);
  CHECK(all.ends_with(short_frame(fin, "end")));
}

TEST_CASE("gorilla C3: messages are compressed where that was agreed and is switched on",
          "[net][ws_connection][deflate]") {
  const std::string content(100, 'x');
  const auto plain = short_frame(fin | text, content);
  ws_pair pair{{}, GENERATE(true, false)};
  const bool agreed = pair.socket->is_compressed();
  const auto send = [&](auto... how) {
    pair.socket->send(opcode::text, as_bytes(content), how...);
    return pair.sent();
  };
  const auto packed = send();
  CHECK((packed == plain) != agreed);
  if (agreed)
    CHECK(inflated({split(packed).at(0).second}) == content);
  CHECK(send(compression{.enabled = false}) == plain);
  CHECK(send(compression{.threshold = 101}) == plain);
  pair.socket->compress({.enabled = false});
  CHECK(send() == plain);
  CHECK((send(compression{}) == plain) != agreed);
  pair.socket->compress({.level = compression::fastest});
  CHECK((send() == plain) != agreed);
}

TEST_CASE("gorilla C4: an endpoint's level and threshold are the default",
          "[net][ws_connection][deflate]") {
  ws_pair pair{{.packing = {.threshold = 200}}, true};
  const std::string content(150, 'x');
  pair.socket->send(opcode::text, as_bytes(content));
  CHECK(pair.sent().size() == 4 + 150);
  pair.socket->compress({.level = 0, .threshold = 0});
  pair.socket->send(opcode::text, as_bytes(content));
  CHECK(pair.sent().size() == 4 + 150); // level 0 makes nothing smaller
}

TEST_CASE("gorilla W1: a message in pieces is compressed too", "[net][ws_connection][deflate]") {
  ws_pair pair{{}, true};
  const auto stream = pair.socket->begin_stream(opcode::text);
  pair.socket->write_piece(stream, as_bytes(std::string(50, 'a')), false);
  pair.socket->send_control(opcode::ping, {});
  pair.socket->write_piece(stream, as_bytes(std::string(50, 'b')), false);
  pair.socket->write_piece(stream, {}, true);
  const auto frames = split(pair.sent());
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].first == (text | rsv1));
  CHECK(frames[1].first == (fin | ping));
  CHECK(frames[2].first == 0);
  CHECK(frames[3].first == fin);
  CHECK(inflated({frames[0].second, frames[2].second, frames[3].second})
        == std::string(50, 'a') + std::string(50, 'b'));
}

TEST_CASE("gorilla R1: an endpoint may take messages in parts", "[net][ws_connection][stream]") {
  ws_pair pair{{.reader = {.in_parts = true}}};
  CHECK(pair.receive(client_frame(fin | text, "whole")) == lines{"first last part whole"});
  CHECK(pair.receive(client_frame(text, "a")) == lines{"first part a"});
  CHECK(pair.receive(client_frame(fin | ping, "")).empty());
  CHECK(pair.receive(client_frame(fin, "b")) == lines{"last part b"});
}

TEST_CASE("gorilla R1: a paused reader keeps the parts that follow",
          "[net][ws_connection][stream]") {
  ws_pair pair{{.reader = {.in_parts = true}}};
  pair.events.pauses = true;
  CHECK(pair.receive(client_frame(text, "a") + client_frame(0, "b") + client_frame(fin, "c"))
        == lines{"first part a"});
  pair.turn();
  CHECK(pair.events.lines.size() == 1);
  pair.socket->resume_reading();
  CHECK(pair.events.lines == lines{"first part a", "part b"});
  pair.events.pauses = false;
  pair.socket->resume_reading();
  CHECK(pair.events.lines.back() == "last part c");
}

TEST_CASE("gorilla R1: a message in parts beyond the rate is discarded whole",
          "[net][ws_connection][stream]") {
  net::ws_options options{.reader = {.in_parts = true}};
  options.limits.messages_per_s = 1;
  options.limits.burst = 1;
  ws_pair pair{options};
  const auto message = client_frame(text, "a") + client_frame(fin, "b");
  CHECK(pair.receive(message) == lines{"first part a", "last part b"});
  pair.receive(message); // this client cannot be told, so it is closed
  CHECK(pair.events.lines.size() == 1);
  CHECK(pair.events.lines[0].starts_with("closed "));
}

#include "protocol/sent_ring.hpp"

#include "protocol/deflate.hpp"
#include "protocol/native_encode.hpp"
#include "protocol/ws_writer.hpp"
#include "tests/support/catch.hpp"

#include <cstring>
#include <initializer_list>
#include <random>
#include <string>

using namespace troupe;
using namespace troupe::protocol;

namespace {

/// The message with the number `n`, as an ordered event.
frame_ptr counted(std::uint64_t n) {
  return make_frame(opcode::binary, encode_reply(n, content_kind::arguments).bytes());
}

frame_ptr latest_event() {
  const auto front =
      encode_server_event({.number = 1, .text = {}}, content_kind::raw, delivery_class::latest);
  return make_frame(opcode::binary, front.bytes());
}

frame_ptr joined(std::initializer_list<frame_ptr> frames) {
  auto all = frame_ptr::allocate(1'024);
  for (const auto& each : frames) {
    std::memcpy(all.spare().data(), each->bytes().data(), each->size());
    all.grow(each->size());
  }
  return all;
}

std::string text_of(const std::vector<frame_ptr>& frames) {
  std::string text;
  for (const auto& each : frames)
    text += as_text(each->bytes());
  return text;
}

std::string counted_from(std::uint64_t first, std::uint64_t last) {
  std::string text;
  for (; first <= last; ++first)
    text += as_text(counted(first)->bytes());
  return text;
}

} // namespace

TEST_CASE("sent_ring: gives back what follows the messages that were received",
          "[protocol][sent_ring]") {
  sent_ring ring{10'000};
  for (std::uint64_t n = 1; n <= 5; ++n)
    ring.record(counted(n), delivery_class::ordered);
  CHECK(ring.last() == 5);
  CHECK(ring.holds(0));
  CHECK(ring.holds(5));
  CHECK_FALSE(ring.holds(6));
  CHECK(text_of(ring.take_after(2)) == counted_from(3, 5));
  CHECK(ring.last() == 2);
  CHECK(ring.bytes() == 0);
}

TEST_CASE("sent_ring: keeps only frames with messages that count", "[protocol][sent_ring]") {
  sent_ring ring{10'000};
  ring.record(latest_event(), delivery_class::latest);
  ring.record(make_frame(opcode::ping, {}), delivery_class::ordered);
  ring.record(make_frame(opcode::text, as_bytes("text")), delivery_class::ordered);
  ring.record(make_frame(opcode::binary, encode_hello(1, 1).bytes()), delivery_class::ordered);
  CHECK(ring.size() == 0);
  CHECK(ring.last() == 0);
  ring.record(counted(1), delivery_class::ordered);
  CHECK(ring.last() == 1);
}

TEST_CASE("sent_ring: shares frames and splits those of several messages",
          "[protocol][sent_ring]") {
  const auto shared = joined({counted(1), latest_event(), counted(2), counted(3)});
  sent_ring ring{10'000};
  ring.record(shared, delivery_class::ordered);
  CHECK(ring.last() == 3);
  SECTION("all of it") {
    const auto missed = ring.take_after(0);
    REQUIRE(missed.size() == 1);
    CHECK(missed[0]->bytes().data() == shared->bytes().data());
  }
  SECTION("the end of it") {
    CHECK(text_of(ring.take_after(1))
          == std::string{as_text(latest_event()->bytes())} + counted_from(2, 3));
  }
  SECTION("nothing") {
    ring.acknowledge(2);
    CHECK(ring.size() == 1);
    ring.acknowledge(3);
    CHECK(ring.size() == 0);
    CHECK(ring.take_after(3).empty());
  }
}

TEST_CASE("sent_ring: of compressed messages the class decides", "[protocol][sent_ring]") {
  const std::vector<std::byte> message(1'000, std::byte{3});
  const auto packed = thread_deflater().make_frame(opcode::binary, message);
  REQUIRE(packed->size() < 100);
  sent_ring ring{10'000};
  ring.record(packed, delivery_class::latest);
  CHECK(ring.last() == 0);
  ring.record(packed, delivery_class::ordered);
  CHECK(ring.last() == 1);
}

TEST_CASE("sent_ring: is bounded, and knows what it no longer holds", "[protocol][sent_ring]") {
  sent_ring ring{1'000};
  for (std::uint64_t n = 1; n <= 1'000; ++n) {
    ring.record(counted(n), delivery_class::ordered);
    CHECK(ring.bytes() <= 1'000);
  }
  CHECK(ring.last() == 1'000);
  CHECK(ring.size() > 5);
  CHECK_FALSE(ring.holds(0));
  CHECK_FALSE(ring.holds(999 - ring.size()));
  CHECK(ring.holds(1'000 - ring.size()));
  ring.record(make_frame(opcode::binary, std::vector<std::byte>(5'000, std::byte{1})),
              delivery_class::ordered);
  CHECK(ring.size() == 0);
  CHECK(ring.holds(1'001));
  CHECK_FALSE(ring.holds(1'000));
}

TEST_CASE("sent_ring: ignores acknowledgements of what was never sent", "[protocol][sent_ring]") {
  sent_ring ring{10'000};
  ring.record(counted(1), delivery_class::ordered);
  ring.acknowledge(100);
  CHECK(ring.last() == 1);
  CHECK(ring.holds(1));
  CHECK_FALSE(ring.holds(100));
}

TEST_CASE("sent_ring: loses and repeats nothing in random histories", "[protocol][sent_ring]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  sent_ring ring{100'000};
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  for (int step = 0; step < 2'000; ++step) {
    const auto begin = sent;
    auto frame = frame_ptr::allocate(256);
    for (auto left = random() % 4; left != 0; --left) {
      const auto one = random() % 4 == 0 ? latest_event() : counted(++sent);
      std::memcpy(frame.spare().data(), one->bytes().data(), one->size());
      frame.grow(one->size());
    }
    ring.record(frame, delivery_class::ordered);
    REQUIRE(ring.last() == begin + (sent - begin));
    received =
        std::max<std::uint64_t>(received, sent - std::min<std::uint64_t>(sent, random() % 9));
    if (random() % 3 == 0)
      ring.acknowledge(received);
    if (random() % 50 != 0)
      continue;
    REQUIRE(ring.holds(received));
    const auto missed = ring.take_after(received);
    for (const auto& each : missed) // it is sent again
      ring.record(each, delivery_class::ordered);
    REQUIRE(ring.last() == sent);
  }
}

TEST_CASE("sent_ring: a frame that has grown is counted again", "[protocol][sent_ring]") {
  auto frame = frame_ptr::allocate(1'024);
  const auto append = [&frame](const frame_ptr& other) {
    std::memcpy(frame.spare().data(), other->bytes().data(), other->size());
    frame.grow(other->size());
  };
  append(counted(1));
  CHECK(count_messages(*frame, delivery_class::ordered) == 1);
  append(counted(2));
  append(latest_event());
  CHECK(count_messages(*frame, delivery_class::ordered) == 2);
  sent_ring one{10'000};
  sent_ring other{10'000};
  one.record(frame, delivery_class::ordered);
  other.record(frame, delivery_class::ordered);
  CHECK(one.last() == 2);
  CHECK(other.last() == 2);
}

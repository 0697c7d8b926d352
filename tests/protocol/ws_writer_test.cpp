#include "protocol/ws_writer.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/ws_frames.hpp"
#include "tests/support/ws_recorder.hpp"

#include <array>
#include <string>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::test;

using lines = std::vector<std::string>;

static std::string bytes_of(const frame_ptr& frame) {
  return std::string{as_text(frame->bytes())};
}

static ws_outcome read_as_client(const frame_ptr& frame) {
  return read_stream(
      as_text(frame->bytes()), {},
      {.role = ws_role::client, .limits = {.max_message_bytes = 100000}, .notes_frames = false});
}

TEST_CASE("ws_writer: a server's frame has the shortest header", "[protocol][ws_writer]") {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 70000U}) {
    const std::string payload(size, 'x');
    const auto frame = make_frame(opcode::binary, as_bytes(payload));
    CHECK(bytes_of(frame)
          == encode({.first_byte = fin | binary, .payload = payload, .is_masked = false}));
    CHECK(frame->size() == header_size(size) + size);
    CHECK(read_as_client(frame).events == lines{"binary " + payload});
  }
}

TEST_CASE("ws_writer: a header for a huge payload has a 64-bit length", "[protocol][ws_writer]") {
  std::array<std::byte, 10> out{};
  REQUIRE(write_header(out.data(), opcode::binary, std::size_t{0x0123456789ABCDEF}) == out.size());
  CHECK(as_text(out) == std::string_view{"\x82\x7F\x01\x23\x45\x67\x89\xAB\xCD\xEF", 10});
}

TEST_CASE("ws_writer: RSV1 marks a compressed frame", "[protocol][ws_writer]") {
  CHECK(bytes_of(make_frame(opcode::text, as_bytes("a"), true))
        == "\xC1\x01"
           "a");
  CHECK(bytes_of(make_frame(opcode::text, as_bytes("a")))
        == "\x81\x01"
           "a");
}

TEST_CASE("ws_writer: a client's frame is masked with the key", "[protocol][ws_writer]") {
  const mask_key key{std::byte{0x37}, std::byte{0xFA}, std::byte{0x21}, std::byte{0x3D}};
  for (const std::size_t size : {0U, 1U, 5U, 33U, 125U, 126U, 65535U, 65536U}) {
    const std::string payload(size, 'x');
    const auto frame = make_masked_frame(opcode::text, as_bytes(payload), key);
    CHECK(bytes_of(frame) == client_frame(fin | text, payload));
  }
}

TEST_CASE("ws_writer: masking twice gives the bytes back, wherever it is cut",
          "[protocol][ws_writer]") {
  const mask_key key{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  for (std::size_t size = 0; size < 100; ++size) {
    std::string bytes(size, '\x55');
    const auto all = std::as_writable_bytes(std::span{bytes});
    const auto cut = size / 3;
    apply_mask(all.first(cut), key);
    apply_mask(all.subspan(cut), advance_mask(key, cut));
    for (std::size_t at = 0; at < size; ++at)
      REQUIRE(bytes[at] == static_cast<char>(0x55 ^ (at % 4 + 1)));
    apply_mask(all, key);
    REQUIRE(bytes == std::string(size, '\x55'));
  }
}

TEST_CASE("ws_writer: a close frame carries code and reason", "[protocol][ws_writer]") {
  CHECK(read_as_client(make_close_frame(close_code::normal)).events == lines{"close 1000 "});
  CHECK(read_as_client(make_close_frame(4001, "later")).events == lines{"close 4001 later"});
}

TEST_CASE("ws_writer: codes that must not be sent make an empty close frame",
          "[protocol][ws_writer]") {
  for (const int code : {0, 999, 1005, 1006, 1015, 5000})
    CHECK(bytes_of(make_close_frame(static_cast<std::uint16_t>(code), "why"))
          == std::string_view{"\x88\x00", 2});
  CHECK(make_close_frame(close_code::abnormal)->size() == 2);
}

TEST_CASE("ws_writer: a long reason is cut between two characters", "[protocol][ws_writer]") {
  const std::string filler(121, 'r');
  const auto cut = [](const std::string& reason) {
    return read_as_client(make_close_frame(1000, reason)).events;
  };
  CHECK(cut(filler + "ab") == lines{"close 1000 " + filler + "ab"});
  CHECK(cut(filler + "abc") == lines{"close 1000 " + filler + "ab"});
  CHECK(cut(filler + "\xC3\xA9") == lines{"close 1000 " + filler + "\xC3\xA9"});
  CHECK(cut(filler + "\xE2\x82\xAC") == lines{"close 1000 " + filler});
  CHECK(cut(std::string(1000, 'r')) == lines{"close 1000 " + filler + "rr"});
}

TEST_CASE("gorilla W1: fragments say where they stand", "[protocol][ws_writer]") {
  const auto first_byte = [](message_place place, bool is_compressed) {
    const auto frame = make_fragment(opcode::text, as_bytes("abc"), place, is_compressed);
    CHECK(as_text(frame->bytes().subspan(1)) == "\x03" "abc");
    return std::to_integer<int>(frame->bytes()[0]);
  };
  CHECK(first_byte({true, false}, false) == 0x01);
  CHECK(first_byte({true, false}, true) == 0x41);
  CHECK(first_byte({false, false}, true) == 0x00);
  CHECK(first_byte({false, true}, true) == 0x80);
  CHECK(first_byte({true, true}, false) == 0x81);
}

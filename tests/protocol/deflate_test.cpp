#include "protocol/deflate.hpp"

#include "tests/support/catch.hpp"

#include <random>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::protocol;

static constexpr std::size_t no_limit = 1 << 20;

static std::string random_bytes(std::size_t size, std::uint32_t seed) {
  std::mt19937 random{seed};
  std::string bytes(size, '\0');
  for (auto& byte : bytes)
    byte = static_cast<char>(random());
  return bytes;
}

/// The payload of a compressed server frame.
static std::string compressed(deflater& deflate, std::string_view text) {
  const auto frame = deflate.make_frame(opcode::binary, as_bytes(text));
  const auto bytes = as_text(frame->bytes());
  REQUIRE(static_cast<unsigned char>(bytes[0]) == 0xC2);
  const auto length = static_cast<unsigned char>(bytes[1]);
  return std::string{bytes.substr(length < 126 ? 2 : length == 126 ? 4 : 10)};
}

static std::pair<errc, std::string> inflated(std::string_view in, std::size_t limit = no_limit) {
  static inflater inflate;
  std::vector<std::byte> out;
  const errc error = inflate.inflate(as_bytes(in), limit, out);
  return {error, std::string{as_text(out)}};
}

TEST_CASE("deflate: messages come back as they were", "[protocol][deflate]") {
  const int window_bits = GENERATE(9, 10, 12, 15);
  deflater deflate{window_bits};
  for (const std::size_t size : {20U, 100U, 1000U, 16384U, 65536U, 300000U}) {
    const std::string text = random_bytes(size / 4, 1) + std::string(size - size / 4, 'x');
    CHECK(inflated(compressed(deflate, text)) == std::pair{errc::ok, text});
  }
}

TEST_CASE("deflate: no message depends on the one before", "[protocol][deflate]") {
  deflater deflate;
  const std::string text = "the same text, the same text, the same text";
  const auto first = compressed(deflate, text);
  CHECK(compressed(deflate, text) == first);
  CHECK(inflated(first) == std::pair{errc::ok, text});
  CHECK(inflated("\xFF\xFF\xFF").first == errc::protocol_error);
  CHECK(inflated(first) == std::pair{errc::ok, text});
}

TEST_CASE("deflate: what does not shrink is sent as it is", "[protocol][deflate]") {
  deflater deflate;
  for (const auto& text : {std::string{}, std::string{"ab"}, random_bytes(500, 7)}) {
    const auto frame = deflate.make_frame(opcode::text, as_bytes(text));
    CHECK(std::to_integer<int>(frame->bytes()[0]) == 0x81);
    CHECK(as_text(frame->bytes()).substr(frame->size() - text.size()) == text);
  }
}

TEST_CASE("deflate: the examples of RFC 7692 inflate", "[protocol][deflate]") {
  const std::pair<errc, std::string> hello{errc::ok, "Hello"};
  CHECK(inflated({"\xF2\x48\xCD\xC9\xC9\x07\x00", 7}) == hello);
  CHECK(inflated({"\x00\x05\x00\xFA\xFFHello\x00", 11}) == hello);   // a block that is stored
  CHECK(inflated({"\xF3\x48\xCD\xC9\xC9\x07\x00\x00", 8}) == hello); // marked as final
  CHECK(inflated({"\xF3\x48\xCD\xC9\xC9\x07\x00", 7}) == hello);
  CHECK(inflated({"\xF2\x48\x05\x00\x00\x00\xFF\xFF\xCA\xC9\xC9\x07\x00", 13}) == hello);
  CHECK(inflated({"\x00", 1}) == std::pair{errc::ok, std::string{}}); // an empty message
  CHECK(inflated({"\x02\x00", 2}) == std::pair{errc::ok, std::string{}});
}

TEST_CASE("deflate: data that is cut or wrong is an error", "[protocol][deflate]") {
  deflater deflate;
  const auto whole = compressed(deflate, random_bytes(60, 3) + std::string(200, 'x'));
  for (std::size_t size = 1; size + 1 < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(inflated(whole.substr(0, size)).first == errc::protocol_error);
  }
  CHECK(inflated("\x07").first == errc::protocol_error); // a reserved kind of block
}

TEST_CASE("deflate: inflating stops at the limit", "[protocol][deflate]") {
  deflater deflate;
  for (const std::size_t size : {100U, 16383U, 16384U, 16385U, 32768U, 65536U, 262144U}) {
    const auto in = compressed(deflate, std::string(size, 'x'));
    CHECK(inflated(in, size) == std::pair{errc::ok, std::string(size, 'x')});
    const auto over = inflated(in, size - 1);
    CHECK(over.first == errc::message_too_big);
    CHECK(over.second.size() < size);
  }
}

TEST_CASE("deflate: a bomb costs no more than the limit", "[protocol][deflate]") {
  deflater deflate;
  const auto bomb = compressed(deflate, std::string(64 << 20, '\0'));
  CHECK(bomb.size() < 70000);
  inflater inflate;
  std::vector<std::byte> out;
  CHECK(inflate.inflate(as_bytes(bomb), 65536, out) == errc::message_too_big);
  CHECK(out.capacity() <= 2 * 65536);
}

TEST_CASE("deflate: random input never does worse than an error", "[protocol][deflate]") {
  const std::uint32_t seed = std::random_device{}();
  CAPTURE(seed);
  for (std::uint32_t round = 0; round < 3000; ++round) {
    const auto outcome = inflated(random_bytes(1 + round % 50, seed + round), 1000);
    REQUIRE(outcome.second.size() <= 1000);
  }
}

TEST_CASE("deflate: window bits outside 9 to 15 are refused", "[protocol][deflate]") {
  CHECK_THROWS_AS(deflater{8}, std::invalid_argument);
  CHECK_THROWS_AS(deflater{16}, std::invalid_argument);
}

TEST_CASE("gorilla C4: every level comes back, and may change at any time",
          "[protocol][deflate]") {
  deflater deflate;
  std::string text;
  for (int i = 0; i < 2'000; ++i)
    text += "item " + std::to_string(i % 37) + ", ";
  std::vector<std::size_t> sizes;
  for (const int level : {1, 9, -2, -1, 5, 1}) {
    const auto frame = deflate.make_frame(opcode::binary, as_bytes(text), level);
    const auto bytes = as_text(frame->bytes());
    CHECK(inflated(bytes.substr(frame->size() < 65'540 ? 4 : 10)) == std::pair{errc::ok, text});
    sizes.push_back(frame->size());
  }
  CHECK(sizes[1] < sizes[0]); // 9 packs tighter than 1
  CHECK(sizes[2] > sizes[0]); // Huffman codes alone do worse
  CHECK(sizes[5] == sizes[0]);
}

TEST_CASE("gorilla W1: pieces compressed one by one inflate as one message",
          "[protocol][deflate]") {
  deflater deflate;
  inflater inflate;
  std::vector<std::byte> out;
  const std::vector<std::string> pieces{"one, one, one; ", "", random_bytes(3'000, 3), "end"};
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto frame = deflate.make_fragment(opcode::text, as_bytes(pieces[i]),
                                             {.is_first = i == 0, .is_last = i + 1 == pieces.size()});
    const auto header = frame->size() < 128 ? 2U : 4U;
    CHECK(inflate.feed(frame->bytes().subspan(header), no_limit, out) == errc::ok);
  }
  CHECK(inflate.finish(no_limit, out) == errc::ok);
  CHECK(as_text(out) == pieces[0] + pieces[2] + pieces[3]);
}

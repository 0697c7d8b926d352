#include "troupe/msgpack_check.hpp"

#include "troupe/payload.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <random>

using namespace troupe;
using troupe::test::from_hex;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i)
    text += part;
  return text;
}

errc verdict(std::string_view hex) {
  const auto refused = check_payload(from_hex(hex));
  return refused ? refused->code : errc::ok;
}

errc msgpack_verdict(std::string_view hex, payload_limits limits = {}) {
  const auto refused = check_msgpack(from_hex(hex), limits);
  return refused ? refused->code : errc::ok;
}

} // namespace

TEST_CASE("msgpack_check: every format of msgpack is accepted", "[protocol][msgpack_check]") {
  const auto value = GENERATE(
      "00", "7f", "80", "8100c0", "90", "91c0", "a0", "a161", "c0", "c2", "c3", "c400", "c40100",
      "c50000", "c50001ff", "c600000000", "c600000001ff", "c70001", "c70101ff", "c8000001",
      "c9000000000c", "ca00000000", "cb0000000000000000", "cc00", "cd0000", "ce00000000",
      "cf0000000000000000", "d000", "d10000", "d200000000", "d30000000000000000", "d40100",
      "d5010000", "d60100000000", "d7010000000000000000", "d80100000000000000000000000000000000",
      "d900", "d90161", "da0000", "db00000000", "dc0000", "dc0001c0", "dd00000000", "dd00000001c0",
      "de0000", "de0001c0c0", "df00000000", "df00000001c0c0", "e0", "ff");
  CAPTURE(value);
  CHECK(msgpack_verdict(value) == errc::ok);
  CHECK(verdict(std::string{"91"} + value) == errc::ok);
  const auto bytes = from_hex(value);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(check_msgpack(byte_view{bytes}.first(size)));
  CHECK(msgpack_verdict(std::string{value} + "c0") == errc::malformed_message);
}

TEST_CASE("msgpack_check: a payload is nothing or one array", "[protocol][msgpack_check]") {
  CHECK(verdict("") == errc::ok);
  CHECK(verdict("90") == errc::ok);
  CHECK(verdict("dc0000") == errc::ok);
  CHECK(verdict("c0") == errc::malformed_message);
  CHECK(verdict("80") == errc::malformed_message);
  CHECK(verdict("a0") == errc::malformed_message);
  CHECK(verdict("9090") == errc::malformed_message);
  CHECK(verdict("91c1") == errc::malformed_message);
  CHECK(msgpack_verdict("") == errc::malformed_message);
}

TEST_CASE("msgpack_check: counts beyond the bytes left are refused", "[protocol][msgpack_check]") {
  CHECK(verdict("ddff000000") == errc::payload_too_complex);
  CHECK(verdict("ddffffffff") == errc::payload_too_complex);
  CHECK(verdict("91dfffffffff") == errc::payload_too_complex);
  CHECK(verdict(repeated("dcffff", 512)) == errc::payload_too_complex);
  CHECK(verdict("92c0") == errc::payload_too_complex);
  CHECK(verdict("9181c0") == errc::payload_too_complex);
  // Each array fits by itself; together they promise one value too many.
  CHECK(verdict("9392c0c0c0") == errc::payload_too_complex);
  CHECK(verdict("9392c0c0c0c0") == errc::ok);
}

TEST_CASE("msgpack_check: lengths beyond the bytes left are refused", "[protocol][msgpack_check]") {
  for (const auto* head : {"a1", "d901", "da0001", "db00000001", "c401", "c50001", "c600000001",
                           "dbffffffff", "c6ffffffff", "c9ffffffff01", "c70201ff"}) {
    CAPTURE(head);
    CHECK(msgpack_verdict(head) == errc::malformed_message);
  }
}

TEST_CASE("msgpack_check: depth has an exact bound", "[protocol][msgpack_check]") {
  CHECK(verdict(repeated("91", 15) + "90") == errc::ok);
  CHECK(verdict(repeated("91", 16) + "c0") == errc::ok);
  CHECK(verdict(repeated("91", 16) + "90") == errc::payload_too_deep);
  CHECK(verdict(repeated("91", 100'000) + "90") == errc::payload_too_deep);
  CHECK(verdict("91" + repeated("81c0", 16) + "c0") == errc::payload_too_deep);
  // Depth counts what is open at once, not what there is.
  CHECK(verdict("dc0100" + repeated("91c0", 256)) == errc::ok);
  CHECK(msgpack_verdict("9190", {.depth = 1}) == errc::payload_too_deep);
  CHECK(msgpack_verdict("91c0", {.depth = 1}) == errc::ok);
  CHECK(msgpack_verdict(repeated("91", 64) + "c0", {.depth = 1'000}) == errc::ok);
  CHECK(msgpack_verdict(repeated("91", 65) + "c0", {.depth = 1'000}) == errc::payload_too_deep);
}

TEST_CASE("msgpack_check: the number of values has an exact bound", "[protocol][msgpack_check]") {
  CHECK(verdict("dc0fff" + repeated("c0", 4095)) == errc::ok);
  CHECK(verdict("dc1000" + repeated("c0", 4096)) == errc::payload_too_complex);
  CHECK(verdict("92dc0ffdc0" + repeated("c0", 4092) + "c0") == errc::ok);
  CHECK(verdict("91de0800" + repeated("c0c0", 2048)) == errc::payload_too_complex);
  CHECK(verdict("91de07ff" + repeated("c0c0", 2047)) == errc::ok);
  CHECK(msgpack_verdict("91c0", {.nodes = 1}) == errc::payload_too_complex);
  CHECK(msgpack_verdict("90", {.nodes = 1}) == errc::ok);
  CHECK(msgpack_verdict("c0", {.nodes = 0}) == errc::payload_too_complex);
}

TEST_CASE("msgpack_check: a refusal names the offset of its cause", "[protocol][msgpack_check]") {
  const auto refused = check_payload(from_hex("92c0c1"));
  REQUIRE(refused);
  CHECK(refused->offset == 2);
  CHECK(refused->text() == "offset 2: the byte 0xc1 is not msgpack");
}

TEST_CASE("msgpack_check: random bytes are judged as msgpack-cxx judges them",
          "[protocol][msgpack_check]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  const msgpack::unpack_limit limit{64, 64, 64, 64, 64, 16};
  int accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::vector<std::byte> bytes(1 + random() % 12);
    for (auto& byte : bytes)
      byte = static_cast<std::byte>(random() % 4 == 0 ? 0x80 + random() % 0x24 : random() % 256);
    const auto text = as_text(bytes);
    std::size_t end = 0;
    bool valid = true;
    try {
      msgpack::unpack(text.data(), text.size(), end, nullptr, nullptr, limit);
    } catch (const std::exception&) {
      valid = false;
    }
    REQUIRE(check_msgpack(bytes).has_value() == !(valid && end == bytes.size()));
    accepted += valid && end == bytes.size() ? 1 : 0;
  }
  CHECK(accepted > 500);
}

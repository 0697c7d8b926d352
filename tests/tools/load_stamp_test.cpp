#include "tools/load_stamp.hpp"

#include "tests/support/catch.hpp"

#include <array>

using namespace troupe::load;

TEST_CASE("stamp: what is written is read back", "[tools][load]") {
  const stamp value{7, 4'000'000'000, instant{nanoseconds{123'456'789'012}}, 0xFEDCBA9876543210};
  std::array<std::byte, 40> message{};
  write_stamp(std::span{message}.first<stamp_bytes>(), value);
  CHECK(read_stamp(message) == value);
}

TEST_CASE("stamp: the bytes are big-endian, sender first", "[tools][load]") {
  std::array<std::byte, stamp_bytes> message{};
  write_stamp(message, {0x01020304, 0x05060708, instant{nanoseconds{0x090A0B0C0D0E0F10}},
                        0x1112131415161718});
  for (std::size_t index = 0; index < message.size(); ++index)
    CHECK(std::to_integer<std::size_t>(message[index]) == index + 1);
}

TEST_CASE("stamp: a shorter message has none", "[tools][load]") {
  const std::array<std::byte, stamp_bytes - 1> message{};
  CHECK_FALSE(read_stamp(message).has_value());
  CHECK_FALSE(read_stamp({}).has_value());
}

#include "protocol/varint.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/hex.hpp"

#include <array>
#include <random>

using namespace troupe;
using namespace troupe::protocol;
using troupe::test::from_hex;
using troupe::test::to_hex;

namespace {

std::string written(std::uint64_t value) {
  std::array<std::byte, max_varint_size> bytes{};
  const auto* const end = write_varint(bytes.data(), value);
  return to_hex({bytes.data(), static_cast<std::size_t>(end - bytes.data())});
}

std::string hex_of(const boost::json::value& row) {
  return std::string{row.at("bytes").as_string()};
}

} // namespace

TEST_CASE("varint: golden numbers are written and read", "[protocol][varint]") {
  for (const auto& row : test::golden_file().at("varints").as_array()) {
    const auto value = std::stoull(std::string{row.at("value").as_string()});
    CAPTURE(value);
    const auto bytes = from_hex(hex_of(row));
    CHECK(written(value) == hex_of(row));
    CHECK(varint_size(value) == bytes.size());
    const auto read = read_varint(bytes);
    CHECK(read.fault == varint_fault::none);
    CHECK(read.value == value);
    CHECK(read.size == bytes.size());
  }
}

TEST_CASE("varint: every other encoding is refused", "[protocol][varint]") {
  for (const auto& row : test::golden_file().at("bad_varints").as_array()) {
    CAPTURE(std::string{row.at("name").as_string()});
    CHECK(read_varint(from_hex(hex_of(row))).fault != varint_fault::none);
  }
}

TEST_CASE("varint: faults are told apart", "[protocol][varint]") {
  CHECK(read_varint(from_hex("80")).fault == varint_fault::truncated);
  CHECK(read_varint(from_hex("8000")).fault == varint_fault::padded);
  CHECK(read_varint(from_hex("ffffffffffffffffff02")).fault == varint_fault::too_long);
}

TEST_CASE("varint: what follows the number is left alone", "[protocol][varint]") {
  const auto read = read_varint(from_hex("8001ff"));
  CHECK(read.value == 128);
  CHECK(read.size == 2);
}

TEST_CASE("varint: random numbers survive a round trip", "[protocol][varint]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 10'000; ++i) {
    const auto value = random() >> (random() % 64);
    const auto bytes = from_hex(written(value));
    const auto read = read_varint(bytes);
    REQUIRE(read.value == value);
    REQUIRE(read.size == bytes.size());
    REQUIRE(varint_size(value) == bytes.size());
  }
}

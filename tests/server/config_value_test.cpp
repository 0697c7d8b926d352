#include "server/config_value.hpp"

#include "tests/support/catch.hpp"

#include <limits>

using troupe::number_unit;
using troupe::parse_number;

TEST_CASE("config_value: numbers are read with their unit", "[server][config_value]") {
  CHECK(parse_number("0", number_unit::count) == 0);
  CHECK(parse_number("12", number_unit::count) == 12);
  CHECK(parse_number("3", number_unit::bytes) == 3);
  CHECK(parse_number("3B", number_unit::bytes) == 3);
  CHECK(parse_number("1.5KiB", number_unit::bytes) == 1536);
  CHECK(parse_number("2 MB", number_unit::bytes) == 2'000'000);
  CHECK(parse_number("5", number_unit::seconds) == 5'000);
  CHECK(parse_number("5", number_unit::milliseconds) == 5);
  CHECK(parse_number("0.25s", number_unit::milliseconds) == 250);
  CHECK(parse_number("1h", number_unit::seconds) == 3'600'000);
}

TEST_CASE("config_value: what is no number is refused", "[server][config_value]") {
  for (const auto* text :
       {"", "-1", "+1", "s", ".5", "1..2", "1s2", "1 s ", "0x10", "1e3", "0.0001"})
    CHECK_FALSE(parse_number(text, number_unit::seconds).has_value());
  CHECK_FALSE(parse_number("1.5", number_unit::count).has_value());
  CHECK_FALSE(parse_number("1KiB", number_unit::count).has_value());
  CHECK_FALSE(parse_number("1KiB", number_unit::seconds).has_value());
  CHECK_FALSE(parse_number("1s", number_unit::bytes).has_value());
}

TEST_CASE("config_value: numbers that do not fit are refused", "[server][config_value]") {
  CHECK_FALSE(parse_number("99999999999999999999", number_unit::count).has_value());
  CHECK_FALSE(parse_number("99999999999999999GiB", number_unit::bytes).has_value());
  CHECK_FALSE(parse_number("1.0000000000000000000000001", number_unit::count).has_value());
}

TEST_CASE("config_value: formatting and parsing are inverse", "[server][config_value]") {
  const auto unit = GENERATE(number_unit::count, number_unit::bytes, number_unit::seconds,
                             number_unit::milliseconds);
  for (const std::uint64_t value : {0ULL, 1ULL, 999ULL, 1'000ULL, 1'024ULL, 1'500ULL, 65'536ULL,
                                    90'000ULL, 7'200'000ULL, 1'073'741'824ULL}) {
    CAPTURE(value);
    CHECK(parse_number(format_number(value, unit), unit) == value);
  }
  CHECK(format_number(65'536, number_unit::bytes) == "64KiB");
  CHECK(format_number(1'000, number_unit::bytes) == "1000B");
  CHECK(format_number(20'000, number_unit::seconds) == "20s");
  CHECK(format_number(1'500, number_unit::seconds) == "1500ms");
}

TEST_CASE("config_value: addresses to listen on", "[server][config_value]") {
  for (const auto* text : {"127.0.0.1:0", "localhost:65535", "[::1]:8080", "0.0.0.0:80"})
    CHECK(troupe::is_listen_address(text));
  for (const auto* text : {"", ":", "8080", ":8080", "host:", "host:65536", "host:8o", "::1:80",
                           "[]:80", "[::1:80", "a b:80", "host:-1"})
    CHECK_FALSE(troupe::is_listen_address(text));
}

TEST_CASE("config_value: origins", "[server][config_value]") {
  for (const auto* text : {"*", "null", "http://a", "https://a.example:8443", "http://[::1]:80"})
    CHECK(troupe::is_origin(text));
  for (const auto* text : {"", "a.example", "http://", "http://a/", "://a", "http://a b"})
    CHECK_FALSE(troupe::is_origin(text));
}

TEST_CASE("config_value: switches", "[server][config_value]") {
  CHECK(troupe::parse_switch("on") == true);
  CHECK(troupe::parse_switch("0") == false);
  CHECK_FALSE(troupe::parse_switch("ON ").has_value());
}

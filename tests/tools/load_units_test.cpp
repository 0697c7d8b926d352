#include "tools/load_units.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::load;
using namespace std::chrono_literals;

TEST_CASE("units: durations with a unit are read", "[tools][load]") {
  CHECK(parse_duration("5ms") == nanoseconds{5ms});
  CHECK(parse_duration("1.5s") == nanoseconds{1500ms});
  CHECK(parse_duration("250us") == nanoseconds{250us});
  CHECK(parse_duration("7ns") == 7ns);
  CHECK(parse_duration("2m") == nanoseconds{2min});
  CHECK(parse_duration("0") == 0ns);
}

TEST_CASE("units: what is no duration is refused", "[tools][load]") {
  for (const char* text :
       {"", "5", "ms", "-1s", "1h", "5 ms", "5msx", "nan", "inf", "1e300s", "999999m"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("units: durations are written with three digits", "[tools][load]") {
  CHECK(format_duration(0ns) == "0 ns");
  CHECK(format_duration(999ns) == "999 ns");
  CHECK(format_duration(1000ns) == "1.00 us");
  CHECK(format_duration(12'345ns) == "12.3 us");
  CHECK(format_duration(999'600ns) == "1.00 ms");
  CHECK(format_duration(870us) == "870 us");
  CHECK(format_duration(1240us) == "1.24 ms");
  CHECK(format_duration(99'960us) == "100 ms");
  CHECK(format_duration(12s) == "12.0 s");
  CHECK(format_duration(3600s) == "3600 s");
}

TEST_CASE("units: counts are grouped by thousands", "[tools][load]") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(1'000) == "1,000");
  CHECK(format_count(1'234'567) == "1,234,567");
}

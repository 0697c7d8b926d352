#include "tools/load_sequence.hpp"

#include "tests/support/catch.hpp"

using troupe::load::arrival;
using troupe::load::sequence_checker;

TEST_CASE("sequence: numbers in order are in order", "[tools][load]") {
  sequence_checker seen;
  for (std::uint32_t number = 0; number < 200; ++number)
    CHECK(seen.accept(number) == arrival::in_order);
  CHECK(seen.next() == 200);
  CHECK(seen.missing() == 0);
}

TEST_CASE("sequence: a gap is missing until it is filled", "[tools][load]") {
  sequence_checker seen;
  seen.accept(0);
  CHECK(seen.accept(3) == arrival::in_order);
  CHECK(seen.missing() == 2);
  CHECK_FALSE(seen.has_seen(1));
  CHECK(seen.accept(1) == arrival::late);
  CHECK(seen.missing() == 1);
  CHECK(seen.has_seen(1));
  CHECK(seen.accept(2) == arrival::late);
  CHECK(seen.missing() == 0);
}

TEST_CASE("sequence: what came twice is a duplicate, also after a gap was filled",
          "[tools][load]") {
  sequence_checker seen;
  seen.accept(0);
  CHECK(seen.accept(0) == arrival::duplicate);
  seen.accept(2);
  seen.accept(1);
  CHECK(seen.accept(1) == arrival::duplicate);
  CHECK(seen.accept(2) == arrival::duplicate);
  CHECK(seen.missing() == 0);
}

TEST_CASE("sequence: more than 64 behind nobody can tell", "[tools][load]") {
  sequence_checker seen;
  seen.accept(64); // 0 ... 63 are missing
  CHECK(seen.missing() == 64);
  CHECK(seen.accept(0) == arrival::too_old);
  CHECK(seen.accept(1) == arrival::late);
  CHECK(seen.missing() == 63);
}

TEST_CASE("sequence: a jump by more than the memory forgets all before", "[tools][load]") {
  sequence_checker seen;
  seen.accept(0);
  CHECK(seen.accept(1'000) == arrival::in_order);
  CHECK(seen.missing() == 999);
  CHECK(seen.accept(999) == arrival::late);
  CHECK(seen.accept(1'000) == arrival::duplicate);
  CHECK_FALSE(seen.has_seen(1'001));
}

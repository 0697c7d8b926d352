#include "troupe/game/fields.hpp"

#include "tests/support/arena_state.hpp"
#include "tests/support/catch.hpp"

#include <cmath>
#include <limits>
#include <numbers>

using namespace troupe::game;
using troupe::test::dice;

namespace {

template <class Field>
void check_codes_return() {
  for (std::uint64_t code = 0; code <= Field::top; code += 1 + Field::top / 9'973) {
    Field field;
    field.set_code(code);
    REQUIRE(field.code() == code);
  }
}

template <class Field>
double travel(Field from) {
  Field to;
  to.set_code(from.code());
  return static_cast<double>(to);
}

} // namespace

TEST_CASE("fields: every code comes back from the number it stands for", "[game][fields]") {
  check_codes_return<ranged<-100, 100, 10>>();
  check_codes_return<ranged<0, 4'096, 16>>();
  check_codes_return<ranged<1'000'000, 1'000'100, 1'000>>();
  check_codes_return<ranged<-1'000'000'000, 1'000'000'000, 2>>();
  check_codes_return<small_int<-3, 96>>();
  check_codes_return<bits<31>>();
  check_codes_return<angle<1>>();
  check_codes_return<angle<10>>();
  check_codes_return<angle<24>>();
}

TEST_CASE("fields: a ranged number is off by half a step at most", "[game][fields]") {
  dice random{1};
  for (int i = 0; i < 1'000; ++i) {
    const float value = random.between(-100, 100);
    CHECK(std::abs(travel(ranged<-100, 100, 10>{value}) - value) <= 0.05001);
  }
}

TEST_CASE("fields: what lies outside travels as the nearer end", "[game][fields]") {
  using field = ranged<-1, 3, 4>;
  CHECK(travel(field{-7}) == -1);
  CHECK(travel(field{std::numeric_limits<float>::infinity()}) == 3);
  CHECK(travel(field{std::numeric_limits<float>::quiet_NaN()}) == -1);
  CHECK(travel(small_int<-3, 96>{500}) == 96);
  CHECK(travel(bits<5>{-1}) == 0);
}

TEST_CASE("fields: an angle travels within one turn", "[game][fields]") {
  constexpr float turn = 2 * std::numbers::pi_v<float>;
  const auto right = travel(angle<8>{turn / 4});
  CHECK(std::abs(right - turn / 4) < 1e-6);
  CHECK(travel(angle<8>{turn / 4 + 3 * turn}) == right);
  CHECK(travel(angle<8>{turn / 4 - turn}) == right);
  CHECK(travel(angle<8>{turn - 0.001F}) == 0);
  CHECK(travel(angle<8>{std::numeric_limits<float>::infinity()}) == 0);
  CHECK(angle<8>{1e30F}.code() <= angle<8>::top);
}

TEST_CASE("fields: a field is used like the number it holds", "[game][fields]") {
  ranged<0, 100, 2> x = 3;
  x += 1.5F;
  x = x * 2;
  CHECK(x == 9.0F);
  CHECK(std::sqrt(x) == 3.0F);
  bits<4> count;
  ++count;
  CHECK(count == 1);
}

#include "tools/load_checker.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::load;

namespace {

constexpr std::uint64_t run = 99;
constexpr topology two_rooms_of_two{2, 2, 2, true};

stamp message(std::uint32_t sender, std::uint32_t sequence) {
  return {sender, sequence, instant{}, run};
}

delivery_checker open_checker(const topology& shape) {
  delivery_checker checker{shape, run};
  for (std::size_t receiver = 0; receiver < shape.connections(); ++receiver)
    checker.admit(receiver);
  return checker;
}

} // namespace

TEST_CASE("checker: a complete run has nothing to complain about", "[tools][load]") {
  auto checker = open_checker(two_rooms_of_two);
  for (std::uint32_t sequence = 0; sequence < 3; ++sequence)
    for (const std::size_t receiver : {0U, 1U})
      CHECK(checker.accept(receiver, message(1, sequence)) == verdict::delivered);
  const auto counts = checker.result({0, 3, 0, 0});
  CHECK(counts.delivered == 6);
  CHECK(counts.lost + counts.undelivered + counts.duplicates + counts.reordered == 0);
  CHECK(counts.misrouted + counts.foreign == 0);
}

TEST_CASE("checker: losses in the middle and at the end are told apart", "[tools][load]") {
  auto checker = open_checker(two_rooms_of_two);
  checker.accept(0, message(0, 0));
  checker.accept(0, message(0, 2)); // 1 is lost, 3 and 4 never came, nor anything at receiver 1
  const auto counts = checker.result({5, 0, 0, 0});
  CHECK(counts.lost == 1);
  CHECK(counts.undelivered == 2 + 5);
}

TEST_CASE("checker: duplicates and overtaken messages are counted", "[tools][load]") {
  auto checker = open_checker(two_rooms_of_two);
  checker.accept(0, message(0, 1));
  CHECK(checker.accept(0, message(0, 0)) == verdict::delivered);
  CHECK(checker.accept(0, message(0, 0)) == verdict::repeated);
  const auto counts = checker.result({2, 0, 0, 0});
  CHECK(counts.reordered == 1);
  CHECK(counts.duplicates == 1);
  CHECK(counts.lost == 0);
}

TEST_CASE("checker: a message of another room is misrouted", "[tools][load]") {
  auto checker = open_checker(two_rooms_of_two);
  CHECK(checker.accept(0, message(2, 0)) == verdict::misrouted);
  CHECK(checker.accept(0, message(4, 0)) == verdict::misrouted); // no such sender
  CHECK(checker.result({0, 0, 1, 0}).misrouted == 2);
}

TEST_CASE("checker: a sender that should not hear itself is misrouted", "[tools][load]") {
  auto checker = open_checker({1, 2, 1, false});
  CHECK(checker.accept(0, message(0, 0)) == verdict::misrouted);
  CHECK(checker.accept(1, message(0, 0)) == verdict::delivered);
  CHECK(checker.result({1}).undelivered == 0);
}

TEST_CASE("checker: a listener is no sender", "[tools][load]") {
  auto checker = open_checker({1, 3, 1, true});
  CHECK(checker.accept(0, message(2, 0)) == verdict::misrouted);
}

TEST_CASE("checker: another run's message is foreign", "[tools][load]") {
  auto checker = open_checker(two_rooms_of_two);
  CHECK(checker.accept(0, {0, 0, instant{}, run + 1}) == verdict::foreign);
  CHECK(checker.result({0, 0, 0, 0}).foreign == 1);
}

TEST_CASE("checker: a receiver that leaves lacks only what was sent before", "[tools][load]") {
  auto checker = open_checker(two_rooms_of_two);
  checker.accept(0, message(0, 0));
  CHECK(checker.dismiss(0, {3, 1, 0, 0}) == 3);
  CHECK(checker.dismiss(0, {9, 9, 0, 0}) == 0);
  for (std::uint32_t sequence = 0; sequence < 9; ++sequence) {
    checker.accept(1, message(0, sequence));
    checker.accept(1, message(1, sequence));
  }
  CHECK(checker.result({9, 9, 0, 0}).undelivered == 3);
}

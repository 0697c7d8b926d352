#include "game/input_queue.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::game;
using troupe::errc;

namespace {

constexpr input_queue::limits allowed{.queued = 4, .per_tick = 2, .lead = 10};

incoming::input input(player_id from, std::uint64_t sequence, std::uint64_t tick = 0) {
  return {.from = from, .tick = tick, .sequence = sequence};
}

std::string taken(input_queue& queue, std::uint64_t tick) {
  std::string result;
  for (const auto& each : queue.take(tick, allowed))
    result += std::to_string(each.from) + ':' + std::to_string(each.sequence) + ' ';
  return result;
}

} // namespace

TEST_CASE("input_queue: gives out what is due in the order of arrival", "[game][input_queue]") {
  input_queue queue;
  queue.push(input(2, 1), 0, allowed);
  queue.push(input(1, 1, 3), 0, allowed);
  queue.push(input(2, 2), 0, allowed);
  queue.push(input(1, 2, 1), 0, allowed);
  CHECK(taken(queue, 1) == "2:1 2:2 ");
  CHECK(taken(queue, 2) == "");
  CHECK(taken(queue, 3) == "1:1 1:2 ");
  CHECK(queue.size() == 0);
}

TEST_CASE("input_queue: a burst is spread over ticks", "[game][input_queue]") {
  input_queue queue;
  for (std::uint64_t i = 1; i <= 4; ++i)
    CHECK(queue.push(input(1, i), 0, allowed) == errc::ok);
  CHECK(queue.push(input(1, 5), 0, allowed) == errc::rate_limited);
  CHECK(queue.push(input(2, 1), 0, allowed) == errc::ok);
  CHECK(taken(queue, 1) == "1:1 1:2 2:1 ");
  CHECK(queue.push(input(1, 5), 1, allowed) == errc::ok);
  CHECK(taken(queue, 2) == "1:3 1:4 ");
  CHECK(taken(queue, 3) == "1:5 ");
}

TEST_CASE("input_queue: the future is bounded", "[game][input_queue]") {
  input_queue queue;
  CHECK(queue.push(input(1, 1, 110), 100, allowed) == errc::ok);
  CHECK(queue.push(input(1, 2, 111), 100, allowed) == errc::bad_arguments);
  CHECK(queue.push(input(2, 1, 5), 100, allowed) == errc::ok);
  CHECK(taken(queue, 101) == "2:1 ");
}

TEST_CASE("input_queue: forgets who leaves", "[game][input_queue]") {
  input_queue queue;
  for (std::uint64_t i = 0; i < 4; ++i) {
    queue.push(input(1, i), 0, allowed);
    queue.push(input(2, i), 0, allowed);
  }
  queue.forget(1);
  CHECK(queue.size() == 4);
  CHECK(queue.push(input(1, 9), 0, allowed) == errc::ok);
}

#include "troupe/game/motion_buffer.hpp"

#include "troupe/game/tick_estimate.hpp"

#include "tests/support/catch.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <iterator>
#include <random>

using namespace troupe::game;
using namespace std::chrono_literals;

namespace {

boost::json::value golden() {
  std::ifstream file{TROUPE_SOURCE_DIR "/tests/golden/motion.json"};
  REQUIRE(file);
  return boost::json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
}

std::vector<double> numbers(const boost::json::value& from) {
  return boost::json::value_to<std::vector<double>>(from);
}

double shown_at(const motion_buffer& buffer, double now) {
  double value = -1;
  REQUIRE(buffer.show(1, now, {&value, 1}));
  return value;
}

} // namespace

TEST_CASE("motion: as the golden file says, as in JavaScript", "[game][client]") {
  const auto file = golden();
  for (const auto& each : file.at("lives").as_array()) {
    CAPTURE(std::string{each.at("name").as_string()});
    const auto periods = numbers(each.at("periods"));
    motion_buffer buffer{periods, each.at("delay").to_number<double>()};
    for (const auto& sample : each.at("samples").as_array())
      buffer.add(1, sample.at("tick").to_number<double>(), numbers(sample.at("values")));
    for (const auto& shown : each.at("shown").as_array()) {
      std::vector<double> found(periods.size());
      if (shown.at("values").is_null()) {
        CHECK_FALSE(buffer.show(1, shown.at("now").to_number<double>(), found));
        continue;
      }
      const auto expected = numbers(shown.at("values"));
      REQUIRE(buffer.show(1, shown.at("now").to_number<double>(), found));
      for (std::size_t i = 0; i < found.size(); ++i)
        CHECK(found[i] == Approx(expected[i]).margin(1e-9));
    }
  }
}

TEST_CASE("motion: who is not known is not shown", "[game][client]") {
  motion_buffer buffer{{0}, 3};
  double value = 7;
  CHECK_FALSE(buffer.show(1, 10, {&value, 1}));
  buffer.add(1, 10, std::vector{5.0});
  CHECK_FALSE(buffer.show(1, 12, {&value, 1}));
  CHECK(shown_at(buffer, 13) == 5);
  CHECK(shown_at(buffer, 100) == 5);
  buffer.forget(1);
  CHECK_FALSE(buffer.show(1, 10, {&value, 1}));
}

TEST_CASE("motion: late, uneven patches make an even motion", "[game][client]") {
  std::mt19937 random{7};
  std::uniform_real_distribution<double> jitter{0, 3};
  motion_buffer buffer{{1'000}, 6};
  tick_estimate clock{30};
  const auto tick_length = 1000.0 / 30;
  struct arrival {
    double at;
    double tick;
  };
  std::vector<arrival> arrivals; // every second tick, up to three ticks late, in order
  for (double tick = 2; tick < 2'000; tick += 2) {
    const double at = (tick + 3 + jitter(random)) * tick_length;
    arrivals.push_back({std::max(at, arrivals.empty() ? 0 : arrivals.back().at), tick});
  }
  std::size_t next = 0;
  double last = -1;
  for (double now = 1'000; now < 60'000; now += 16) {
    for (; next < arrivals.size() && arrivals[next].at <= now; ++next) {
      clock.arrived(static_cast<tick_number>(arrivals[next].tick),
                    tick_estimate::instant{arrivals[next].at});
      buffer.add(1, arrivals[next].tick, std::vector{std::fmod(arrivals[next].tick * 5, 1'000)});
    }
    const auto x = shown_at(buffer, clock.at(tick_estimate::instant{now}));
    const auto step = std::fmod(x - last + 1'000, 1'000);
    if (last >= 0 && now > 5'000)
      CHECK(step == Approx(16 / tick_length * 5).margin(0.4)); // the estimate moves, too
    last = x;
  }
}

TEST_CASE("tick estimate: fast patches tell, little by little, and old ones fade",
          "[game][client]") {
  using instant = tick_estimate::instant;
  tick_estimate clock{20};
  CHECK_FALSE(clock.is_known());
  clock.arrived(10, 580ms); // 80 ms late
  CHECK(clock.at(580ms) == Approx(10));
  clock.arrived(12, 630ms); // 30 ms late
  CHECK(clock.at(630ms) == Approx(11.125));
  clock.arrived(14, 900ms); // late: does not count
  CHECK(clock.at(630ms) == Approx(11.125).margin(0.01));
  for (tick_number tick = 15; tick < 100; ++tick)
    clock.arrived(tick, instant{static_cast<double>(tick) * 50 + 30});
  CHECK(clock.at(5'030ms) == Approx(100).margin(0.01));
  for (tick_number tick = 100; tick < 1'000; ++tick) // the way has become longer
    clock.arrived(tick, instant{static_cast<double>(tick) * 50 + 60});
  CHECK(clock.at(instant{50'060}) == Approx(1'000).margin(0.01));
}

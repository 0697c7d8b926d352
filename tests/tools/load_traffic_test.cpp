#include "tools/load_traffic.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <deque>

using namespace troupe::load;
using namespace std::chrono_literals;

namespace {

constexpr instant start{std::chrono::hours{1}};

/// A traffic with everybody connected, and a server in virtual time that delivers each message to
/// its whole group after `delay`, but nothing before `blocked_until`.
class simulation {
public:
  explicit simulation(const traffic_settings& settings) : traffic_{settings} {
    for (std::size_t link = 0; link < settings.shape.connections(); ++link)
      traffic_.opened(link);
    traffic_.start(start);
    traffic_.begin_measuring(start);
  }

  void run(nanoseconds length, nanoseconds step = 100us) {
    for (const auto end = now_ + length; now_ < end; now_ += step) {
      while (!under_way_.empty() && now_ >= blocked_until
             && under_way_.front().first + delay <= now_) {
        deliver(under_way_.front().second);
        under_way_.pop_front();
      }
      send_due();
    }
  }

  void stop() { traffic_.stop(now_); }
  void close(std::size_t link) { traffic_.closed(link); }
  traffic& load() { return traffic_; }

  nanoseconds delay = 1ms;
  instant blocked_until{};
  std::uint32_t drop_every = 0; ///< sequence numbers that never arrive; 0 = none

private:
  void send_due() {
    while (const auto message = traffic_.next(now_))
      if (drop_every == 0 || message->sequence % drop_every != drop_every - 1)
        under_way_.emplace_back(now_, *message);
  }

  void deliver(const stamp& message) {
    std::array<std::byte, 64> bytes{};
    write_stamp(std::span{bytes}.first<stamp_bytes>(), message);
    const auto& shape = traffic_.shape();
    const std::size_t first = shape.group_of(message.sender) * shape.group_size;
    for (std::size_t link = first; link < first + shape.group_size; ++link)
      if (link != message.sender || shape.senders_receive)
        traffic_.received(link, bytes, now_);
  }

  traffic traffic_;
  instant now_ = start;
  std::deque<std::pair<instant, stamp>> under_way_;
};

} // namespace

TEST_CASE("traffic: the open loop keeps its rate and measures the delay", "[tools][load]") {
  simulation world{{.shape = {1, 5, 2, true}, .rate = 1'000}};
  world.run(1s);
  world.stop();
  world.run(10ms);
  CHECK(world.load().counts().sent == 1'000);
  CHECK(world.load().is_complete());
  CHECK(world.load().arrived() == 5'000);
  CHECK(world.load().latency().quantile(0.99) <= 1'120us);
  CHECK(world.load().send_lag().max() == 0ns);
  CHECK(world.load().checks().lost + world.load().checks().undelivered == 0);
}

TEST_CASE("traffic: a server that stops for a while cannot hide it", "[tools][load]") {
  simulation world{{.shape = {1, 2, 1, true}, .rate = 1'000}};
  world.run(100ms);
  world.blocked_until = start + 600ms;
  world.run(900ms);
  world.stop();
  world.run(10ms);
  // The messages due in the half second of silence waited 250 ms on average, half of all.
  CHECK(world.load().latency().max() >= 499ms);
  CHECK(world.load().latency().quantile(0.75) >= 200ms);
}

TEST_CASE("traffic: a late client shows in the send lag and in the latency", "[tools][load]") {
  simulation world{{.shape = {1, 1, 1, true}, .rate = 1'000}};
  world.run(100ms, 20ms); // looks only every 20 ms
  world.stop();
  world.run(40ms, 20ms);
  CHECK(world.load().send_lag().max() == 19ms);
  CHECK(world.load().latency().min() >= 20ms);
}

TEST_CASE("traffic: the closed loop sends when the last receiver has it", "[tools][load]") {
  simulation world{{.shape = {1, 4, 2, true}, .window = 3}};
  world.run(100ms);
  world.stop();
  world.run(10ms);
  CHECK(world.load().counts().sent == 3 * 100);
  CHECK(world.load().is_complete());
  CHECK(world.load().send_lag().count() == 0);
}

TEST_CASE("traffic: a lossy server is found out", "[tools][load]") {
  simulation world{{.shape = {3, 2, 2, true}, .rate = 600}};
  world.drop_every = 10;
  world.run(1s);
  world.stop();
  world.run(10ms);
  const auto checks = world.load().checks();
  CHECK(checks.lost + checks.undelivered == 60 * 2); // every tenth of 600, two receivers each
  CHECK_FALSE(world.load().is_complete());
}

TEST_CASE("traffic: the closed loop survives a lossy server", "[tools][load]") {
  simulation world{{.shape = {1, 2, 1, true}, .window = 4}};
  world.drop_every = 50;
  world.run(1s);
  world.stop();
  CHECK(world.load().counts().sent > 2'000);
  CHECK(world.load().checks().lost >= 2 * 40);
}

TEST_CASE("traffic: a receiver that goes away frees the window and is not waited for",
          "[tools][load]") {
  simulation world{{.shape = {1, 3, 1, true}, .window = 1}};
  world.run(500us); // one message is under way
  world.close(2);
  world.run(100ms);
  world.stop();
  world.run(10ms);
  CHECK(world.load().counts().sent >= 90);
  CHECK(world.load().is_complete());
  CHECK(world.load().checks().undelivered == 1);
}

TEST_CASE("traffic: the turns of a sender that is gone are skipped and counted", "[tools][load]") {
  simulation world{{.shape = {1, 4, 4, true}, .rate = 1'000}};
  world.close(1);
  world.run(400ms);
  CHECK(world.load().counts().sent == 300);
  CHECK(world.load().skipped() == 100);
}

TEST_CASE("traffic: only the measured part counts in rate and latency", "[tools][load]") {
  traffic load{{.shape = {1, 1, 1, true}, .rate = 1'000}};
  load.opened(0);
  load.start(start);
  std::array<std::byte, stamp_bytes> bytes{};
  for (int message = 0; message < 100; ++message) {
    const auto now = start + message * 1ms;
    if (message == 50)
      load.begin_measuring(now);
    const auto sent = load.next(now);
    REQUIRE(sent.has_value());
    write_stamp(bytes, *sent);
    load.received(0, bytes, now);
  }
  CHECK(load.counts().sent == 50);
  CHECK(load.counts().delivered == 50);
  CHECK(load.latency().count() == 50);
  CHECK(load.arrived() == 100);
}

TEST_CASE("traffic: what is too short for a stamp is foreign", "[tools][load]") {
  traffic load{{.shape = {1, 1, 1, true}}};
  load.opened(0);
  CHECK(load.received(0, {}, start) == verdict::foreign);
  CHECK(load.checks().foreign == 1);
}

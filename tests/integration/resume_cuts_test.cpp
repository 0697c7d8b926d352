// Sessions of the C++ client and the server over a network that cuts connections at random bytes.
#include "troupe/client.hpp"
#include "troupe/server.hpp"

#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/cutting_relay.hpp"

#include <algorithm>
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// Numbers that must arrive without gap, repetition or exchange.
class checked_sequence {
public:
  void take(std::uint64_t number) {
    if (number != last_ + 1)
      ++wrong_;
    last_ = number;
  }
  std::uint64_t last() const { return last_; }
  std::uint64_t wrong() const { return wrong_; }

private:
  std::atomic<std::uint64_t> last_{0};
  std::atomic<std::uint64_t> wrong_{0};
};

struct downstream {
  std::uint64_t sent = 0;
};

/// A server that streams to every client and checks what comes back.
struct streaming_server {
  checked_sequence up;
  std::atomic<std::uint64_t> down{0};
  std::atomic<int> drops{0}, resumes{0}, ends{0};
  running_server server;

  streaming_server() : server{quick_config(2), [this](troupe::server& made) { set_up(made); }} {}

  void set_up(troupe::server& made) {
    auto& game = made.endpoint("/game").without_rate_limits();
    game.resume({.grace = 20s});
    game.on_drop([this](connection&) { ++drops; });
    game.on_resume([this](connection&) { ++resumes; });
    game.on_disconnect([this](connection&, const close_info&) { ++ends; });
    game.on("up", [this](std::uint64_t number) { up.take(number); });
    game.on("stop", [this](connection& from) {
      from.cancel(from.value<timer_id>());
      from.emit("stopped");
    });
    game.on_connect([this](connection& to) {
      to.value<timer_id>() = to.every(2ms, [this, &to] {
        to.emit("down", ++to.value<downstream>().sent);
        down = to.value<downstream>().sent;
      });
    });
  }
};

struct report {
  std::size_t cuts = 0;
  std::uint64_t sent = 0;
  int resumes = 0, resyncs = 0;
  std::chrono::microseconds p50{0}, p99{0};
};

/// Streams both ways until there were `cuts` cuts, and checks that everything has arrived.
report stream_through(std::size_t cuts, unsigned seed) {
  streaming_server server;
  cutting_relay relay{server.server.port(), seed};
  checked_sequence down;
  std::promise<void> stopped;
  std::mutex guard;
  std::vector<std::chrono::microseconds> delays;
  report result;
  client_options options;
  options.url = "ws://127.0.0.1:" + std::to_string(relay.port()) + "/game";
  options.reconnect.first = options.reconnect.longest = 1ms;
  client c{options};
  c.on("down", [&](std::uint64_t number) { down.take(number); });
  c.on("stopped", [&] { stopped.set_value(); });
  c.on_open([&](const server_info& info) { result.resyncs += info.is_resync ? 1 : 0; });
  c.on_resume([&](const server_info&) {
    const std::lock_guard lock{guard};
    ++result.resumes;
    delays.push_back(std::chrono::duration_cast<std::chrono::microseconds>(
        cutting_relay::clock::now() - relay.last_accept()));
  });
  REQUIRE(c.connect());
  relay.cut_all();
  relay.cut_within(3'000);
  const auto patience = std::chrono::steady_clock::now() + 2s + 50ms * cuts;
  while (relay.cuts() < cuts && std::chrono::steady_clock::now() < patience) {
    if (c.emit("up", result.sent + 1) == errc::ok)
      ++result.sent;
    if (result.sent % 8 == 0)
      std::this_thread::sleep_for(1ms);
  }
  result.cuts = relay.cuts();
  relay.cut_within(0);
  relay.cut_all();
  while (c.emit("stop") != errc::ok && std::chrono::steady_clock::now() < patience)
    std::this_thread::sleep_for(1ms);
  REQUIRE(stopped.get_future().wait_for(20s) == std::future_status::ready);
  CHECK(server.up.wrong() == 0);
  CHECK(server.up.last() == result.sent);
  CHECK(down.wrong() == 0);
  CHECK(down.last() == server.down);
  CHECK(server.drops == server.resumes);
  CHECK(server.ends == 0);
  std::sort(delays.begin(), delays.end());
  result.p50 = delays.at(delays.size() / 2);
  result.p99 = delays.at(delays.size() * 99 / 100);
  return result;
}

} // namespace

TEST_CASE("resume: 300 cuts at random bytes lose, repeat and exchange nothing",
          "[integration][resume]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  const auto result = stream_through(300, seed);
  CHECK(result.cuts >= 300);
  CHECK(result.resumes > 50);
  CHECK(result.resyncs == 0);
}

TEST_CASE("resume: 10,000 cuts, with figures", "[.][soak]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  const auto result = stream_through(10'000, seed);
  CHECK(result.cuts >= 10'000);
  CHECK(result.resyncs == 0);
  CHECK(result.p99 < 5ms);
  std::cout << result.cuts << " cuts, " << result.resumes << " resumes, " << result.sent
            << " messages up, resume p50 " << result.p50.count() << " us, p99 "
            << result.p99.count() << " us\n";
}

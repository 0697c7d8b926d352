#include "troupe/game/rooms.hpp"

#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pond.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <sched.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <string>
#include <thread>

namespace troupe::test {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

/// Where rooms run, and how they behave: seen by the test, so not part of any state.
struct observations {
  std::atomic<std::thread::id> shard{};
  std::atomic<std::thread::id> worker{};
  std::atomic<int> policy{0};
  std::atomic<bool> burns{false};
};

observations seen;

class light final : public pond {
public:
  void on_tick(std::uint64_t) override { seen.shard = std::this_thread::get_id(); }
};

/// Burns 60 ms per tick when told to, at 20 ticks per second.
class heavy final : public pond {
public:
  void on_tick(std::uint64_t) override {
    seen.worker = std::this_thread::get_id();
    seen.policy = ::sched_getscheduler(0);
    for (const auto end = steady_clock::now() + 60ms; seen.burns && steady_clock::now() < end;)
      ;
  }
};

void add_rooms(server& to) {
  to.rooms().define<light>("light", {.tick_rate = 50, .empty_time = 1h});
  to.rooms().define<heavy>("heavy", {.tick_rate = 20, .empty_time = 1h, .heavy = true});
}

/// Waits for what happens sooner or later, or never: workers run when nobody else wants the cores.
template <class Predicate>
bool comes_true(Predicate is_so) {
  const auto end = steady_clock::now() + 60s;
  while (!is_so() && steady_clock::now() < end)
    std::this_thread::sleep_for(5ms);
  return is_so();
}

/// Keeps the first warning about a heavy room: a light one may well lose ticks on a busy machine.
class warning_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  std::string warning() {
    const std::lock_guard guard{mutex_};
    return warning_;
  }

private:
  void sink_it_(const spdlog::details::log_msg& line) override {
    const std::string text{line.payload.data(), line.payload.size()};
    if (warning_.empty() && text.find("of kind heavy is overloaded") != std::string::npos)
      warning_ = text;
  }
  void flush_() override {}
  std::string warning_;
};

/// The log, which is off in tests, while it lives. Make it before the server.
class opened_log {
public:
  opened_log() {
    for (auto& other : logger_->sinks())
      other->set_level(spdlog::level::off);
    logger_->sinks().push_back(sink_);
  }
  opened_log(const opened_log&) = delete;
  opened_log& operator=(const opened_log&) = delete;
  ~opened_log() {
    logger_->sinks().pop_back();
    logger_->set_level(spdlog::level::off);
  }

  void open() { logger_->set_level(spdlog::level::warn); }
  std::string warning() { return sink_->warning(); }

private:
  std::shared_ptr<spdlog::logger> logger_ = spdlog::default_logger();
  std::shared_ptr<warning_sink> sink_ = std::make_shared<warning_sink>();
};

} // namespace

TEST_CASE("heavy rooms: run on a worker, behind all shards", "[integration][game]") {
  running_server server{quick_config(), add_rooms};
  REQUIRE(server->rooms().create({.kind = "light"}));
  REQUIRE(server->rooms().create({.kind = "heavy"}));
  const auto both_ran = [] {
    return seen.shard.load() != std::thread::id{} && seen.worker.load() != std::thread::id{};
  };
  REQUIRE(comes_true(both_ran));
  CHECK(seen.shard.load() != seen.worker.load());
  CHECK(seen.policy == SCHED_IDLE);
  CHECK(serves(server));
}

TEST_CASE("heavy rooms: one that takes too long is named, the others keep their time",
          "[integration][game]") {
  opened_log log;
  running_server server{quick_config(), add_rooms};
  log.open();
  const auto light = server->rooms().create({.kind = "light"})->room;
  const auto burner = server->rooms().create({.kind = "heavy"})->room;
  seen.burns = true;
  const auto is_named = [&] { return !log.warning().empty(); };
  CHECK(comes_true(is_named));
  CHECK(log.warning().find(burner) != std::string::npos);
  const auto stats = server->rooms().stats();
  REQUIRE(stats.size() == 2);
  const auto& [quiet, busy] =
      stats[0]->room == light ? std::tie(stats[0], stats[1]) : std::tie(stats[1], stats[0]);
  CHECK(busy->costs.overruns > 0);
  CHECK(busy->costs.tick_duration.quantile(0.5) >= 60ms);
  CHECK(quiet->costs.tick_jitter.quantile(0.5) < 20ms);
  seen.burns = false;
}

} // namespace troupe::test

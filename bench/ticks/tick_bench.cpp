// How precisely rooms tick on a server with clients that play, and what one room that burns all of
// a core does to the others. docs: bench/README.md.
#include "troupe/server.hpp"

#include "bench/ticks/tick_clients.hpp"
#include "bench/ticks/tick_rooms.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <map>
#include <mutex>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace troupe;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Remembers when the log first named a room that is overloaded.
class watcher final : public spdlog::sinks::base_sink<std::mutex> {
public:
  std::atomic<steady_clock::time_point> named{};

private:
  void sink_it_(const spdlog::details::log_msg& line) override {
    const std::string_view text{line.payload.data(), line.payload.size()};
    if (text.find("overloaded") == std::string_view::npos)
      return;
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
    if (text.find("burner") != std::string_view::npos && named.load() == steady_clock::time_point{})
      named = steady_clock::now();
  }
  void flush_() override {}
};

struct settings {
  std::size_t rooms = 100;
  std::uint32_t players = 10;
  std::uint32_t rate = 20;
  int seconds = 20;
  std::size_t threads = 0;
  std::string burn = "no";
};

// -- the clients' process -----------------------------------------------------

/// Starts it before the server's threads; it waits for its load.
class client_process {
public:
  client_process() {
    if (::pipe(pipe_) != 0 || (child_ = ::fork()) < 0)
      throw std::runtime_error{"cannot start the clients"};
    if (child_ == 0)
      play(receive());
  }
  client_process(const client_process&) = delete;
  client_process& operator=(const client_process&) = delete;
  ~client_process() { stop(); }

  void start(const client_load& load) {
    auto* to = ::fdopen(pipe_[1], "w");
    std::fprintf(to, "%u %u %zu\n", load.port, load.inputs_per_s, load.seats.size());
    for (const auto& each : load.seats)
      std::fprintf(to, "%s %s\n", each.room.c_str(), each.token.c_str());
    std::fclose(to);
  }

  void stop() {
    if (std::exchange(is_running_, false)) {
      ::kill(child_, SIGTERM);
      ::waitpid(child_, nullptr, 0);
    }
  }

private:
  client_load receive() {
    ::close(pipe_[1]);
    auto* from = ::fdopen(pipe_[0], "r");
    client_load load;
    unsigned port = 0;
    std::size_t count = 0;
    if (std::fscanf(from, "%u %u %zu", &port, &load.inputs_per_s, &count) != 3)
      std::_Exit(0); // there is no load
    load.port = static_cast<std::uint16_t>(port);
    char room[129], token[129];
    while (load.seats.size() < count && std::fscanf(from, "%128s %128s", room, token) == 2)
      load.seats.push_back({room, token});
    return load;
  }

  int pipe_[2]{};
  pid_t child_ = -1;
  bool is_running_ = true;
};

// -- the server ---------------------------------------------------------------

config server_settings(const settings& wanted) {
  config result;
  result.listen = "127.0.0.1:0";
  result.threads = wanted.threads;
  result.limits.max_connections_per_address = 0;
  return result;
}

client_load make_rooms(server& at, const settings& wanted) {
  client_load load{.port = at.port(), .seats = {}};
  for (std::size_t i = 0; i < wanted.rooms; ++i) {
    const auto made = at.rooms().create({.kind = "pond", .seats = std::max(wanted.players, 1U)});
    if (!made)
      throw std::runtime_error{made.error().text};
    for (std::uint32_t player = 0; player < wanted.players; ++player)
      load.seats.push_back({made->room, made->tokens[player]});
  }
  return load;
}

void wait_for_players(server& at, const settings& wanted) {
  const auto is_full = [&](auto& room) { return room->players == wanted.players; };
  while (!std::ranges::all_of(at.rooms().stats(), is_full))
    std::this_thread::sleep_for(100ms);
}

using figures = std::map<std::string, game::room_costs>;

figures read_ponds(server& at) {
  figures result;
  for (const auto& room : at.rooms().stats())
    if (room->kind == "pond")
      result.emplace(room->room, room->costs);
  return result;
}

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void print(const char* what, const game::duration_histogram& times) {
  const auto ms = [&](double fraction) {
    return static_cast<double>(times.quantile(fraction).count()) / 1e6;
  };
  std::printf("  %-14s p50 %.3f  p99 %.3f  p99.9 %.3f  p100 %.3f ms\n", what, ms(0.5), ms(0.99),
              ms(0.999), ms(1));
}

/// What the ponds did for a while.
void measure(server& at, const char* title, int seconds) {
  const auto before = read_ponds(at);
  const auto cpu = processor_seconds();
  std::this_thread::sleep_for(std::chrono::seconds{seconds});
  const auto used = (processor_seconds() - cpu) / seconds;
  game::room_costs sum;
  for (const auto& [id, costs] : read_ponds(at)) {
    const auto& then = before.at(id);
    sum.tick_jitter.merge(costs.tick_jitter.since(then.tick_jitter));
    sum.tick_duration.merge(costs.tick_duration.since(then.tick_duration));
    sum.lost_ticks += costs.lost_ticks - then.lost_ticks;
    sum.bytes_out += costs.bytes_out - then.bytes_out;
    sum.cpu += costs.cpu - then.cpu;
  }
  std::printf("%s: %llu ticks, %llu lost, %.0f kB/s of patches, server %.1f %% of a core, of it "
              "%.1f in rooms\n",
              title, static_cast<unsigned long long>(sum.ticks()),
              static_cast<unsigned long long>(sum.lost_ticks),
              static_cast<double>(sum.bytes_out) / seconds / 1e3, 100 * used,
              std::chrono::duration<double>{sum.cpu}.count() / seconds * 100);
  print("tick jitter", sum.tick_jitter);
  print("tick duration", sum.tick_duration);
  std::fflush(stdout);
}

void measure_burning(server& at, const watcher& log, int seconds) {
  const auto began = steady_clock::now();
  at.rooms().create({.kind = "burner"});
  std::this_thread::sleep_for(2s);
  measure(at, "beside a room that burns", seconds);
  const auto named = log.named.load();
  if (named == steady_clock::time_point{})
    std::printf("the room that burns was never named\n");
  else
    std::printf("the room that burns was named after %.2f s\n",
                std::chrono::duration<double>{named - began}.count());
}

void run(const settings& wanted, client_process& clients) {
  auto log = std::make_shared<watcher>();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("bench", log));
  server instance{server_settings(wanted)};
  instance.endpoint("/rooms").without_rate_limits();
  instance.rooms()
      .define<pond>("pond", {.max_players = std::max(wanted.players, 1U),
                             .tick_rate = wanted.rate,
                             .patch_rate = std::min(wanted.rate, 20U),
                             .empty_time = 1h})
      .define<burner>(
          "burner",
          {.tick_rate = 20, .patch_rate = 20, .empty_time = 1h, .heavy = wanted.burn != "shard"});
  instance.start();
  clients.start(make_rooms(instance, wanted));
  if (wanted.players != 0)
    wait_for_players(instance, wanted);
  std::this_thread::sleep_for(2s);
  measure(instance, "quiet", wanted.seconds);
  if (wanted.burn != "no")
    measure_burning(instance, *log, wanted.seconds);
  clients.stop(); // before the server, whose end they would report
}

} // namespace

int main(int argc, char** argv) {
  settings wanted;
  CLI::App app{"How precisely rooms tick while clients play"};
  app.add_option("--rooms", wanted.rooms, "rooms")->capture_default_str();
  app.add_option("--players", wanted.players, "players of each; 0: nobody connects")
      ->capture_default_str();
  app.add_option("--rate", wanted.rate, "ticks per second")->capture_default_str();
  app.add_option("--seconds", wanted.seconds, "seconds to measure")->capture_default_str();
  app.add_option("--threads", wanted.threads, "shards; 0 = one per core")->capture_default_str();
  app.add_option("--burn", wanted.burn, "add a room that burns 50 ms per tick: no, worker, shard")
      ->check(CLI::IsMember({"no", "worker", "shard"}))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    client_process clients;
    run(wanted, clients);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tick_bench: %s\n", error.what());
    return 1;
  }
}

#include "net/event_loop.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace troupe::net;

namespace {

struct handler final : io_handler {
  std::function<void(io_interest)> run = [](io_interest) {};
  int calls = 0;
  void on_ready(io_interest ready) noexcept override {
    ++calls;
    run(ready);
  }
};

struct pair_of_sockets {
  pair_of_sockets() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0); }
  ~pair_of_sockets() {
    for (auto end : ends)
      if (end >= 0)
        ::close(end);
  }
  pair_of_sockets(const pair_of_sockets&) = delete;
  pair_of_sockets& operator=(const pair_of_sockets&) = delete;

  void send() { REQUIRE(::write(ends[1], "x", 1) == 1); }
  void hang_up() { ::close(std::exchange(ends[1], -1)); }
  int watched() const { return ends[0]; }

  std::array<int, 2> ends{};
};

const auto at_once = std::optional{time_point{}};

} // namespace

TEST_CASE("event_loop: reports what a handler waits for", "[net][event_loop]") {
  event_loop loop;
  pair_of_sockets sockets;
  handler h;
  auto seen = io_interest::none;
  h.run = [&](io_interest ready) { seen = ready; };
  loop.add(sockets.watched(), h, io_interest::read);
  loop.wait(at_once);
  loop.dispatch();
  CHECK(h.calls == 0);
  sockets.send();
  loop.wait(std::nullopt);
  loop.dispatch();
  CHECK(seen == io_interest::read);
  loop.modify(sockets.watched(), h, io_interest::write);
  loop.wait(std::nullopt);
  loop.dispatch();
  CHECK(seen == io_interest::write);
  loop.remove(sockets.watched(), h);
  loop.wait(at_once);
  loop.dispatch();
  CHECK(h.calls == 2);
}

TEST_CASE("event_loop: reports a hang-up even to who waits for nothing", "[net][event_loop]") {
  event_loop loop;
  pair_of_sockets sockets;
  handler h;
  auto seen = io_interest::none;
  h.run = [&](io_interest ready) { seen = ready; };
  loop.add(sockets.watched(), h, io_interest::none);
  sockets.hang_up();
  loop.wait(std::nullopt);
  loop.dispatch();
  CHECK(seen == io_interest::read_write);
  loop.remove(sockets.watched(), h);
}

TEST_CASE("event_loop: forgets fetched events of a handler that is removed", "[net][event_loop]") {
  event_loop loop;
  std::array<pair_of_sockets, 2> sockets;
  std::array<handler, 2> handlers;
  for (std::size_t i = 0; i < 2; ++i) {
    sockets[i].send();
    loop.add(sockets[i].watched(), handlers[i], io_interest::read);
    handlers[i].run = [&, i](io_interest) {
      loop.remove(sockets[1 - i].watched(), handlers[1 - i]);
    };
  }
  loop.wait(std::nullopt);
  loop.dispatch();
  CHECK(handlers[0].calls + handlers[1].calls == 1);
}

TEST_CASE("event_loop: waits until the deadline, not longer", "[net][event_loop]") {
  event_loop loop;
  auto deadline = steady_clock::now() + 3ms;
  loop.wait(deadline);
  CHECK(steady_clock::now() >= deadline);
}

TEST_CASE("event_loop: a wake-up before the wait is not slept through", "[net][event_loop]") {
  event_loop loop;
  loop.wake();
  loop.wait(std::nullopt); // would hang
  loop.dispatch();
  auto deadline = steady_clock::now() + 2ms;
  loop.wait(deadline); // one wake-up, one return
  CHECK(steady_clock::now() >= deadline);
}

TEST_CASE("event_loop: no wake-up of another thread is lost", "[net][event_loop]") {
  event_loop loop;
  std::atomic<int> asked{0};
  std::atomic<int> answered{0};
  constexpr int rounds = 20'000;
  std::thread other{[&] {
    for (int i = 1; i <= rounds; ++i) {
      asked.store(i);
      loop.wake();
      while (answered.load() != i)
        std::this_thread::yield();
    }
  }};
  while (answered.load() != rounds) {
    if (auto what = asked.load(); what != answered.load()) {
      answered.store(what);
      continue;
    }
    loop.wait(std::nullopt); // a lost wake-up would hang here
    loop.dispatch();
  }
  other.join();
  CHECK(answered == rounds);
}

#include "actors/credit.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/still_runtime.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace troupe;
using actors::flow_gate;

namespace {

/// Counts how often it is woken, on whatever thread that happens.
class sleeper final : public actors::pinned_actor {
public:
  using actors::pinned_actor::pinned_actor;

  void enqueue(caf::strong_actor_ptr, caf::message_id, caf::message,
               caf::execution_unit*) override {
    ++woken;
  }
  void enqueue(caf::mailbox_element_ptr, caf::execution_unit*) override { ++woken; }

  std::atomic<int> woken{0};
};

struct bedroom {
  bedroom() {
    still.start(1);
    auto made =
        actors::spawn_pinned<sleeper, caf::hidden + caf::lazy_init>(*still.shared.shards[0]);
    handle = made.handle;
    one = made.object;
  }

  test::still_runtime still;
  caf::actor handle;
  sleeper* one;
};

void enter(flow_gate& gate, int times) {
  for (int i = 0; i < times; ++i)
    gate.enter();
}

void leave(flow_gate& gate, int times) {
  for (int i = 0; i < times; ++i)
    gate.leave();
}

} // namespace

TEST_CASE("flow_gate: is crowded at its bound", "[actors][flow_gate]") {
  flow_gate gate{4};
  enter(gate, 3);
  CHECK(!gate.is_crowded());
  gate.enter();
  CHECK(gate.is_crowded());
  gate.leave();
  CHECK(!gate.is_crowded());
}

TEST_CASE("flow_gate: wakes who waits once, when half has drained", "[actors][flow_gate]") {
  bedroom room;
  flow_gate gate{8};
  enter(gate, 8);
  REQUIRE(gate.wait(room.handle));
  leave(gate, 3);
  CHECK(room.one->woken == 0);
  gate.leave();
  CHECK(room.one->woken == 1);
  leave(gate, 4);
  enter(gate, 8);
  leave(gate, 8);
  CHECK(room.one->woken == 1);
}

TEST_CASE("flow_gate: who comes after the drain need not wait", "[actors][flow_gate]") {
  bedroom room;
  flow_gate gate{8};
  enter(gate, 4);
  CHECK(!gate.wait(room.handle));
  leave(gate, 4);
  CHECK(room.one->woken == 0);
}

TEST_CASE("flow_gate: no waiter is forgotten when threads race", "[actors][flow_gate]") {
  bedroom room;
  flow_gate gate{4};
  std::atomic<int> pending{0};
  std::atomic<bool> is_done{false};
  std::thread consumer{[&] {
    while (!is_done || pending != 0) {
      if (pending == 0) {
        std::this_thread::yield();
        continue;
      }
      --pending;
      gate.leave();
    }
  }};
  int waits = 0;
  for (int i = 0; i < 20'000; ++i) {
    gate.enter();
    ++pending;
    if (gate.is_crowded() && gate.wait(room.handle)) {
      ++waits;
      while (room.one->woken != waits) // would hang if the wake-up were lost
        std::this_thread::yield();
    }
  }
  is_done = true;
  consumer.join();
  CHECK(room.one->woken == waits);
  CHECK(!gate.is_crowded());
}

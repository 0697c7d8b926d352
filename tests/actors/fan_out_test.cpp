#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/count_allocations.hpp"
#include "tests/support/still_runtime.hpp"
#include "tests/support/ws_frames.hpp"

#include <algorithm>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace troupe;

namespace {

constexpr std::size_t members = 1'000;

void allow_descriptors(rlim_t count) {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  if (limit.rlim_cur >= count)
    return;
  limit.rlim_cur = std::min(count, limit.rlim_max);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

/// A client's event for room number 1, with a payload of 64 bytes.
std::string publish() {
  auto head = protocol::encode_publish(1, {.number = 0, .text = "say"}, content_kind::raw);
  return test::client_frame(test::fin | test::binary,
                            std::string{as_text(head.bytes())} + std::string(64, 'x'));
}

/// 1,000 members of one room on two shards, every other one compressed.
struct crowd {
  crowd() {
    allow_descriptors(2 * members + 200);
    auto& rules = still.add_endpoint(speaks::native);
    rules.rooms().relay_to_all("say").presence(false);
    rules.on_connect([this](connection& c) {
      connections.push_back(&c);
      c.join("arena");
    });
    still.start(2);
    for (std::size_t i = 0; i < members; ++i)
      clients.push_back(still.connect(i % 2, i % 4 >= 2));
    still.settle();
    write_and_drain();
    still.forget_messages();
  }

  /// The first client publishes; the event reaches all outboxes, none is written.
  void broadcast() {
    test::send_all(clients[0], publish());
    still.read();
  }

  std::vector<std::string> write_and_drain() {
    still.write();
    std::vector<std::string> result;
    for (auto& client : clients)
      result.push_back(test::drain(client));
    return result;
  }

  test::still_runtime still;
  std::vector<connection*> connections;
  std::vector<net::tcp_socket> clients;
};

std::size_t count_frames(const protocol::frame_set& frames) {
  return static_cast<std::size_t>(
      std::count_if(frames.begin(), frames.end(), [](auto& frame) { return bool{frame}; }));
}

} // namespace

TEST_CASE("fan-out: a broadcast to 1,000 members costs one message per shard",
          "[actors][fan_out]") {
  crowd all;
  all.broadcast();
  REQUIRE(all.connections.size() == members);
  for (auto* member : all.connections)
    REQUIRE(member->queued_bytes() != 0);
  CHECK(all.still.hubs[0]->messages == 1);
  CHECK(all.still.hubs[1]->messages == 1);
}

TEST_CASE("fan-out: a broadcast is encoded once per encoding", "[actors][fan_out]") {
  crowd all;
  all.broadcast();
  auto& hubs = all.still.hubs;
  REQUIRE(hubs[0]->batches.size() == 1);
  REQUIRE(hubs[1]->batches.size() == 1);
  CHECK(hubs[0]->batches[0] == hubs[1]->batches[0]);
  REQUIRE(hubs[0]->batches[0]->items.size() == 1);
  auto frames = hubs[0]->batches[0]->items[0].frames;
  all.still.forget_messages();
  CHECK(count_frames(frames) == 2);
  for (auto& frame : frames)
    CHECK((!frame || !frame.is_unique())); // outboxes hold these very frames
  auto received = all.write_and_drain();
  for (auto& frame : frames)
    CHECK((!frame || frame.is_unique()));
  for (std::size_t i = 0; i < members; ++i) {
    auto how = protocol::encoding{.speaks = protocol::wire::native, .is_compressed = i % 4 >= 2};
    REQUIRE(received[i] == as_text(frames[how.index()]->bytes()));
  }
}

TEST_CASE("fan-out: a broadcast allocates less than 0.05 times per recipient",
          "[actors][fan_out]") {
  crowd all;
  all.broadcast(); // warms the pools
  all.write_and_drain();
  all.still.forget_messages();
  auto message = publish();
  test::send_all(all.clients[0], message);
  auto before = test::allocations();
  all.still.read();
  auto spent = test::allocations() - before;
  for (auto* member : all.connections)
    REQUIRE(member->queued_bytes() != 0);
  CAPTURE(spent);
  CHECK(spent > 0); // else nothing is counted
  CHECK(static_cast<double>(spent) / members < 0.05);
}

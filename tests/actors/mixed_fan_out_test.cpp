#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/still_runtime.hpp"
#include "tests/support/ws_frames.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace troupe;
using protocol::wire;

namespace {

constexpr std::size_t members_per_protocol = 10;

/// A room on two shards whose members speak different protocols.
struct mixed_crowd {
  explicit mixed_crowd(std::vector<wire> the_protocols) : protocols{std::move(the_protocols)} {
    auto& rules = still.add_endpoint(speaks::native | speaks::neffos | speaks::iris | speaks::raw);
    rules.rooms().relay_everything().presence(false);
    rules.on_connect([this](connection& c) {
      connections.push_back(&c);
      if (!joins_by_itself)
        c.join("arena");
    });
    still.start(2);
    for (auto each : protocols)
      for (std::size_t i = 0; i < members_per_protocol; ++i)
        admit(i % 2, each);
    still.write();
    for (auto& client : clients)
      test::drain(client);
    still.forget_messages();
  }

  void admit(std::size_t shard, wire protocol) {
    joins_by_itself = protocol == wire::neffos;
    auto& client = clients.emplace_back(still.connect(shard, {.speaks = protocol}));
    if (joins_by_itself)
      for (auto* frame :
           {"M", "$1;default;;_OnNamespaceConnect;0;0;", "$2;default;arena;_OnRoomJoin;0;0;"})
        test::send_all(client, test::client_frame(test::fin | test::text, frame));
    still.settle();
    still.read();
  }

  /// The first client, which is a native one, publishes; nothing is written yet.
  void broadcast() {
    auto head = protocol::encode_publish(1, {.number = 0, .text = "say"}, content_kind::raw);
    test::send_all(clients[0],
                   test::client_frame(test::fin | test::binary,
                                      std::string{as_text(head.bytes())} + std::string(64, 'x')));
    still.read();
  }

  const std::vector<wire> protocols;
  test::still_runtime still;
  bool joins_by_itself = false;
  std::vector<connection*> connections;
  std::vector<net::tcp_socket> clients;
};

} // namespace

TEST_CASE("fan-out: a mixed room encodes once per protocol present", "[actors][fan_out]") {
  const auto protocols = GENERATE(std::vector{wire::native}, std::vector{wire::native, wire::iris},
                                  std::vector{wire::native, wire::neffos, wire::raw},
                                  std::vector{wire::native, wire::neffos, wire::iris, wire::raw});
  mixed_crowd all{protocols};
  REQUIRE(all.connections.size() == protocols.size() * members_per_protocol);
  all.broadcast();
  for (auto* member : all.connections)
    CHECK(member->queued_bytes() != 0);
  auto& hubs = all.still.hubs;
  REQUIRE(hubs[0]->batches.size() == 1);
  REQUIRE(hubs[1]->batches.size() == 1);
  CHECK(hubs[0]->batches[0] == hubs[1]->batches[0]); // both shards send the same frames
  REQUIRE(hubs[0]->batches[0]->items.size() == 1);
  const auto frames = hubs[0]->batches[0]->items[0].frames;
  all.still.forget_messages();
  for (std::size_t i = 0; i < protocol::encoding::count; ++i) {
    const auto how = protocol::encoding::at(i);
    const auto is_present = std::count(protocols.begin(), protocols.end(), how.speaks) == 1;
    CHECK(bool{frames[i]} == (is_present && !how.is_compressed));
    CHECK((!frames[i] || !frames[i].is_unique())); // outboxes hold these very frames
  }
}

TEST_CASE("fan-out: members of a mixed room get their own protocol's frame", "[actors][fan_out]") {
  mixed_crowd all{{wire::native, wire::iris, wire::raw}};
  all.broadcast();
  REQUIRE(all.still.hubs[0]->batches.size() == 1);
  const auto frames = all.still.hubs[0]->batches[0]->items[0].frames;
  all.still.write();
  for (std::size_t i = 0; i < all.clients.size(); ++i) {
    const protocol::encoding how{.speaks = all.protocols[i / members_per_protocol]};
    CHECK(test::drain(all.clients[i]) == as_text(frames[how.index()]->bytes()));
  }
}

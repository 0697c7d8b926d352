// Plays the arena of `troupe serve` in rooms of 16: steers at 30 Hz, reads and confirms patches.
//     recording_players PORT ROOMS SECONDS
#include "troupe/describe.hpp"

#include "protocol/varint.hpp"
#include "tests/integration/support/native_client.hpp"

#include <boost/describe.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <poll.h>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace troupe;
using namespace troupe::test;
using clock = std::chrono::steady_clock;

constexpr std::size_t players_per_room = 16;
constexpr auto input_interval = std::chrono::nanoseconds{1'000'000'000 / 30};

struct wish {
  std::string kind;
  std::uint32_t seats = 0;
};
BOOST_DESCRIBE_STRUCT(wish, (), (kind, seats))
struct seats {
  std::string room;
  std::vector<std::string> tokens;
};
BOOST_DESCRIBE_STRUCT(seats, (), (room, tokens))
struct steer {
  double turn = 0;
  bool thrust = false, fire = false;
};
BOOST_DESCRIBE_STRUCT(steer, (), (turn, thrust, fire))

struct player {
  native_client client;
  std::uint64_t room = 0;
  std::uint64_t sequence = 0;
  std::uint64_t patches = 0;

  explicit player(std::uint16_t port) : client{port, "/rooms"} {}

  void join(const std::string& id, const std::string& token) {
    const auto arguments = make_payload(token, "bot");
    client.send(
        {.op = protocol::operation::join, .ask_id = 1, .text = id, .payload = arguments.bytes});
    room = client.wait_for(protocol::operation::joined)->room;
    client.publish(room, "state.begin");
  }
  void play(std::mt19937& random) {
    const steer how{std::uniform_real_distribution{-1.0, 1.0}(random), random() % 2 == 0,
                    random() % 4 == 0};
    client.publish(room, "steer", how, ++sequence);
  }
  /// Snapshots and patches begin with their kind and their tick.
  void read() {
    const auto next = client.next();
    if (next->op != protocol::operation::room_event || client.name_of(next) != "state.patch")
      return;
    ++patches;
    client.publish(room, "state.confirm", protocol::read_varint(next->payload.subspan(1)).value);
  }
};

using crowd = std::vector<std::unique_ptr<player>>;

void fill_room(std::uint16_t port, crowd& all) {
  const auto first = all.size();
  for (std::size_t i = 0; i < players_per_room; ++i)
    all.push_back(std::make_unique<player>(port));
  auto& host = all[first]->client;
  host.ask("rooms.create", wish{"arena", players_per_room});
  const auto got = host.wait_for(protocol::operation::reply).argument<seats>();
  for (std::size_t i = 0; i < players_per_room; ++i)
    all[first + i]->join(got.room, got.tokens.at(i));
}

void play(crowd& all, std::chrono::seconds time) {
  std::mt19937 random{1};
  std::vector<pollfd> watched;
  for (const auto& each : all)
    watched.push_back({each->client.ws().socket().descriptor(), POLLIN, 0});
  const auto start = clock::now();
  std::uint64_t turn = 0; // players take turns, evenly over each interval
  while (clock::now() - start < time) {
    const auto due =
        static_cast<std::uint64_t>((clock::now() - start) * all.size() / input_interval);
    for (; turn < due; ++turn)
      all[turn % all.size()]->play(random);
    ::poll(watched.data(), watched.size(), 1);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (watched[i].revents != 0)
        do
          all[i]->read();
        while (all[i]->client.ws().has_bytes());
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: recording_players PORT ROOMS SECONDS\n";
    return 2;
  }
  crowd all;
  for (int i = 0; i < std::atoi(argv[2]); ++i)
    fill_room(static_cast<std::uint16_t>(std::atoi(argv[1])), all);
  std::cout << "ready" << std::endl;
  play(all, std::chrono::seconds{std::atoi(argv[3])});
  std::uint64_t inputs = 0;
  std::uint64_t patches = 0;
  for (const auto& each : all) {
    inputs += each->sequence;
    patches += each->patches;
  }
  std::cout << "inputs " << inputs << " patches " << patches << std::endl;
}

#pragma once
#include "troupe/game/testing.hpp"

#include "game/recording.hpp"
#include "game/room_core.hpp"

#include <deque>
#include <functional>
#include <map>
#include <utility>

namespace troupe::game::testing {

/// What a client keeps.
struct client::implementation {
  world::implementation& home;
  std::string identity;
  random_source random;
  player_id id = 0;     // as it has heard
  player_id seated = 0; // as the room knows it
  bool is_connected = true;
  std::string refusal{};
  std::optional<leave_reason> left{};
  std::function<void(client&)> script{};
  std::vector<heard_event> heard{};
  std::size_t refused_inputs = 0;
  std::uint64_t last_sequence = 0;
  token_hash token{};
  std::chrono::milliseconds last_sent{0}; // nothing sent later arrives earlier
  std::chrono::milliseconds last_heard{0};
  std::deque<std::pair<std::chrono::milliseconds, std::function<void()>>> inbox{};
  std::optional<std::chrono::milliseconds> back_at{};
};

/// The room, the network and its clients.
struct world::implementation {
  using milliseconds = std::chrono::milliseconds;
  /// Whether a message is lost with its connection.
  enum class fate : std::uint8_t { lost_with_connection, certain };
  struct message {
    client* from;
    fate on_cut;
    std::function<entry::type()> what;
  };

  implementation(room_kind the_kind, const conditions& the_network, payload create_options);

  client& join(std::string identity, payload options);
  void step();
  void send(client& from, fate on_cut, std::function<entry::type()> what);
  void lose(client& whose);
  void apply(entry::type what);

  room_kind kind;
  conditions network;
  random_source chance;
  std::vector<std::byte> recording;
  recorder to;
  room_core core;
  milliseconds now{0};
  std::vector<std::unique_ptr<client>> clients;
  std::vector<std::string> failures;

private:
  milliseconds delay();
  client* find(player_id who) noexcept;
  client* find(const token_hash& token) noexcept;
  void hear(client& who, std::function<void()> what);
  void play(client& who);
  void carry_out(const effect& what);
  void carry_out(const outgoing::event& what);

  std::map<std::pair<milliseconds, std::uint64_t>, message> arriving_; // by time and number
  std::uint64_t last_message_ = 0;
};

} // namespace troupe::game::testing

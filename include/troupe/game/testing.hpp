#pragma once
#include "troupe/game/room_kind.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Rooms in tests: without sockets, threads and waiting, with everything that goes wrong in
/// between.
namespace troupe::game::testing {

/// What lies between the players and the room.
struct conditions {
  std::uint64_t seed = 1;                ///< of the room, the network and the scripts
  std::chrono::milliseconds latency{0};  ///< each way
  std::chrono::milliseconds jitter{0};   ///< up to this much more, differently for each message
  double cuts_per_minute = 0;            ///< how often each connection is lost
  std::chrono::milliseconds away{2'000}; ///< until its player is back
};

/// An event that a player has received.
struct heard_event {
  std::chrono::milliseconds at{0}; ///< virtual time
  std::string name;
  payload content;

  /// Its only argument. Errors:  throws `refused` if it is no `T`.
  template <class T>
  T as() const {
    return options{content}.as<T>();
  }
};

class world;

/// A player that a script plays. What it sends and hears takes its time, in order, as on a
/// WebSocket: nothing is lost but with the connection.
///
/// Lifetime:  that of its world.
class client {
public:
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  const std::string& identity() const noexcept;
  player_id id() const noexcept; ///< 0 until it has heard that it is in
  bool is_in() const noexcept;   ///< has a seat, as far as it knows
  bool is_connected() const noexcept;
  const std::string& refusal() const noexcept; ///< why it was not let in; empty: it was not refused
  std::optional<leave_reason> left() const noexcept;

  template <class T>
  void send(const T& input, std::uint64_t for_tick = 0) {
    send_input(short_name<T>(), make_payload(input), for_tick);
  }
  void leave();
  /// Loses the connection, and all that is on its way to the room.
  void cut();
  /// As if it confirmed too little of the state, or enough again: see `player::is_slow`.
  void be_slow(bool value);
  /// Connects again; what it would have heard meanwhile, it hears now.
  void come_back();

  /// Called before each tick while it is in and connected.
  void each_tick(std::function<void(client&)> script);

  const std::vector<heard_event>& heard() const noexcept;
  std::size_t heard(std::string_view event) const noexcept; ///< how often
  std::size_t refused_inputs() const noexcept;

  std::uint64_t tick() const noexcept; ///< of the room
  random_source& random() noexcept;    ///< its own

private:
  friend class world;
  struct implementation;
  explicit client(std::unique_ptr<implementation> made);
  void send_input(std::string_view name, payload what, std::uint64_t for_tick);

  std::unique_ptr<implementation> implementation_;
};

/// One room under virtual time, with its players.
///
///     world test{make_room_kind<arena>("arena"), {.seed = 7, .latency = 50ms, .jitter = 20ms}};
///     auto& ann = test.join("ann");
///     ann.each_tick([](client& me) { me.send(steer{me.random().unit()}); });
///     test.run_for(60s);
///     CHECK(test.failures().empty());
///     CHECK(test.is_deterministic());
///
/// Two worlds with the same seed and scripts are alike, tick for tick.
///
/// Threading:  belongs to one thread.
/// Errors:     exceptions of the room are caught as on a server; see `failures`.
class world {
public:
  explicit world(room_kind kind, const conditions& network = {}, payload create_options = {});
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  template <class... Args>
  client& join(std::string identity, const Args&... args) {
    return join_with(std::move(identity), make_payload(args...));
  }

  void run(std::uint64_t ticks);
  void run_for(std::chrono::milliseconds time);

  std::uint64_t tick() const noexcept;
  std::chrono::milliseconds now() const noexcept;
  bool is_closed() const noexcept;
  /// The room itself. @pre it is a `Room`
  template <class Room>
  Room& room_as() {
    return static_cast<Room&>(user());
  }

  /// What the room threw.
  const std::vector<std::string>& failures() const noexcept;
  /// Stands for the whole state of the room.
  std::uint64_t state_hash();
  /// What entered the room so far, as `troupe serve --record` writes it.
  std::vector<std::byte> recording() const;
  /// Whether the recording, replayed, leaves the same state after every tick.
  bool is_deterministic() const;

private:
  friend class client;
  struct implementation;
  client& join_with(std::string identity, payload options);
  room& user();

  std::unique_ptr<implementation> implementation_;
};

/// Calls `test` with `count` seeds from `first` on.
/// Errors:  an exception is thrown on, with the seed in front of its text.
void for_each_seed(std::uint64_t count, const std::function<void(std::uint64_t seed)>& test,
                   std::uint64_t first = 1);

} // namespace troupe::game::testing

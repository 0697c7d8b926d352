#pragma once
#include "troupe/bytes.hpp"
#include "troupe/errc.hpp"
#include "troupe/game/room_copy.hpp"

#include "examples/arena/arena.hpp"
#include "protocol/native.hpp"
#include "tools/load_units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::load {

/// What a message meant for a bot.
struct bot_news {
  enum class kind : std::uint8_t {
    nothing, ///< a step towards the game, or an event of it
    playing, ///< the first state is there
    patched,
    resync,  ///< a patch did not fit: all of the state was asked for
    refused, ///< an input, for `text`
    failed,  ///< an error of the server, or bytes that fit nowhere: `text`
  };
  kind what = kind::nothing;
  std::string text{};
  std::optional<nanoseconds> seen{}; ///< how long after an input was due the state shows it
};

/// One player of examples/arena without a socket: takes a seat, confirms states, flies after the
/// next ship and shoots. Bytes in, bytes out, time as an argument.
///
/// Whether an input has arrived is seen by the flame of one's own ship: each input turns it on or
/// off, once the last one has been seen.
///
/// Threading:  one object, one thread.
/// Errors:     whatever a server sends is news.
class arena_bot {
public:
  using instant = std::chrono::steady_clock::time_point;

  explicit arena_bot(std::string name) : name_{std::move(name)} {}

  bot_news receive(byte_view message, instant now);
  /// Sends what a player would do, if there is a state. False when the state does not show an
  /// input of two seconds ago.
  bool steer(instant due);
  bool is_playing() const noexcept { return copy_.mirror().tick() != 0; }

  /// What must be sent, oldest first.
  std::vector<std::vector<std::byte>> take_outgoing() { return std::exchange(outgoing_, {}); }

private:
  struct pending_input {
    bool thrusts = false;
    instant due;
  };

  bot_news take_seat(byte_view reply);
  bot_news hear(const protocol::message& from, instant now);
  std::optional<nanoseconds> look(instant now);
  const arena::ship* own() const;
  arena::steer wish() const;
  std::string name_of(const protocol::event_name& name) const;
  template <class... Args>
  void publish(std::string_view event, const Args&... args);

  std::string name_;
  std::vector<std::string> events_; ///< of the server, by number
  std::uint64_t room_ = 0;          ///< number; 0: not in
  std::uint64_t sequence_ = 0;
  game::room_copy<arena::field> copy_;
  std::optional<pending_input> pending_;
  std::vector<std::vector<std::byte>> outgoing_;
};

} // namespace troupe::load

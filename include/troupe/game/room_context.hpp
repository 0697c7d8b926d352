#pragma once
#include "troupe/emit.hpp"
#include "troupe/game/metadata.hpp"
#include "troupe/game/options.hpp"
#include "troupe/game/player.hpp"
#include "troupe/game/random.hpp"
#include "troupe/timers.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace troupe::game {

/// All that a room can reach of the world. Implemented by the library; rooms call the functions of
/// `room` instead.
///
/// Threading:  belongs to its room.
class room_context : public event_sender {
public:
  virtual const room_options& options() const noexcept = 0;
  virtual std::uint64_t tick() const noexcept = 0;
  virtual random_source& random() noexcept = 0;
  virtual std::span<player> players() noexcept = 0;
  virtual void remove(player_id who) = 0;
  virtual void close() = 0;

  virtual timer_id schedule(std::uint64_t ticks, std::string_view name, payload what) = 0;
  virtual void cancel(timer_id timer) = 0;

  virtual bool is_locked() const noexcept = 0;
  virtual void set_locked(bool value) = 0;
  virtual bool is_private() const noexcept = 0;
  virtual void set_private(bool value) = 0;
  virtual const game::metadata& metadata() const noexcept = 0;
  virtual void set_metadata(std::string_view key, metadata_value value) = 0;

protected:
  ~room_context() = default;
};

} // namespace troupe::game

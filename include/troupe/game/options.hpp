#pragma once
#include "troupe/arguments.hpp"
#include "troupe/payload.hpp"
#include "troupe/refused.hpp"

#include <boost/describe.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

namespace troupe::game {

/// What a room does with ticks that it could not run in time.
enum class overrun_policy : std::uint8_t {
  catch_up, ///< runs up to five of them at once; what is older is lost
  skip,     ///< runs one; all others are lost
};

/// What a kind of room is like; every room of the kind gets the same.
struct room_options {
  std::uint32_t max_players = 16; ///< 1 ... 10,000
  std::uint32_t tick_rate = 30;   ///< ticks per second, 1 ... 1,000
  std::uint32_t patch_rate = 20;  ///< state patches per second, at most `tick_rate`

  std::chrono::milliseconds reservation{15'000};     ///< how long a seat waits for who reserved it
  std::chrono::milliseconds reconnect_grace{20'000}; ///< how long for who dropped; 0: not at all
  std::chrono::milliseconds empty_time{5'000};       ///< a room without anybody lives this long

  std::uint32_t queued_inputs = 64;  ///< per player; further ones are refused
  std::uint32_t inputs_per_tick = 8; ///< per player; the rest waits for the next tick
  std::uint32_t input_lead = 64;     ///< ticks that an input may be ahead of the room

  std::uint32_t snapshot_every = 30;  ///< ticks between two snapshots to restore from; at least 1
  std::uint32_t failures_allowed = 5; ///< exceptions within a minute before the room is closed

  overrun_policy overrun = overrun_policy::catch_up; ///< when ticks take longer than their period
  bool heavy = false; ///< runs on a worker thread, where long ticks hold up no connection
};
BOOST_DESCRIBE_STRUCT(room_options, (),
                      (max_players, tick_rate, patch_rate, reservation, reconnect_grace, empty_time,
                       queued_inputs, inputs_per_tick, input_lead, snapshot_every,
                       failures_allowed, overrun, heavy))

/// Whether the state after `tick` is sent: `patch_rate` of each `tick_rate` ticks, evenly spread.
constexpr bool is_patch_due(const room_options& options, std::uint64_t tick) noexcept {
  return tick * options.patch_rate / options.tick_rate
         != (tick - 1) * options.patch_rate / options.tick_rate;
}

/// The arguments with which somebody creates or joins a room, not yet decoded.
///
/// Ownership:  views them: good during the hook it is passed to.
class options {
public:
  options() = default;
  explicit options(payload_view arguments) noexcept : arguments_{arguments} {}

  bool is_empty() const noexcept { return arguments_.bytes.empty(); }
  payload_view arguments() const noexcept { return arguments_; }

  /// The only argument as a `T`; described structures as in event handlers.
  /// Errors:  throws `refused`, which tells the client what does not fit.
  template <class T>
  T as() const {
    auto decoded = unpack_args<std::tuple<T>>(arguments_);
    if (!decoded)
      throw refused{decoded.error().text};
    return std::get<0>(*std::move(decoded));
  }

  /// The same, or `otherwise` if there are no arguments.
  template <class T>
  T as_or(T otherwise) const {
    return is_empty() ? std::move(otherwise) : as<T>();
  }

private:
  payload_view arguments_;
};

/// Somebody who wants to join, for `on_auth`. Ownership: views; good during the hook.
struct join_request {
  std::string_view identity; ///< what `authorize` attached to the connection
  game::options options;
};

} // namespace troupe::game

#pragma once
#include <cstdint>
#include <string>

namespace troupe {

/// What clients of an endpoint speak: any combination.
///
/// Where an endpoint speaks several, a client that offers `troupe.v1` speaks that; for all others
/// the first message decides, and until it has come they are told nothing.
enum class speaks : std::uint8_t {
  native = 1, ///< `troupe.v1`: events, asks, rooms
  raw = 2,    ///< whole WebSocket messages, nothing around them
  neffos = 4, ///< kataras/neffos, iris v12: namespaces, rooms, events, asks
  iris = 8,   ///< the websocket package of iris up to v11, go-websocket
};

constexpr speaks operator|(speaks a, speaks b) noexcept {
  return static_cast<speaks>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr speaks operator&(speaks a, speaks b) noexcept {
  return static_cast<speaks>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}
constexpr bool includes(speaks all, speaks one) noexcept {
  return (all & one) == one;
}

/// "troupe.v1, raw"
std::string to_string(speaks protocols);

} // namespace troupe

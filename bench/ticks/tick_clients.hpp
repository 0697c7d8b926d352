#pragma once
#include <cstdint>
#include <string>
#include <vector>

/// A seat in a room, for one client.
struct seat {
  std::string room;
  std::string token;
};

/// What the clients do.
struct client_load {
  std::uint16_t port = 0;
  std::vector<seat> seats;
  std::uint32_t inputs_per_s = 20;
};

/// Plays on all seats, each with a connection of its own, from one thread: sends inputs, reads and
/// confirms patches. @returns never; ends with the process, and that if a connection is lost.
[[noreturn]] void play(const client_load& load);

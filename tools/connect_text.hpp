#pragma once
#include "troupe/payload.hpp"
#include "troupe/result.hpp"

#include <string>
#include <string_view>

namespace troupe::connect {

/// What one line typed at `troupe connect` means.
struct typed_line {
  enum class kind : std::uint8_t { nothing, event, ask, join, leave, to_room, rooms, help, quit };

  kind what = kind::nothing;
  std::string room{};  ///< join, leave, to_room
  std::string event{}; ///< event, ask, to_room
  payload arguments{};
};

/// Reads `event args`, `/ask event args`, `/join room args`, `/leave room`, `/to room event args`,
/// `/rooms`, `/help` or `/quit`. Arguments are separated by blanks; each is a JSON value, or else a
/// text: `move 3 [1.5, 2] {"fast": true} north "two words"`.
/// @returns one sentence that says what is wrong with the line.
result<typed_line, std::string> parse_line(std::string_view line);

/// The arguments as the JSON values that `parse_line` reads, separated by blanks; what JSON cannot
/// say is written as <16 bytes 0a0b...>.
std::string show_arguments(payload_view content);

/// `text` without characters that would command the terminal.
std::string printable(std::string_view text);

/// What `/help` prints.
std::string_view help_text() noexcept;

} // namespace troupe::connect

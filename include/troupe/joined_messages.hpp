#pragma once
#include "troupe/websocket.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace troupe {

/// All messages of a websocket as one endless stream of bytes, with a terminator behind each.
///
/// Threading:  belongs to the thread that reads the websocket.
/// Lifetime:   the websocket must outlive it.
/// Errors:     as `websocket`; the stream has no end but an error.
class joined_messages {
public:
  /// @param terminator  stands behind each message; may be empty.
  explicit joined_messages(websocket& from, std::string terminator = {});
  joined_messages(const joined_messages&) = delete;
  joined_messages& operator=(const joined_messages&) = delete;

  /// Waits for bytes. @param into  not empty. @returns how many came, at least one.
  result<std::size_t, websocket_status> read(std::span<std::byte> into);

private:
  std::size_t read_terminator(std::span<std::byte> into) noexcept;

  websocket& from_;
  const std::string terminator_;
  std::optional<message_reader> current_;
  std::string_view terminator_left_; ///< of the message that has ended
};

} // namespace troupe

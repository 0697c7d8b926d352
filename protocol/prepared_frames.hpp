#pragma once
#include "troupe/compression.hpp"
#include "troupe/prepared_message.hpp"

#include "protocol/frame.hpp"
#include "protocol/opcode.hpp"

#include <array>
#include <cstddef>
#include <mutex>
#include <vector>

namespace troupe {

/// The content of a prepared message and its frames, each made on first use.
///
/// Threading:  `frame` may be called on any thread; who needs a frame that is being made waits.
/// Ownership:  owns the content; frames are shared with the outboxes they are queued in.
class prepared_message::state {
public:
  state(protocol::opcode type, byte_view content)
      : type_{type}, content_{content.begin(), content.end()} {}

  protocol::opcode type() const noexcept { return type_; }
  byte_view content() const noexcept { return content_; }

  /// The frame for a client that wants `how`; one that agreed to no compression wants it disabled.
  protocol::frame_ptr frame(const compression& how);

private:
  static constexpr std::size_t plain = 0;
  static constexpr std::size_t levels = compression::smallest - compression::huffman_only + 1;

  const protocol::opcode type_;
  const std::vector<std::byte> content_;
  std::mutex guard_;                                   ///< of `frames_`
  std::array<protocol::frame_ptr, 1 + levels> frames_; ///< plain, then by level
};

} // namespace troupe

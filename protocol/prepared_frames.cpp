#include "protocol/prepared_frames.hpp"

#include "protocol/deflate.hpp"
#include "protocol/ws_writer.hpp"

namespace troupe {

using protocol::opcode;

prepared_message prepared_message::text(std::string_view content) {
  return prepared_message{std::make_shared<state>(opcode::text, as_bytes(content))};
}

prepared_message prepared_message::binary(byte_view content) {
  return prepared_message{std::make_shared<state>(opcode::binary, content)};
}

bool prepared_message::is_text() const noexcept {
  return state_->type() == opcode::text;
}

byte_view prepared_message::content() const noexcept {
  return state_->content();
}

protocol::frame_ptr prepared_message::state::frame(const compression& how) {
  const bool is_plain = !how.enabled || content_.size() < how.threshold;
  const std::size_t index =
      is_plain ? plain : static_cast<std::size_t>(1 + how.level - compression::huffman_only);
  const std::lock_guard lock{guard_};
  auto& made = frames_.at(index);
  if (!made)
    made = is_plain ? protocol::make_frame(type_, content_)
                    : protocol::thread_deflater().make_frame(type_, content_, how.level);
  return made;
}

} // namespace troupe

#include "troupe/neffos_message.hpp"

#include "protocol/neffos.hpp"

#include <stdexcept>

namespace troupe {

namespace {

protocol::neffos_view to_view(const neffos_message& message) noexcept {
  return {.wait = message.wait,
          .exclude = message.exclude,
          .space = message.space,
          .room = message.room,
          .event = message.event,
          .body = as_bytes(message.body),
          .type = message.is_binary ? protocol::opcode::binary : protocol::opcode::text,
          .is_error = message.is_error,
          .is_noop = message.is_noop,
          .is_native = message.is_native,
          .from_exchange = message.from_exchange};
}

neffos_message to_message(const protocol::neffos_view& view) {
  return {.wait = std::string{view.wait},
          .exclude = std::string{view.exclude},
          .space = std::string{view.space},
          .room = std::string{view.room},
          .event = std::string{view.event},
          .body = std::string{as_text(view.body)},
          .is_error = view.is_error,
          .is_noop = view.is_noop,
          .is_binary = view.type == protocol::opcode::binary,
          .is_native = view.is_native,
          .from_exchange = view.from_exchange};
}

} // namespace

std::string serialize(const neffos_message& message) {
  if (!protocol::is_valid_wait(message.wait) || !protocol::is_valid_wait(message.exclude))
    throw std::invalid_argument{"A neffos message's wait token holds a semicolon."};
  if (!message.wait.empty() && !message.exclude.empty())
    throw std::invalid_argument{"A neffos message cannot both be answered and exclude a socket."};
  return std::string{as_text(protocol::to_bytes(to_view(message)))};
}

result<neffos_message, refusal> deserialize(byte_view content, bool is_binary, neffos_reading how) {
  const auto type = is_binary ? protocol::opcode::binary : protocol::opcode::text;
  std::string unescaped;
  const auto decoded = protocol::decode_neffos(type, content, unescaped, how);
  if (!decoded)
    return decoded.error();
  return to_message(*decoded);
}

} // namespace troupe

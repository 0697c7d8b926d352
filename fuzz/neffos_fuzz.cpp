// What it reaches: decode_neffos in all modes, the encoder, and decode_ack. What it proves:
// whatever is decoded encodes to a message that decodes to the same fields; replies keep the token;
// a text frame never holds anything but UTF-8.
#include "protocol/neffos.hpp"
#include "protocol/utf8.hpp"
#include "protocol/ws_writer.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace troupe;
using namespace troupe::protocol;

void require(bool condition) {
  if (!condition)
    std::abort();
}

bool is_bare(const neffos_view& message) {
  return message.is_native && message.wait.empty();
}

/// What a peer sees of `message`: the fields, or the body alone.
void check_round_trip(const neffos_view& message, neffos_reading how) {
  const auto bytes = to_bytes(message);
  if (is_bare(message))
    return require(as_text(bytes) == as_text(message.body));
  std::string unescaped;
  const auto again = decode_neffos(message.type, bytes, unescaped, how);
  require(again.has_value());
  require(again->body.size() == message.body.size() && again->is_error == message.is_error);
  require(again->is_noop == message.is_noop && again->is_native == message.is_native);
  if (how.origin == neffos_origin::client)
    require(again->wait == message.wait && again->exclude.empty());
}

void check_replies(const neffos_view& message) {
  const auto reply = to_bytes(make_reply(message, message.body));
  if (!is_bare(message))
    require(as_text(reply).starts_with(message.wait.empty() ? message.exclude : message.wait));
  const auto failure = make_error_reply(message, {});
  require(is_bare(message) || to_bytes(failure).size() > to_bytes(make_reply(message, {})).size());
}

void check_frame(const neffos_view& message) {
  const auto frame = encode_neffos(message);
  const auto content = to_bytes(message);
  require(frame->size() == header_size(content.size()) + content.size());
  require(type_on_wire(message) == opcode::binary || is_valid_utf8(content));
}

void check(opcode type, byte_view bytes, neffos_reading how) {
  std::string unescaped;
  const auto message = decode_neffos(type, bytes, unescaped, how);
  if (!message) {
    require(message.error().code == errc::malformed_message);
    require(message.error().offset <= bytes.size() && !message.error().reason.empty());
    return;
  }
  check_round_trip(*message, how);
  check_replies(*message);
  check_frame(*message);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  for (const auto natives : {neffos_natives::refused, neffos_natives::mixed, neffos_natives::only})
    for (const auto origin : {neffos_origin::client, neffos_origin::exchange})
      for (const auto type : {opcode::text, opcode::binary})
        if (type == opcode::binary || is_valid_utf8(bytes))
          check(type, bytes, {natives, origin});
  require(decode_ack(bytes).has_value() || bytes.empty() || (data[0] != 'A' && data[0] != 'H'));
  return 0;
}

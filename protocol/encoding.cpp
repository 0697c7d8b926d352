#include "protocol/encoding.hpp"

#include "protocol/deflate.hpp"
#include "protocol/native_encode.hpp"
#include "protocol/native_frame.hpp"
#include "protocol/ws_writer.hpp"

#include <vector>

namespace troupe::protocol {

namespace {

frame_ptr to_frame(bool is_compressed, opcode type, byte_view payload) {
  if (!is_compressed)
    return make_frame(type, payload);
  thread_local deflater shared;
  return shared.make_frame(type, payload);
}

/// The message that is broadcast most costs one allocation.
frame_ptr encode_room_event(const message& what) {
  auto front = encode_room_event(what.room, what.sender, what.name, what.content, what.how.cls);
  return encode_frame(front.opening(what.content, what.payload.size()), what.payload);
}

frame_ptr encode_raw(bool is_compressed, const message& what) {
  const bool is_event = what.op == operation::event || what.op == operation::room_event;
  if (!is_event || what.content == content_kind::arguments)
    return {};
  const auto type = what.content == content_kind::text ? opcode::text : opcode::binary;
  return to_frame(is_compressed, type, what.payload);
}

} // namespace

frame_ptr encode(encoding how, const message& what) {
  if (how.speaks == wire::raw)
    return encode_raw(how.is_compressed, what);
  if (what.op == operation::room_event && !how.is_compressed)
    return encode_room_event(what);
  return to_frame(how.is_compressed, opcode::binary, encode_server(what));
}

} // namespace troupe::protocol

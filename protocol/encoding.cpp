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
  auto kind = what.raw ? payload_kind::raw : payload_kind::arguments;
  return encode_frame(encode_room_event(what.room, what.sender, what.name, kind, what.how.cls),
                      what.payload);
}

} // namespace

frame_ptr encode(encoding how, const message& what, opcode raw_type) {
  if (how.speaks == wire::raw) {
    auto is_event = what.op == operation::event || what.op == operation::room_event;
    return is_event && what.raw ? to_frame(how.is_compressed, raw_type, what.payload) : frame_ptr{};
  }
  if (what.op == operation::room_event && !how.is_compressed)
    return encode_room_event(what);
  return to_frame(how.is_compressed, opcode::binary, encode_server(what));
}

} // namespace troupe::protocol

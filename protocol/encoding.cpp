#include "protocol/encoding.hpp"

#include "protocol/deflate.hpp"
#include "protocol/iris.hpp"
#include "protocol/native_encode.hpp"
#include "protocol/native_frame.hpp"
#include "protocol/neffos.hpp"
#include "protocol/text_body.hpp"
#include "protocol/ws_writer.hpp"

#include <vector>

namespace troupe::protocol {

namespace {

bool is_event(const message& what) noexcept {
  return what.op == operation::event || what.op == operation::room_event;
}

frame_ptr to_frame(bool is_compressed, opcode type, byte_view payload) {
  return is_compressed ? thread_deflater().make_frame(type, payload) : make_frame(type, payload);
}

/// The message that is broadcast most costs one allocation.
frame_ptr encode_room_event(const message& what) {
  auto front = encode_room_event(what.room, what.sender, what.name, what.content, what.how.cls);
  return encode_frame(front.opening(what.content, what.payload.size()), what.payload);
}

frame_ptr encode_native(bool is_compressed, const message& what) {
  if (!what.name.is_number() && !is_valid_name(what.name.text))
    return {}; // a name of another protocol's client, which this one cannot say
  if (what.op == operation::room_event && !is_compressed)
    return encode_room_event(what);
  return to_frame(is_compressed, opcode::binary, encode_server(what));
}

frame_ptr encode_raw(bool is_compressed, const message& what) {
  if (!is_event(what) || what.content == content_kind::arguments)
    return {};
  const auto type = what.content == content_kind::text ? opcode::text : opcode::binary;
  return to_frame(is_compressed, type, what.payload);
}

/// An event, or an error that an event of the client's led to.
frame_ptr encode_neffos(bool is_compressed, const message& what) {
  const bool is_error = what.op == operation::error && !what.event_text.empty();
  if (!(is_event(what) || is_error) || what.names == nullptr)
    return {};
  const auto body = is_error ? text_body{as_bytes(what.text), false}
                             : to_text_body({what.payload, what.content});
  const neffos_view view{.space = what.names->space,
                         .room = what.room_text,
                         .event = what.event_text,
                         .body = body.bytes(),
                         .type = body.is_binary() ? opcode::binary : opcode::text,
                         .is_error = is_error};
  if (!is_compressed)
    return encode_neffos(view);
  return thread_deflater().make_frame(type_on_wire(view), to_bytes(view));
}

frame_ptr encode_iris(bool is_compressed, const message& what) {
  if (!is_event(what) || what.names == nullptr || !is_valid_iris_event(what.event_text))
    return {};
  const auto type = what.names->iris_is_binary ? opcode::binary : opcode::text;
  std::string json;
  const auto value = to_iris_value({what.payload, what.content}, json);
  if (!is_compressed)
    return encode_iris(what.names->iris_prefix, what.event_text, value, type);
  return thread_deflater().make_frame(
      type, to_iris_bytes(what.names->iris_prefix, what.event_text, value));
}

} // namespace

frame_ptr encode(encoding how, const message& what) {
  switch (how.speaks) {
  case wire::raw:
    return encode_raw(how.is_compressed, what);
  case wire::native:
    return encode_native(how.is_compressed, what);
  case wire::neffos:
    return encode_neffos(how.is_compressed, what);
  case wire::iris:
    return encode_iris(how.is_compressed, what);
  }
  return {};
}

} // namespace troupe::protocol

#include "protocol/neffos.hpp"
#include "protocol/neffos_escape.hpp"

namespace troupe::protocol {

namespace {

constexpr std::size_t separators = 6;
constexpr std::string_view default_error = "error";
constexpr std::string_view empty_fields = ";;;;;;";

byte_view body_of(const neffos_view& message) noexcept {
  return message.is_error && message.body.empty() ? as_bytes(default_error) : message.body;
}

std::string_view token_of(const neffos_view& message) noexcept {
  return message.wait.empty() ? message.exclude : message.wait;
}

/// A bare body cannot carry the token that somebody waits for.
bool is_bare(const neffos_view& message) noexcept {
  return message.is_native && message.wait.empty();
}

std::size_t content_size(const neffos_view& message) noexcept {
  if (is_bare(message))
    return message.body.size();
  constexpr std::size_t flags = 2;
  return token_of(message).size() + escaped_size(message.space) + escaped_size(message.room)
         + escaped_size(message.event) + flags + separators + body_of(message).size();
}

void put_content(content_writer& to, const neffos_view& message) noexcept {
  if (is_bare(message)) {
    to.put(message.body);
    return;
  }
  to.put(token_of(message)).put(';');
  for (const auto name : {message.space, message.room, message.event}) {
    put_escaped(to, name);
    to.put(';');
  }
  to.put(message.is_error ? '1' : '0').put(';').put(message.is_noop ? '1' : '0').put(';');
  to.put(body_of(message));
}

frame_ptr make_text_frame(std::string_view first, std::string_view second) {
  return make_content_frame(opcode::text, first.size() + second.size(),
                            [&](content_writer& to) { to.put(first).put(second); });
}

} // namespace

opcode type_on_wire(const neffos_view& message) noexcept {
  if (is_bare(message))
    return type_for(message.type, {message.body});
  return type_for(message.type, {as_bytes(token_of(message)), as_bytes(message.space),
                                 as_bytes(message.room), as_bytes(message.event), message.body});
}

std::vector<std::byte> to_bytes(const neffos_view& message) {
  return make_content(content_size(message), [&](content_writer& to) { put_content(to, message); });
}

frame_ptr encode_neffos(const neffos_view& message) {
  return make_content_frame(type_on_wire(message), content_size(message),
                            [&](content_writer& to) { put_content(to, message); });
}

neffos_view make_reply(const neffos_view& request, byte_view body) noexcept {
  auto reply = request;
  reply.body = body;
  reply.is_error = false;
  return reply;
}

neffos_view make_error_reply(const neffos_view& request, std::string_view text) noexcept {
  auto reply = make_reply(request, as_bytes(text));
  reply.is_error = true;
  reply.type = opcode::text;
  return reply;
}

frame_ptr encode_empty_reply(std::string_view wait) {
  return make_text_frame(wait, empty_fields);
}

frame_ptr encode_ack(std::string_view id) {
  return make_text_frame("A", id);
}

frame_ptr encode_ack_refusal(std::string_view text) {
  return make_text_frame("H", text);
}

} // namespace troupe::protocol

#include "net/ws_connection.hpp"
#include "net/ws_extras.hpp"
#include "protocol/prepared_frames.hpp"

#include <stdexcept>

// What applications may ask of one ws_connection.

namespace troupe::net {

using protocol::opcode;

namespace {

void check_control(byte_view payload) {
  if (payload.size() > protocol::max_control_bytes)
    throw std::invalid_argument{"A ping or pong holds at most 125 bytes."};
}

void check(const compression& how) {
  if (!how.is_valid())
    throw std::invalid_argument{"Levels of compression are -2 to 9."};
}

} // namespace

verdict ws_connection::send_text(std::string_view text, const compression& how) {
  check(how);
  return send(opcode::text, as_bytes(text), how);
}

verdict ws_connection::send_binary(byte_view bytes, const compression& how) {
  check(how);
  return send(opcode::binary, bytes, how);
}

verdict ws_connection::send(const prepared_message& message) {
  if (state_ != state::open)
    return verdict::closed;
  return send(message.shared()->frame(packing()));
}

verdict ws_connection::ping(byte_view payload, duration deadline) {
  check_control(payload);
  return send_control(opcode::ping, payload, deadline);
}

verdict ws_connection::pong(byte_view payload, duration deadline) {
  check_control(payload);
  return send_control(opcode::pong, payload, deadline);
}

void ws_connection::compress(const compression& how) {
  check(how);
  more().packing = how;
}

std::uint32_t ws_connection::begin_message(bool is_text) {
  return begin_stream(is_text ? opcode::text : opcode::binary);
}

socket_address ws_connection::local_address() const {
  auto at = local_endpoint(socket_.descriptor());
  return {.address = std::move(at.address), .port = at.port};
}

} // namespace troupe::net

#include "tests/integration/support/ws_client.hpp"

#include <stdexcept>
#include <utility>

namespace troupe::test {

namespace {

std::size_t byte_at(const std::string& bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

} // namespace

ws_client::ws_client(std::unique_ptr<byte_stream> stream, std::string_view target,
                     std::string_view fields)
    : stream_{std::move(stream)} {
  stream_->send(upgrade(target, fields));
  answer_ = read_answer(*stream_, buffer_);
  if (answer_.status != 101)
    throw std::runtime_error{"The server refused the WebSocket: " + answer_.head + answer_.body};
}

bool ws_client::receive_until(std::size_t size, std::chrono::milliseconds deadline) {
  while (buffer_.size() < size) {
    const auto some = stream_->receive(deadline);
    if (some.empty())
      return false;
    buffer_ += some;
  }
  return true;
}

std::optional<server_frame> ws_client::next_frame(std::chrono::milliseconds deadline) {
  if (!receive_until(2, deadline))
    return std::nullopt;
  const auto short_length = byte_at(buffer_, 1);
  const std::size_t extended = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  if (short_length > 127)
    throw std::runtime_error{"The server sent a masked frame."};
  if (!receive_until(2 + extended, deadline))
    return std::nullopt;
  std::size_t length = extended == 0 ? short_length : 0;
  for (std::size_t i = 0; i < extended; ++i)
    length = length << 8 | byte_at(buffer_, 2 + i);
  if (!receive_until(2 + extended + length, deadline))
    return std::nullopt;
  server_frame frame{static_cast<std::uint8_t>(byte_at(buffer_, 0)),
                     buffer_.substr(2 + extended, length)};
  buffer_.erase(0, 2 + extended + length);
  return frame;
}

std::string ws_client::next_message() {
  while (auto frame = next_frame()) {
    if (frame->opcode() == text || frame->opcode() == binary)
      return std::move(frame->payload);
    if (frame->opcode() == ping)
      send(client_frame(fin | pong, frame->payload));
    if (frame->opcode() == closing)
      throw std::runtime_error{"The server closed with " + std::to_string(close_code_of(*frame))
                               + "."};
  }
  throw std::runtime_error{"The server hung up."};
}

ending ws_client::wait_close(std::chrono::milliseconds deadline) {
  while (auto frame = next_frame(deadline))
    if (frame->opcode() == closing)
      return {close_code_of(*frame), frame->payload.substr(frame->payload.empty() ? 0 : 2)};
  return {};
}

bool ws_client::wait_end(std::chrono::milliseconds deadline) {
  try {
    read_to_end(*stream_, deadline);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

int close_code_of(const server_frame& frame) {
  if (frame.payload.empty())
    return 1005;
  return static_cast<int>(byte_at(frame.payload, 0) << 8 | byte_at(frame.payload, 1));
}

} // namespace troupe::test

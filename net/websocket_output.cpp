#include "net/websocket_output.hpp"

#include "protocol/deflate.hpp"
#include "protocol/prepared_frames.hpp"
#include "protocol/ws_header.hpp"
#include "protocol/ws_mask.hpp"
#include "protocol/ws_writer.hpp"

#include <algorithm>
#include <openssl/rand.h>

namespace troupe::net {
namespace {

using protocol::opcode;

constexpr std::size_t min_buffer_bytes = 128;

websocket_status finished() {
  return {errc::refused, 0, "The message is finished."};
}

bool make_key(protocol::mask_key& key) noexcept {
  return RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size()))
         == 1;
}

} // namespace

websocket_output::websocket_output(client_channel& channel, std::size_t buffer_bytes,
                                   bool is_compressed)
    : channel_{channel},
      buffer_bytes_{std::max(buffer_bytes, min_buffer_bytes)},
      is_compressed_{is_compressed},
      frame_buffer_(protocol::max_ws_header_bytes + buffer_bytes_) {}

websocket_status websocket_output::set_compression(const compression& how) {
  if (!how.is_valid())
    return {errc::bad_arguments, 0, "There is no such level of compression."};
  const std::lock_guard lock{guard_};
  how_ = how;
  return {};
}

compression websocket_output::chosen_compression() const {
  const std::lock_guard lock{guard_};
  auto chosen = how_;
  chosen.enabled = chosen.enabled && is_compressed_;
  return chosen;
}

void websocket_output::give_up() {
  message_turn_.close();
  frame_turn_.close();
}

// -- whole messages ---------------------------------------------------------------

websocket_status websocket_output::take_message_turn() {
  std::uint64_t own = 0;
  {
    const std::lock_guard lock{guard_};
    if (writer_ == std::this_thread::get_id())
      own = open_number_;
  }
  if (own != 0)
    finish(own);
  if (!message_turn_.take(deadline_.at()))
    return why_not();
  const std::lock_guard lock{guard_};
  writer_ = std::this_thread::get_id();
  return {};
}

void websocket_output::give_back_message_turn() {
  {
    const std::lock_guard lock{guard_};
    writer_ = {};
    open_number_ = 0;
  }
  message_turn_.give_back();
}

websocket_status websocket_output::write_message(opcode op, byte_view content) {
  if (auto status = take_message_turn(); !status)
    return status;
  outgoing_frame frame{.op = op, .payload = content};
  const auto how = chosen_compression();
  if (how.enabled && content.size() >= how.threshold) {
    const auto packed = protocol::thread_deflater().compress(content, how.level, false);
    frame.is_compressed = packed.size() < content.size();
    frame.payload = frame.is_compressed ? packed : content;
  }
  auto status = send(frame, deadline_.at());
  give_back_message_turn();
  return status;
}

websocket_status websocket_output::write_prepared(const prepared_message& message) {
  const auto unmasked = message.shared()->frame(chosen_compression());
  protocol::ws_header header;
  protocol::parse_ws_header(unmasked->bytes(), protocol::ws_role::client, header);
  if (auto status = take_message_turn(); !status)
    return status;
  auto status = send({.op = header.op,
                      .is_compressed = header.is_compressed,
                      .payload = unmasked->bytes().subspan(header.size)},
                     deadline_.at());
  give_back_message_turn();
  return status;
}

websocket_status websocket_output::write_control(opcode op, std::string_view content,
                                                 time_point deadline) {
  if (!protocol::is_control(op) || content.size() > protocol::max_control_bytes)
    return {errc::bad_arguments, 0, "A control frame holds at most 125 bytes."};
  return send({.op = op, .payload = as_bytes(content)}, deadline);
}

// -- piece by piece ---------------------------------------------------------------

result<std::uint64_t, websocket_status> websocket_output::begin(opcode op) {
  if (auto status = take_message_turn(); !status)
    return status;
  message_.op = op;
  message_.is_first = true;
  message_.how = chosen_compression();
  message_.failure = {};
  message_.buffer.clear();
  message_.buffer.reserve(buffer_bytes_);
  const std::lock_guard lock{guard_};
  open_number_ = ++last_number_;
  return open_number_;
}

bool websocket_output::is_open(std::uint64_t number) const {
  const std::lock_guard lock{guard_};
  return number != 0 && number == open_number_;
}

websocket_status websocket_output::write(std::uint64_t number, byte_view bytes) {
  if (!is_open(number))
    return finished();
  while (!bytes.empty()) {
    auto& buffer = message_.buffer;
    if (buffer.size() == buffer_bytes_)
      if (const auto& status = send_piece(false); !status)
        return status;
    const auto part = bytes.first(std::min(bytes.size(), buffer_bytes_ - buffer.size()));
    buffer.insert(buffer.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
  }
  return {};
}

websocket_status websocket_output::finish(std::uint64_t number) {
  if (!is_open(number))
    return finished();
  auto status = send_piece(true);
  give_back_message_turn();
  return status;
}

const websocket_status& websocket_output::send_piece(bool is_last) {
  if (!message_.failure)
    return message_.failure;
  outgoing_frame frame{.op = message_.op,
                       .place = {.is_first = message_.is_first, .is_last = is_last},
                       .is_compressed = message_.how.enabled,
                       .payload = message_.buffer};
  if (frame.is_compressed)
    frame.payload =
        protocol::thread_deflater().compress(frame.payload, message_.how.level, !is_last);
  message_.failure = send(frame, deadline_.at());
  if (!message_.failure && !message_.is_first && failure_ == errc::ok)
    failure_ = message_.failure.code; // the server would wait for the rest
  message_.is_first = false;
  message_.buffer.clear();
  return message_.failure;
}

// -- frames -----------------------------------------------------------------------

websocket_status websocket_output::send(const outgoing_frame& frame, time_point deadline) {
  if (has_passed(deadline) || !frame_turn_.take(deadline))
    return why_not();
  const turn_guard mine{frame_turn_};
  if (has_sent_close_)
    return {errc::closed, 0, "The close frame has been sent."};
  if (failure_ == errc::ok)
    failure_ = write_masked(frame, deadline);
  if (failure_ != errc::ok)
    return failed_with(failure_);
  has_sent_close_ = frame.op == opcode::close;
  return {};
}

websocket_status websocket_output::failed_with(errc code) {
  switch (code) {
  case errc::closed:
    return {code, 0, "The connection was dropped."};
  case errc::timed_out:
    return {code, 0, "The server took no bytes in time."};
  default:
    return {code, 0, "The connection ended."};
  }
}

/// Masks and writes as much at a time as the buffer holds: one frame, but no copy of all of it.
errc websocket_output::write_masked(const outgoing_frame& frame, time_point deadline) {
  protocol::mask_key key{};
  if (!make_key(key))
    return errc::internal;
  const auto op = frame.place.is_first ? frame.op : opcode::continuation;
  auto* out = frame_buffer_.data();
  std::size_t header = protocol::write_masked_header(out, op, frame.payload.size(), key,
                                                     frame.is_compressed && frame.place.is_first);
  if (!frame.place.is_last)
    out[0] &= std::byte{0x7F};
  auto rest = frame.payload;
  do {
    const auto part = rest.first(std::min(rest.size(), buffer_bytes_));
    std::copy(part.begin(), part.end(), out + header);
    protocol::apply_mask({out + header, part.size()}, key);
    if (const auto code = channel_.write({out, header + part.size()}, deadline); code != errc::ok)
      return code;
    key = protocol::advance_mask(key, part.size());
    rest = rest.subspan(part.size());
    header = 0;
  } while (!rest.empty());
  return errc::ok;
}

websocket_status websocket_output::why_not() const {
  if (channel_.is_dropped())
    return failed_with(errc::closed);
  return {errc::timed_out, 0, "The deadline passed before anything was written."};
}

} // namespace troupe::net

#include "protocol/sent_ring.hpp"

#include "protocol/resume.hpp"
#include "protocol/ws_header.hpp"

#include <cstring>

namespace troupe::protocol {

namespace {

bool is_counted(const ws_header& header, byte_view payload, delivery_class cls) noexcept {
  if (header.op != opcode::binary)
    return false;
  return header.is_compressed ? cls == delivery_class::ordered : protocol::is_counted(payload);
}

/// Calls `visit(end of the WebSocket frame, whether it counts)` for each one in `bytes`, until it
/// returns false.
template <class Visit>
void for_each_frame(byte_view bytes, delivery_class cls, Visit visit) noexcept {
  ws_header header;
  for (std::size_t at = 0; at < bytes.size();) {
    if (parse_ws_header(bytes.subspan(at), ws_role::client, header) != header_verdict::complete)
      return;
    const auto begin = at + header.size;
    at = begin + static_cast<std::size_t>(header.length);
    if (at > bytes.size() || !visit(at, is_counted(header, bytes.subspan(begin, at - begin), cls)))
      return;
  }
}

/// A frame without the first `skipped` counted messages of `from`.
frame_ptr rest_of(const frame_ptr& from, delivery_class cls, std::uint64_t skipped) {
  if (skipped == 0)
    return from;
  const auto bytes = from->bytes();
  auto begin = bytes.size();
  for_each_frame(bytes, cls, [&](std::size_t end, bool counts) {
    begin = end;
    skipped -= counts ? 1 : 0;
    return skipped != 0;
  });
  auto rest = frame_ptr::allocate(bytes.size() - begin);
  std::memcpy(rest.spare().data(), bytes.data() + begin, bytes.size() - begin);
  rest.grow(bytes.size() - begin);
  return rest;
}

} // namespace

std::uint32_t count_messages(const frame& of, delivery_class cls) noexcept {
  const auto count = [cls](byte_view bytes) noexcept {
    std::uint32_t found = 0;
    for_each_frame(bytes, cls, [&](std::size_t, bool counts) {
      found += counts ? 1 : 0;
      return true;
    });
    return found;
  };
  return cls == delivery_class::ordered ? of.counted(count) : count(of.bytes());
}

std::size_t sent_ring::cost(const slot& of) noexcept {
  return sizeof(slot) + sizeof(frame) + of.frame->capacity();
}

void sent_ring::record(const frame_ptr& frame, delivery_class cls) {
  const auto messages = count_messages(*frame, cls);
  if (messages == 0)
    return;
  slots_.push_back({frame, cls, messages});
  last_ += messages;
  bytes_ += cost(slots_.back());
  while (bytes_ > max_bytes_)
    forget_oldest();
}

void sent_ring::forget_oldest() noexcept {
  first_ += slots_.front().count;
  bytes_ -= cost(slots_.front());
  slots_.pop_front();
}

void sent_ring::acknowledge(std::uint64_t received) noexcept {
  while (!slots_.empty() && first_ + slots_.front().count <= received)
    forget_oldest();
}

std::vector<frame_ptr> sent_ring::take_after(std::uint64_t received) {
  acknowledge(received);
  std::vector<frame_ptr> missed;
  auto skipped = slots_.empty() ? 0 : received - first_;
  for (const auto& each : slots_) {
    missed.push_back(rest_of(each.frame, each.cls, skipped));
    skipped = 0;
  }
  slots_.clear();
  bytes_ = 0;
  first_ = last_ = received;
  return missed;
}

} // namespace troupe::protocol

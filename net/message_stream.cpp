#include "troupe/message_stream.hpp"

#include "troupe/joined_messages.hpp"

#include "net/websocket_core.hpp"

#include <algorithm>
#include <utility>

namespace troupe {
namespace {

websocket_status finished() {
  return {errc::refused, 0, "The message is finished."};
}

} // namespace

// -- reading ------------------------------------------------------------------------

message_reader::message_reader(std::shared_ptr<net::websocket_core> from, message_type type,
                               std::uint64_t serial) noexcept
    : from_{std::move(from)}, type_{type}, serial_{serial} {}

result<std::size_t, websocket_status> message_reader::read(std::span<std::byte> into) {
  return from_->input().read(serial_, into);
}

result<websocket_message, websocket_status> message_reader::read_all() {
  return from_->input().read_rest(serial_);
}

joined_messages::joined_messages(websocket& from, std::string terminator)
    : from_{from}, terminator_{std::move(terminator)} {}

result<std::size_t, websocket_status> joined_messages::read(std::span<std::byte> into) {
  for (;;) {
    if (!current_) {
      if (const auto count = read_terminator(into); count != 0)
        return count;
      auto begun = from_.next_reader();
      if (!begun)
        return begun.error();
      current_ = *std::move(begun);
    }
    auto got = current_->read(into);
    if (!got || *got != 0)
      return got;
    current_.reset();
    terminator_left_ = terminator_;
  }
}

/// What is left of the terminator behind the message that has ended.
std::size_t joined_messages::read_terminator(std::span<std::byte> into) noexcept {
  const auto part = as_bytes(terminator_left_.substr(0, into.size()));
  std::copy(part.begin(), part.end(), into.begin());
  terminator_left_.remove_prefix(part.size());
  return part.size();
}

// -- writing ------------------------------------------------------------------------

message_writer::message_writer(std::shared_ptr<net::websocket_core> to, message_type type,
                               std::uint64_t serial) noexcept
    : to_{std::move(to)}, type_{type}, serial_{serial} {}

message_writer& message_writer::operator=(message_writer&& other) noexcept {
  if (this != &other)
    finish();
  to_ = std::move(other.to_);
  type_ = other.type_;
  serial_ = other.serial_;
  control_ = std::move(other.control_);
  return *this;
}

message_writer::~message_writer() {
  if (to_)
    finish();
}

websocket_status message_writer::write(byte_view bytes) {
  if (!to_ || !is_control(type_))
    return to_ ? to_->output().write(serial_, bytes) : finished();
  control_.append(as_text(bytes));
  return {};
}

websocket_status message_writer::finish() {
  const auto to = std::exchange(to_, nullptr);
  if (!to)
    return finished();
  if (!is_control(type_))
    return to->output().finish(serial_);
  return to->output().write_control(static_cast<protocol::opcode>(type_), control_,
                                    to->output().deadline());
}

} // namespace troupe

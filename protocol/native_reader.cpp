#include "protocol/native_reader.hpp"

#include "troupe/msgpack_check.hpp"

#include "protocol/utf8.hpp"

namespace troupe::protocol {

namespace {

std::string_view describe(varint_fault fault) noexcept {
  switch (fault) {
  case varint_fault::none:
  case varint_fault::truncated:
    return "the message ends in the middle of a number";
  case varint_fault::too_long:
    return "the number does not fit into 64 bits";
  case varint_fault::padded:
    return "the number is encoded in more bytes than necessary";
  }
  return "the number is invalid";
}

} // namespace

bool native_reader::long_number(std::uint64_t& to) noexcept {
  const auto read = read_varint(rest());
  if (read.fault != varint_fault::none)
    return refuse(errc::malformed_message, offset_, describe(read.fault));
  to = read.value;
  offset_ += read.size;
  return true;
}

bool native_reader::name(event_name& to) noexcept {
  const auto start = offset_;
  std::uint64_t head = 0;
  if (!number(head))
    return false;
  if ((head & 1) != 0)
    return name_text(head >> 1, start, to.text);
  to.number = head >> 1;
  return true;
}

bool native_reader::room_name(std::string_view& to) noexcept {
  const auto start = offset_;
  std::uint64_t size = 0;
  return number(size) && name_text(size, start, to);
}

bool native_reader::name_text(std::uint64_t size, std::size_t start,
                              std::string_view& to) noexcept {
  if (size > rest().size())
    return refuse(errc::malformed_message, start, "the name reaches beyond the end of the message");
  to = as_text(rest().first(static_cast<std::size_t>(size)));
  if (!is_valid_name(to))
    return refuse(errc::bad_name, start, "the name does not match [A-Za-z0-9_.:/-]{1,128}");
  offset_ += to.size();
  return true;
}

bool native_reader::marks(delivery& to) noexcept {
  if (to.cls == delivery_class::latest)
    return number(to.key);
  if (to.cls != delivery_class::droppable)
    return true;
  std::uint64_t deadline_ms = 0;
  if (!small(to.priority, 0, "a priority is at most 255")
      || !number(deadline_ms, 0, 0xFFFFFFFF, "a deadline is at most 4294967295 ms"))
    return false;
  to.deadline = std::chrono::milliseconds{deadline_ms};
  return true;
}

bool native_reader::text(std::string_view& to) noexcept {
  if (!is_valid_utf8(rest()))
    return refuse(errc::malformed_message, offset_, "the text of the error is not UTF-8");
  to = as_text(rest());
  offset_ = bytes_.size();
  return true;
}

bool native_reader::payload(message& to) noexcept {
  to.payload = rest();
  if (to.content == content_kind::arguments) {
    if (const auto refused = check_payload(to.payload))
      return refuse(refused->code, offset_ + refused->offset, refused->reason);
  }
  offset_ = bytes_.size();
  return true;
}

bool native_reader::end() noexcept {
  return rest().empty()
         || refuse(errc::malformed_message, offset_, "bytes follow the end of the message");
}

} // namespace troupe::protocol

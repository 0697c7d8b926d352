#include "tools/load_stamp.hpp"

#include <bit>
#include <cstring>

namespace troupe::load {

namespace {

static_assert(std::endian::native == std::endian::little
              || std::endian::native == std::endian::big);

constexpr std::uint32_t swap_if_little(std::uint32_t value) noexcept {
  return std::endian::native == std::endian::little ? __builtin_bswap32(value) : value;
}
constexpr std::uint64_t swap_if_little(std::uint64_t value) noexcept {
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

template <class Unsigned>
void put(std::byte* out, Unsigned value) noexcept {
  value = swap_if_little(value);
  std::memcpy(out, &value, sizeof value);
}

template <class Unsigned>
Unsigned take(const std::byte* in) noexcept {
  Unsigned value;
  std::memcpy(&value, in, sizeof value);
  return swap_if_little(value);
}

} // namespace

void write_stamp(std::span<std::byte, stamp_bytes> out, const stamp& value) noexcept {
  const auto due = std::chrono::duration_cast<nanoseconds>(value.due.time_since_epoch());
  put(out.data(), value.sender);
  put(out.data() + 4, value.sequence);
  put(out.data() + 8, static_cast<std::uint64_t>(due.count()));
  put(out.data() + 16, value.run);
}

std::optional<stamp> read_stamp(byte_view message) noexcept {
  if (message.size() < stamp_bytes)
    return std::nullopt;
  const auto due = static_cast<std::int64_t>(take<std::uint64_t>(message.data() + 8));
  return stamp{take<std::uint32_t>(message.data()), take<std::uint32_t>(message.data() + 4),
               instant{nanoseconds{due}}, take<std::uint64_t>(message.data() + 16)};
}

} // namespace troupe::load

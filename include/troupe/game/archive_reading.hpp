#pragma once
#include "troupe/game/archive.hpp"

#include <algorithm>
#include <array>

namespace troupe::game {

inline bool state_reader::read_raw(void* to, std::size_t size) noexcept {
  if (rest_.size() < size)
    return fail();
  std::copy_n(rest_.data(), size, static_cast<std::byte*>(to));
  rest_ = rest_.subspan(size);
  return is_good_;
}

inline bool state_reader::read_varint(std::uint64_t& to) noexcept {
  to = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto bits = std::to_integer<std::uint64_t>(rest_.front());
    rest_ = rest_.subspan(1);
    to |= (bits & 0x7F) << shift;
    if (bits < 0x80)
      return is_good_;
  }
  return fail();
}

inline bool state_reader::read_signed(std::int64_t& to) noexcept {
  std::uint64_t bits = 0;
  const bool fits = read_varint(bits);
  to = static_cast<std::int64_t>(bits >> 1 ^ (0 - (bits & 1)));
  return fits;
}

/// Every element takes at least one byte.
inline bool state_reader::read_count(std::size_t& to) noexcept {
  std::uint64_t count = 0;
  if (!read_varint(count) || count > rest_.size())
    return fail();
  to = static_cast<std::size_t>(count);
  return true;
}

template <class Bits>
bool state_reader::read_bits(Bits& to) noexcept {
  std::array<std::byte, sizeof(Bits)> little;
  if (!read_raw(little.data(), little.size()))
    return false;
  to = 0;
  for (std::size_t i = 0; i < little.size(); ++i)
    to |= static_cast<Bits>(static_cast<Bits>(little[i]) << (8 * i));
  return true;
}

template <archiving::scalar T>
bool state_reader::read_scalar(T& to) {
  if constexpr (std::is_enum_v<T>) {
    std::underlying_type_t<T> number{};
    const bool fits = read_scalar(number);
    to = static_cast<T>(number);
    return fits;
  } else if constexpr (std::same_as<T, bool>) {
    unsigned char byte = 0;
    const bool fits = read_raw(&byte, 1) && byte <= 1;
    to = byte == 1;
    return fits || fail();
  } else if constexpr (std::same_as<T, float> || std::same_as<T, double>) {
    std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t> bits = 0;
    const bool fits = read_bits(bits);
    to = std::bit_cast<T>(bits);
    return fits;
  } else if constexpr (sizeof(T) == 1) {
    return read_raw(&to, 1);
  } else if constexpr (std::is_signed_v<T>) {
    std::int64_t number = 0;
    const bool fits = read_signed(number) && std::in_range<T>(number);
    to = static_cast<T>(number);
    return fits || fail();
  } else {
    std::uint64_t number = 0;
    const bool fits = read_varint(number) && std::in_range<T>(number);
    to = static_cast<T>(number);
    return fits || fail();
  }
}

template <class T>
bool state_reader::read_container(T& to) {
  std::size_t count = 0;
  to.clear();
  if (!read_count(count))
    return false;
  if constexpr (archiving::byte_block<T>) {
    to.resize(count);
    return read_raw(to.data(), count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    if constexpr (requires { typename T::mapped_type; }) {
      std::pair<typename T::key_type, typename T::mapped_type> each{};
      if (!read(each))
        return false;
      to.insert(to.end(), std::move(each));
    } else {
      typename T::value_type each{};
      if (!read(each))
        return false;
      to.insert(to.end(), std::move(each));
    }
  }
  return true;
}

template <class T>
bool state_reader::read_variant(T& to) {
  constexpr auto size = std::variant_size_v<T>;
  std::uint64_t index = 0;
  if (!read_varint(index) || index >= size)
    return fail();
  return boost::mp11::mp_with_index<size>(static_cast<std::size_t>(index),
                                          [&](auto at) { return read(to.template emplace<at>()); });
}

template <class T>
bool state_reader::read(T& to) {
  if constexpr (archiving::names_saved_members<T>) {
    return std::apply([&]([[maybe_unused]] auto&... each) { return (read(each) && ...); },
                      to.saved());
  } else if constexpr (archiving::saves_itself<T>) {
    return to.load(*this) || fail();
  } else if constexpr (archiving::scalar<T>) {
    return read_scalar(to);
  } else if constexpr (archiving::is_duration_value<T>::value) {
    typename T::rep count{};
    const bool fits = read_scalar(count);
    to = T{count};
    return fits;
  } else if constexpr (archiving::is_optional_value<T>::value) {
    bool has_value = false;
    to.reset();
    return read(has_value) && (!has_value || read(to.emplace()));
  } else if constexpr (archiving::is_variant_value<T>::value) {
    return read_variant(to);
  } else if constexpr (archiving::growing_container<T>) {
    return read_container(to);
  } else if constexpr (archiving::tuple_like<T> && archiving::byte_block<T>) {
    return read_raw(to.data(), to.size());
  } else if constexpr (archiving::tuple_like<T>) {
    return std::apply([&]([[maybe_unused]] auto&... each) { return (read(each) && ...); }, to);
  } else {
    bool fits = is_good_;
    boost::mp11::mp_for_each<archiving::described_fields<T>>(
        [&](auto member) { fits = fits && read(to.*member.pointer); });
    return fits;
  }
}

} // namespace troupe::game

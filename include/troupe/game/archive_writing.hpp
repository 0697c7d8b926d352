#pragma once
#include "troupe/game/archive.hpp"

#include <boost/endian/conversion.hpp>

#include <bit>
#include <cstring>

namespace troupe::game {

namespace archiving {

// -- how much room a value takes ----------------------------------------------------

template <class T>
consteval std::size_t max_size();

template <class... T>
consteval std::size_t max_size_of_all() {
  return ((max_size<std::remove_cvref_t<T>>() != 0) && ...)
             ? (max_size<std::remove_cvref_t<T>>() + ... + std::size_t{0})
             : 0;
}

template <class Tuple, std::size_t... I>
consteval std::size_t max_size_of_tuple(std::index_sequence<I...>) {
  return max_size_of_all<std::tuple_element_t<I, Tuple>...>();
}
template <class Tuple>
consteval std::size_t max_size_of_tuple() {
  return max_size_of_tuple<Tuple>(std::make_index_sequence<std::tuple_size_v<Tuple>>{});
}

template <class T, class... Field>
consteval std::size_t max_size_of_fields(boost::mp11::mp_list<Field...>) {
  return max_size_of_all<decltype(std::declval<T&>().*Field::pointer)...>();
}

/// What every value of this type fits into, in bytes; 0 if there is no such number, or nothing to
/// write.
template <class T>
consteval std::size_t max_size() {
  if constexpr (names_saved_members<T>)
    return max_size_of_tuple<decltype(std::declval<T&>().saved())>();
  else if constexpr (saves_itself<T> || is_variant_value<T>::value || growing_container<T>)
    return 0;
  else if constexpr (std::is_enum_v<T>)
    return max_size<std::underlying_type_t<T>>();
  else if constexpr (scalar<T>)
    return std::is_floating_point_v<T> || sizeof(T) == 1 ? sizeof(T) : (8 * sizeof(T) + 6) / 7;
  else if constexpr (is_duration_value<T>::value)
    return max_size<typename T::rep>();
  else if constexpr (is_optional_value<T>::value)
    return max_size_of_all<bool, typename T::value_type>();
  else if constexpr (tuple_like<T>)
    return max_size_of_tuple<T>();
  else
    return max_size_of_fields<T>(
        boost::mp11::mp_rename<described_fields<T>, boost::mp11::mp_list>{});
}

/// Takes a value apart, and has `to` write the parts.
template <class Writer, class T>
void write_parts(Writer& to, const T& value) {
  if constexpr (names_saved_members<T>) {
    // saved() only names the members, and has to be non-const because loading uses it too
    std::apply([&]([[maybe_unused]] auto&... each) { (to.write(std::as_const(each)), ...); },
               const_cast<T&>(value).saved());
  } else if constexpr (is_duration_value<T>::value) {
    to.write(value.count());
  } else if constexpr (is_optional_value<T>::value) {
    to.write(value.has_value());
    if (value)
      to.write(*value);
  } else if constexpr (tuple_like<T>) {
    std::apply([&]([[maybe_unused]] const auto&... each) { (to.write(each), ...); }, value);
  } else {
    static_assert(described_record<T>,
                  "describe the structure with BOOST_DESCRIBE_STRUCT or give it "
                  "auto saved() { return std::tie(...); }");
    boost::mp11::mp_for_each<described_fields<T>>(
        [&](auto member) { to.write(value.*member.pointer); });
  }
}

/// Writes to where there is room enough: only values that have a `max_size`.
struct fixed_writer {
  std::byte* at;

  void write_varint(std::uint64_t value) noexcept {
    for (; value >= 0x80; value >>= 7)
      *at++ = static_cast<std::byte>((value & 0x7F) | 0x80);
    *at++ = static_cast<std::byte>(value);
  }
  template <class Bits>
  void write_bits(Bits bits) noexcept {
    const auto little = boost::endian::native_to_little(bits);
    std::memcpy(at, &little, sizeof(Bits));
    at += sizeof(Bits);
  }
  void write_signed(std::int64_t value) noexcept {
    write_varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }

  template <class T>
  void write(const T& value) noexcept {
    if constexpr (!scalar<T>)
      write_parts(*this, value);
    else if constexpr (std::is_enum_v<T>)
      write(static_cast<std::underlying_type_t<T>>(value));
    else if constexpr (std::same_as<T, float>)
      write_bits(std::bit_cast<std::uint32_t>(value));
    else if constexpr (std::same_as<T, double>)
      write_bits(std::bit_cast<std::uint64_t>(value));
    else if constexpr (sizeof(T) == 1)
      *at++ = static_cast<std::byte>(value);
    else if constexpr (std::is_signed_v<T>)
      write_signed(value);
    else
      write_varint(value);
  }
};

} // namespace archiving

inline std::vector<std::byte> state_writer::take() noexcept {
  bytes_.resize(std::exchange(size_, 0));
  return std::exchange(bytes_, {});
}

/// @returns where there is room for `size` bytes behind what is written.
inline std::byte* state_writer::room_for(std::size_t size) {
  if (bytes_.size() - size_ < size)
    bytes_.resize(2 * size_ + size);
  return bytes_.data() + size_;
}

inline void state_writer::write_raw(const void* from, std::size_t size) {
  if (size == 0)
    return;
  std::memcpy(room_for(size), from, size);
  size_ += size;
}

template <class T>
void state_writer::write_container(const T& value) {
  write(std::uint64_t{value.size()});
  if constexpr (archiving::byte_block<T>)
    return write_raw(value.data(), value.size());
  for (const auto& each : value)
    write(each);
}

template <class T>
void state_writer::write(const T& value) {
  static_assert(!archiving::hashed_container<T>,
                "a container that hashes has no order of its own: use std::map or std::set");
  if constexpr (archiving::growing_container<T>) {
    write_container(value);
  } else if constexpr (archiving::saves_itself<T>) {
    const_cast<T&>(value).save(*this);
  } else if constexpr (archiving::is_variant_value<T>::value) {
    write(std::uint64_t{value.index()});
    std::visit([&](const auto& each) { write(each); }, value);
  } else if constexpr (archiving::max_size<T>() != 0) {
    archiving::fixed_writer to{room_for(archiving::max_size<T>())};
    to.write(value);
    size_ = static_cast<std::size_t>(to.at - bytes_.data());
  } else {
    archiving::write_parts(*this, value);
  }
}

} // namespace troupe::game

#pragma once
#include "troupe/bytes.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

// The kinds of types that `read_value` tells apart. Concepts, not lists of templates: containers
// of the standard library and of others are recognised by what they can do.

namespace troupe {

/// The integer type that std::in_range accepts for `T`: it refuses character types.
template <class T>
using integer_of =
    std::conditional_t<std::is_signed_v<T>, std::make_signed_t<T>, std::make_unsigned_t<T>>;

template <class T>
concept text_like = std::same_as<T, std::string> || std::same_as<T, std::string_view>;

template <class T>
concept byte_span = std::same_as<T, byte_view>;

template <class T>
concept byte_like =
    std::same_as<T, std::byte> || std::same_as<T, unsigned char> || std::same_as<T, char>;

/// A fixed number of bytes.
template <class T>
concept byte_array = requires {
  std::tuple_size<T>::value;
  requires byte_like<typename T::value_type>;
};

/// What travels as msgpack binary.
template <class T>
concept byte_container = byte_span<T> || byte_array<T> || requires {
  requires byte_like<typename T::value_type>;
  requires std::same_as<T, std::vector<typename T::value_type>>;
};

template <class T>
concept optional_like = requires(T& value) {
  typename T::value_type;
  value.emplace();
  requires std::same_as<T, std::optional<typename T::value_type>>;
};

template <class T>
concept map_like = requires(T& map) {
  typename T::key_type;
  typename T::mapped_type;
  map.clear();
};

/// A map whose keys cannot occur twice.
template <class T>
concept unique_map = map_like<T> && requires(T& map, typename T::key_type key) {
  { map.emplace(key, typename T::mapped_type{}).second } -> std::convertible_to<bool>;
};

template <class T>
concept sequence_like = !text_like<T> && !map_like<T> && requires(T & list) {
  typename T::value_type;
  list.clear();
  list.insert(list.end(), std::declval<typename T::value_type>());
};

/// std::tuple, std::pair, std::array.
template <class T>
concept tuple_like = requires {
  std::tuple_size<T>::value;
};

} // namespace troupe

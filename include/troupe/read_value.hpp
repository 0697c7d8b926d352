#pragma once
#include "troupe/read_concepts.hpp"
#include "troupe/text_codec.hpp"
#include "troupe/type_name.hpp"
#include "troupe/value_reader.hpp"

#include <msgpack.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

namespace troupe {

/// Why a value did not fit a C++ type. The path grows while the readers return:
/// ", element 3, member x".
struct mismatch {
  std::string path;
  std::string sentence; ///< "expected number, got text"
};

/// How `T` is named to the people who sent something else.
template <class T>
std::string expected_text();

/// Reads the next value into `to`, which keeps parts of the value on failure.
///
/// Texts and binaries may be read as views; they then refer to the bytes of `in`. Integers are
/// accepted where floats are meant; nothing is truncated or narrowed in any other way. Types that
/// are not known here are left to msgpack-cxx: MSGPACK_DEFINE, smart pointers, its own adaptors.
///
/// Errors:  returns false and fills `why`; exceptions of msgpack and of user types are caught.
template <class T>
bool read_value(value_reader& in, T& to, mismatch& why);

/// Reads `T` in a way of its own: `bool operator()(value_reader&, T&, mismatch&) const`.
/// Specialised by troupe/describe.hpp.
template <class T, class Enabler = void>
struct value_adaptor;

template <class T>
concept adapted_value = requires {
  sizeof(value_adaptor<T>);
};

// -- failing ----

inline bool misfit(mismatch& why, const std::string& expected, const std::string& found) {
  why.sentence = "expected " + expected + ", got " + found;
  return false;
}

template <class T>
bool misfit(mismatch& why, const value& found) {
  return misfit(why, expected_text<T>(), describe(found));
}

inline bool fails_at(mismatch& why, std::string_view part, std::size_t index) {
  why.path.insert(0, ", " + std::string{part} + ' ' + std::to_string(index + 1));
  return false;
}

// -- scalars ----

inline bool read_boolean(value_reader& in, bool& to, mismatch& why) {
  const auto found = in.next();
  to = found.truth;
  return found.kind == value_kind::boolean || misfit<bool>(why, found);
}

template <class T>
bool read_integer(value_reader& in, T& to, mismatch& why) {
  const auto found = in.next();
  if (found.kind != value_kind::integer)
    return misfit<T>(why, found);
  const auto as_signed = static_cast<std::int64_t>(found.integer);
  const bool fits = found.negative ? std::in_range<integer_of<T>>(as_signed)
                                   : std::in_range<integer_of<T>>(found.integer);
  to = static_cast<T>(found.integer);
  return fits || misfit<T>(why, found);
}

template <class T>
bool read_floating(value_reader& in, T& to, mismatch& why) {
  const auto found = in.next();
  if (found.kind == value_kind::integer) {
    to = found.negative ? static_cast<T>(static_cast<std::int64_t>(found.integer))
                        : static_cast<T>(found.integer);
    return true;
  }
  constexpr double most = static_cast<double>(std::numeric_limits<T>::max());
  if (found.kind != value_kind::floating
      || (std::isfinite(found.floating) && std::abs(found.floating) > most))
    return misfit<T>(why, found);
  to = static_cast<T>(found.floating);
  return true;
}

template <class T>
bool read_text(value_reader& in, T& to, mismatch& why) {
  const auto found = in.next();
  to = T{as_text(found.bytes)};
  return found.kind == value_kind::text || misfit<T>(why, found);
}

/// A text as its type's codec reads it.
template <text_coded T>
bool decode_text(std::string_view from, T& to, mismatch& why) {
  try {
    to = text_codec<T>::from_text(from);
    return true;
  } catch (const std::exception& error) {
    why.sentence = error.what();
    return false;
  }
}

template <text_coded T>
bool read_coded(value_reader& in, T& to, mismatch& why) {
  const auto found = in.next();
  if (found.kind != value_kind::text)
    return misfit<T>(why, found);
  return decode_text(as_text(found.bytes), to, why);
}

/// `from` as a byte container. @pre a byte_array has as many bytes.
template <byte_container T>
T to_byte_container(byte_view from) {
  if constexpr (byte_span<T>) {
    return from;
  } else {
    const auto* const begin = reinterpret_cast<const typename T::value_type*>(from.data());
    if constexpr (!byte_array<T>)
      return T(begin, begin + from.size());
    T to{};
    std::copy_n(begin, to.size(), to.begin());
    return to;
  }
}

template <class T>
bool read_bytes(value_reader& in, T& to, mismatch& why) {
  const auto found = in.next();
  if (found.kind != value_kind::binary)
    return misfit<T>(why, found);
  if constexpr (byte_array<T>) {
    if (found.bytes.size() != to.size())
      return misfit(why, expected_text<T>(), std::to_string(found.bytes.size()));
  }
  to = to_byte_container<T>(found.bytes);
  return true;
}

// -- containers ----

template <class T>
bool read_optional(value_reader& in, T& to, mismatch& why) {
  if (in.peek().kind != value_kind::nil)
    return read_value(in, to.emplace(), why);
  in.next();
  to.reset();
  return true;
}

template <class T>
bool read_sequence(value_reader& in, T& to, mismatch& why) {
  const auto found = in.next();
  if (found.kind != value_kind::array)
    return misfit<T>(why, found);
  to.clear();
  for (std::size_t i = 0; i < found.count; ++i) {
    typename T::value_type element{};
    if (!read_value(in, element, why))
      return fails_at(why, "element", i);
    to.insert(to.end(), std::move(element));
  }
  return true;
}

template <class T>
bool read_map(value_reader& in, T& to, mismatch& why) {
  const auto found = in.next();
  if (found.kind != value_kind::map)
    return misfit<T>(why, found);
  to.clear();
  for (std::size_t i = 0; i < found.count; ++i) {
    typename T::key_type key{};
    typename T::mapped_type mapped{};
    if (!read_value(in, key, why))
      return fails_at(why, "key", i);
    if (!read_value(in, mapped, why))
      return fails_at(why, "value", i);
    to.emplace(std::move(key), std::move(mapped));
    if constexpr (unique_map<T>) {
      if (to.size() != i + 1)
        return fails_at(why, "key", i) || misfit(why, "different keys", "the same key twice");
    }
  }
  return true;
}

template <class T, std::size_t... I>
bool read_elements(value_reader& in, T& to, mismatch& why, std::index_sequence<I...>) {
  using std::get;
  return ((read_value(in, get<I>(to), why) || fails_at(why, "element", I)) && ...);
}

template <class T>
bool read_tuple(value_reader& in, T& to, mismatch& why) {
  constexpr auto size = std::tuple_size_v<T>;
  const auto found = in.next();
  if (found.kind != value_kind::array || found.count != size)
    return misfit<T>(why, found);
  return read_elements(in, to, why, std::make_index_sequence<size>{});
}

// -- everything else ----

template <class T>
bool read_by_msgpack(value_reader& in, T& to, mismatch& why) {
  static_assert(!std::is_same_v<T, msgpack::object>,
                "msgpack::object does not own its content: take msgpack::object_handle instead");
  const auto found = in.peek();
  const auto bytes = as_text(in.take());
  const msgpack::unpack_limit limit{4096, 4096, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 64};
  try {
    if constexpr (std::is_same_v<T, msgpack::object_handle>) {
      to = msgpack::unpack(bytes.data(), bytes.size(), nullptr, nullptr, limit);
    } else {
      const auto refer = [](msgpack::type::object_type, std::size_t, void*) { return true; };
      const auto handle = msgpack::unpack(bytes.data(), bytes.size(), refer, nullptr, limit);
      handle.get().convert(to);
    }
    return true;
  } catch (const std::exception&) {
    return misfit<T>(why, found);
  }
}

template <class T>
bool read_value(value_reader& in, T& to, mismatch& why) {
  if constexpr (text_coded<T>)
    return read_coded(in, to, why);
  else if constexpr (std::is_same_v<T, bool>)
    return read_boolean(in, to, why);
  else if constexpr (std::is_integral_v<T>)
    return read_integer(in, to, why);
  else if constexpr (std::is_floating_point_v<T>)
    return read_floating(in, to, why);
  else if constexpr (text_like<T>)
    return read_text(in, to, why);
  else if constexpr (byte_container<T>)
    return read_bytes(in, to, why);
  else if constexpr (adapted_value<T>)
    return value_adaptor<T>{}(in, to, why);
  else if constexpr (optional_like<T>)
    return read_optional(in, to, why);
  else if constexpr (map_like<T>)
    return read_map(in, to, why);
  else if constexpr (sequence_like<T>)
    return read_sequence(in, to, why);
  else if constexpr (tuple_like<T>)
    return read_tuple(in, to, why);
  else
    return read_by_msgpack(in, to, why);
}

template <class T>
std::string expected_text() {
  if constexpr (text_coded<T>)
    return "text";
  else if constexpr (std::is_same_v<T, bool>)
    return "boolean";
  else if constexpr (std::is_integral_v<T>)
    return "integer in " + std::to_string(std::numeric_limits<T>::min()) + ".."
           + std::to_string(std::numeric_limits<T>::max());
  else if constexpr (std::is_floating_point_v<T>)
    return sizeof(T) == sizeof(float) ? "number in the range of a 32-bit float" : "number";
  else if constexpr (text_like<T>)
    return "text";
  else if constexpr (byte_array<T>)
    return std::to_string(std::tuple_size_v<T>) + " bytes";
  else if constexpr (byte_container<T>)
    return "bytes";
  else if constexpr (optional_like<T>)
    return expected_text<typename T::value_type>() + " or nil";
  else if constexpr (map_like<T>)
    return "map";
  else if constexpr (sequence_like<T>)
    return "array";
  else if constexpr (tuple_like<T>)
    return "array of " + std::to_string(std::tuple_size_v<T>);
  else
    return std::string{type_name<T>()};
}

} // namespace troupe

#pragma once
#include "troupe/errc.hpp"
#include "troupe/msgpack_check.hpp"
#include "troupe/payload.hpp"
#include "troupe/read_value.hpp"
#include "troupe/result.hpp"

#include <string>
#include <tuple>
#include <utility>

namespace troupe {

/// Why a payload does not fit the parameters of a handler.
struct argument_error {
  errc code = errc::bad_arguments; ///< or what `check_payload` found
  std::string text;                ///< "argument 2: expected integer in -128..127, got 300"
};

/// Parameter lists that receive the bytes of a RAW payload: exactly one byte container.
template <class Tuple>
struct takes_raw : std::false_type {};
template <byte_container T>
struct takes_raw<std::tuple<T>> : std::true_type {};

/// How many arguments a parameter list needs: trailing optionals may be left out.
template <class Tuple>
struct required_arguments;
template <class... T>
struct required_arguments<std::tuple<T...>> {
  static constexpr std::size_t value = [] {
    std::size_t index = 0;
    std::size_t needed = 0;
    ((++index, needed = optional_like<T> ? needed : index), ...);
    return needed;
  }();
};

/// "expected 1 to 2 arguments, got 0"
std::string arity_text(std::size_t least, std::size_t most, std::size_t found);

/// "expected 2 arguments, got a RAW payload"
std::string raw_text(std::size_t least, std::size_t most);

template <class Tuple, std::size_t I>
bool read_argument(value_reader& in, std::size_t count, Tuple& to, mismatch& why) {
  if (I >= count || read_value(in, std::get<I>(to), why))
    return true;
  why.path.insert(0, "argument " + std::to_string(I + 1));
  return false;
}

template <class Tuple, std::size_t... I>
bool read_arguments([[maybe_unused]] value_reader& in, [[maybe_unused]] std::size_t count,
                    [[maybe_unused]] Tuple& to, [[maybe_unused]] mismatch& why,
                    std::index_sequence<I...>) {
  return (read_argument<Tuple, I>(in, count, to, why) && ...);
}

/// The arguments in an array of msgpack, as the types of `Tuple`.
template <class Tuple>
result<Tuple, argument_error> unpack_array(byte_view bytes) {
  constexpr auto least = required_arguments<Tuple>::value;
  constexpr auto most = std::tuple_size_v<Tuple>;
  if (const auto refused = check_payload(bytes))
    return argument_error{refused->code, refused->text()};
  value_reader in{bytes};
  const auto count = in.next().count;
  if (count < least || count > most)
    return argument_error{errc::bad_arguments, arity_text(least, most, count)};
  Tuple to;
  mismatch why;
  if (!read_arguments(in, count, to, why, std::make_index_sequence<most>{}))
    return argument_error{errc::bad_arguments, why.path + ": " + why.sentence};
  return to;
}

/// A RAW payload as the only parameter.
template <byte_container T>
result<std::tuple<T>, argument_error> unpack_raw(byte_view bytes) {
  if constexpr (byte_array<T>) {
    if (bytes.size() != std::tuple_size_v<T>)
      return argument_error{errc::bad_arguments, "expected " + expected_text<T>() + ", got "
                                                     + std::to_string(bytes.size())};
  }
  return std::tuple<T>{to_byte_container<T>(bytes)};
}

/// Decodes the arguments in `from` as the types of `Tuple` (std::tuple of values, not references).
///
/// Checks everything: limits, number of arguments, the type and range of each. Views in the result
/// (std::string_view, byte_view) refer to the bytes of `from`. A tuple of a single byte container
/// also receives RAW payloads; a tuple of a single `payload_view` or `payload` receives anything.
///
/// Errors:  as an `argument_error` whose text names the argument (counted from 1), what was
///          expected and what was found. Only std::bad_alloc is thrown.
template <class Tuple>
result<Tuple, argument_error> unpack_args(payload_view from) {
  if constexpr (std::is_same_v<Tuple, std::tuple<payload_view>>) {
    return Tuple{from};
  } else if constexpr (std::is_same_v<Tuple, std::tuple<payload>>) {
    return Tuple{make_payload(from)};
  } else if constexpr (takes_raw<Tuple>::value) {
    if (from.kind == content_kind::arguments)
      return unpack_array<Tuple>(from.bytes);
    return unpack_raw<std::tuple_element_t<0, Tuple>>(from.bytes);
  } else {
    if (from.kind != content_kind::arguments)
      return argument_error{errc::bad_arguments,
                            raw_text(required_arguments<Tuple>::value, std::tuple_size_v<Tuple>)};
    return unpack_array<Tuple>(from.bytes);
  }
}

} // namespace troupe

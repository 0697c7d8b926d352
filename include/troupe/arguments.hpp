#pragma once
#include "troupe/errc.hpp"
#include "troupe/msgpack_check.hpp"
#include "troupe/payload.hpp"
#include "troupe/read_value.hpp"
#include "troupe/result.hpp"
#include "troupe/text_codec.hpp"

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

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

/// The arguments that a text stands for, in the current text format (JSON): the whole text as the
/// only argument, or the elements of its array if `wants_several`. No text: no arguments.
result<std::vector<std::byte>, argument_error> text_to_arguments(std::string_view text,
                                                                 bool wants_several);

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

/// Types that are given a whole text as it is when they are the only parameter.
template <class T>
concept takes_text = text_like<T> || byte_container<T> || text_coded<T>;

template <takes_text T>
result<std::tuple<T>, argument_error> unpack_whole_text(byte_view text) {
  if constexpr (byte_container<T>) {
    return unpack_raw<T>(text);
  } else if constexpr (text_like<T>) {
    return std::tuple<T>{as_text(text)};
  } else {
    std::tuple<T> to;
    mismatch why;
    if (!decode_text(as_text(text), std::get<0>(to), why))
      return argument_error{errc::bad_arguments, "argument 1: " + why.sentence};
    return to;
  }
}

/// An optional one gets no text if the text is empty.
template <optional_like T>
result<std::tuple<T>, argument_error> unpack_whole_text(byte_view text) {
  if (text.empty())
    return std::tuple<T>{};
  auto whole = unpack_whole_text<typename T::value_type>(text);
  if (!whole)
    return whole.error();
  return std::tuple<T>{std::get<0>(*std::move(whole))};
}

template <class Tuple>
struct takes_whole_text : std::false_type {};
template <takes_text T>
struct takes_whole_text<std::tuple<T>> : std::true_type {};
template <takes_text T>
struct takes_whole_text<std::tuple<std::optional<T>>> : std::true_type {};

/// A text of a client whose protocol has no typed arguments.
template <class Tuple>
result<Tuple, argument_error> unpack_text(byte_view text, std::vector<std::byte>& converted) {
  if constexpr (std::tuple_size_v<Tuple> == 0) {
    return Tuple{};
  } else if constexpr (takes_whole_text<Tuple>::value) {
    return unpack_whole_text<std::tuple_element_t<0, Tuple>>(text);
  } else {
    auto arguments = text_to_arguments(as_text(text), std::tuple_size_v<Tuple> > 1);
    if (!arguments)
      return arguments.error();
    converted = *std::move(arguments);
    return unpack_array<Tuple>(converted);
  }
}

/// Decodes the arguments in `from` as the types of `Tuple` (std::tuple of values, not references).
///
/// Checks everything: limits, number of arguments, the type and range of each. Views in the result
/// (std::string_view, byte_view) refer to the bytes of `from`, or to those that are put into
/// `converted`. A tuple of a single byte container also receives RAW payloads; a tuple of a single
/// `payload_view` or `payload` receives anything.
///
/// A text is given as it is to a single text, byte container or type with a `text_codec`, and means
/// nothing to an empty tuple. For all others it is JSON: one parameter is its value, several are
/// the elements of its array.
///
/// Errors:  as an `argument_error` whose text names the argument (counted from 1), what was
///          expected and what was found. Only std::bad_alloc is thrown.
template <class Tuple>
result<Tuple, argument_error> unpack_args(payload_view from, std::vector<std::byte>& converted) {
  if constexpr (std::is_same_v<Tuple, std::tuple<payload_view>>) {
    return Tuple{from};
  } else if constexpr (std::is_same_v<Tuple, std::tuple<payload>>) {
    return Tuple{make_payload(from)};
  } else {
    if (from.kind == content_kind::arguments)
      return unpack_array<Tuple>(from.bytes);
    if (from.kind == content_kind::text)
      return unpack_text<Tuple>(from.bytes, converted);
    if constexpr (takes_raw<Tuple>::value)
      return unpack_raw<std::tuple_element_t<0, Tuple>>(from.bytes);
    else
      return argument_error{errc::bad_arguments,
                            raw_text(required_arguments<Tuple>::value, std::tuple_size_v<Tuple>)};
  }
}

template <class Tuple>
struct holds_views;
template <class... T>
struct holds_views<std::tuple<T...>>
    : std::bool_constant<((std::same_as<T, std::string_view> || byte_span<T>) || ...)> {};

/// The same for values that own what they hold: what a text was converted into is gone afterwards,
/// and views of it would dangle. Views of typed arguments and of a text as it is are fine.
template <class Tuple>
result<Tuple, argument_error> unpack_args(payload_view from) {
  std::vector<std::byte> converted;
  if constexpr (holds_views<Tuple>::value && !takes_whole_text<Tuple>::value) {
    if (from.kind == content_kind::text)
      return argument_error{errc::bad_arguments, "a text cannot be viewed as several arguments"};
  }
  return unpack_args<Tuple>(from, converted);
}

} // namespace troupe

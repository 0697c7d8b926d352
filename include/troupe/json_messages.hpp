#pragma once
#include "troupe/arguments.hpp"
#include "troupe/close_code.hpp"
#include "troupe/connection.hpp"
#include "troupe/json.hpp"
#include "troupe/payload_sink.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

// Whole messages of raw clients as JSON. Clients with events need none of this: their arguments
// are typed anyway.

namespace troupe {

/// `value` as JSON text: everything that an argument of an event may be, see `make_payload`.
/// @returns what JSON cannot say is refused, see `msgpack_to_json`.
template <class T>
result<std::string, refusal> to_json(const T& value) {
  payload_sink sink;
  payload_packer packer{sink};
  packer.pack(value);
  return msgpack_to_json(sink.take());
}

/// JSON text as a `T`, which may be everything that a parameter of a handler may be but a view.
/// @returns an empty text, one with more than one value, and what does not fit `T` is refused.
template <class T>
result<T, argument_error> from_json(std::string_view text) {
  static_assert(!holds_views<std::tuple<T>>::value, "what the text becomes is gone afterwards");
  auto arguments = text_to_arguments(text, false);
  if (!arguments)
    return arguments.error();
  auto found = unpack_array<std::tuple<T>>(*arguments);
  if (!found)
    return found.error();
  return std::get<0>(*std::move(found));
}

/// Sends `value` to one connection as a text message of JSON.
/// @throws std::invalid_argument if JSON has no form for it.
template <class T>
verdict send_json(connection& to, const T& value) {
  const auto text = to_json(value);
  if (!text)
    throw std::invalid_argument{"This value has no form in JSON: " + text.error().text()};
  return to.send_text(*text);
}

using json_error_handler = std::function<void(connection&, const argument_error&)>;

/// For `endpoint::on_message`: whole messages of JSON, text or binary, as values of type `T`.
///
///     server.endpoint("/moves", speaks::raw).on_message(on_json<move>([](connection& c, move m) {
///       send_json(c, apply(m));
///     }));
///
/// @param wrong  hears of messages that are none; if it is left out they close the connection with
///               1007.
template <class T>
std::function<void(connection&, byte_view, bool)> on_json(std::function<void(connection&, T)> run,
                                                          json_error_handler wrong = {}) {
  return [run = std::move(run), wrong = std::move(wrong)](connection& from, byte_view bytes, bool) {
    auto value = from_json<T>(as_text(bytes));
    if (value)
      run(from, *std::move(value));
    else if (wrong)
      wrong(from, value.error());
    else
      from.close(static_cast<std::uint16_t>(close_code::invalid_payload), value.error().text);
  };
}

} // namespace troupe

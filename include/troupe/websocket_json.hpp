#pragma once
#include "troupe/json_messages.hpp"
#include "troupe/websocket.hpp"

// Messages of a plain websocket as JSON.

namespace troupe {

/// Waits for a message, text or binary, and reads it as a `T`: everything that a parameter of a
/// handler may be but a view.
/// @returns as `websocket::read_message`; what is no JSON, no `T`, empty or more than one value is
///          refused with `malformed_message`, `bad_arguments` or a limit of payloads, and the next
///          message can be read.
template <class T>
result<T, websocket_status> read_json(websocket& from) {
  const auto message = from.read_message();
  if (!message)
    return message.error();
  auto value = from_json<T>(message->text());
  if (!value)
    return websocket_status{value.error().code, 0, value.error().text};
  return *std::move(value);
}

/// Sends `value`, everything that an argument of an event may be, as a text message.
/// @returns as `websocket::write_message`; what JSON has no form for is refused.
template <class T>
websocket_status write_json(websocket& to, const T& value) {
  const auto text = to_json(value);
  if (!text)
    return {text.error().code, 0, text.error().text()};
  return to.write_text(*text);
}

} // namespace troupe

#pragma once
#include "troupe/arguments.hpp"
#include "troupe/json.hpp"
#include "troupe/payload.hpp"
#include "troupe/refused.hpp"

#include <string>
#include <string_view>
#include <tuple>

namespace troupe {

/// The only argument in `content` as JSON, which the server has made itself.
std::string to_json(const payload& content);

/// The bytes of a payload whose only argument is the JSON `text`.
/// Errors:  throws `refused`, which names the place.
payload from_json(std::string_view text);

/// `text` as a `T`. Errors: throws `refused`, which names the place or the member.
template <class T>
T read_json(std::string_view text) {
  const auto content = from_json(text);
  auto values = unpack_args<std::tuple<T>>(content);
  if (!values)
    throw refused{values.error().text};
  return std::get<0>(*std::move(values));
}

} // namespace troupe

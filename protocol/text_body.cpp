#include "protocol/text_body.hpp"

#include "troupe/text_format.hpp"
#include "troupe/value_reader.hpp"

#include <cstdint>

namespace troupe::protocol {

namespace {

/// In the current text format, usually JSON.
std::string to_json(byte_view value) {
  auto text = current_text_format().to_text(value, {});
  return text ? *std::move(text) : std::string{"null"};
}

/// The only argument, or `nothing` if there are none or several.
struct single {
  value found{};
  byte_view bytes{}; ///< of the whole value
};

single only_argument(byte_view arguments) {
  value_reader reader{arguments};
  if (reader.next().count != 1)
    return {};
  auto found = reader.peek();
  return {found, reader.take()};
}

bool is_empty(byte_view arguments) {
  return arguments.empty() || value_reader{arguments}.next().count == 0;
}

} // namespace

text_body to_text_body(payload_view content) {
  if (content.kind != content_kind::arguments)
    return {content.bytes, content.kind == content_kind::raw};
  if (is_empty(content.bytes))
    return {};
  auto only = only_argument(content.bytes);
  switch (only.found.kind) {
    case value_kind::nothing:
      return text_body{to_json(content.bytes)};
    case value_kind::text:
    case value_kind::binary:
      return {only.found.bytes, only.found.kind == value_kind::binary};
    default:
      return text_body{to_json(only.bytes)};
  }
}

iris_value to_iris_value(payload_view content, std::string& json) {
  if (content.kind == content_kind::text)
    return as_text(content.bytes);
  if (content.kind == content_kind::raw)
    return iris_bytes{content.bytes};
  if (is_empty(content.bytes))
    return {};
  auto [found, bytes] = only_argument(content.bytes);
  switch (found.kind) {
    case value_kind::text:
      return as_text(found.bytes);
    case value_kind::binary:
      return iris_bytes{found.bytes};
    case value_kind::boolean:
      return found.truth;
    case value_kind::floating:
      return found.floating;
    case value_kind::integer:
      if (found.negative || found.integer <= INT64_MAX)
        return static_cast<std::int64_t>(found.integer);
      [[fallthrough]];
    default:
      json = to_json(found.kind == value_kind::nothing ? content.bytes : bytes);
      return iris_json{json};
  }
}

} // namespace troupe::protocol

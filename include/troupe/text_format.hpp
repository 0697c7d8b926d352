#pragma once
#include "troupe/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// The text form of arguments for clients whose protocol has no other: JSON unless replaced.
///
/// Ownership:  points to functions and a name that last as long as the program.
struct text_format {
  /// For the sentence that tells a client why its text was refused.
  std::string_view name{"JSON"};
  /// What a client sent as one msgpack value; see `json_to_msgpack`.
  result<std::vector<std::byte>, refusal> (*to_msgpack)(std::string_view text,
                                                        payload_limits limits) = json_to_msgpack;
  /// What clients are sent for one msgpack value: UTF-8; see `msgpack_to_json`.
  result<std::string, refusal> (*to_text)(byte_view value, payload_limits limits) = msgpack_to_json;
};

/// Replaces the format in the whole process. For single types there is `text_codec`.
/// Threading: call it before the first server starts.
void use_text_format(const text_format& format) noexcept;

/// Threading: any.
const text_format& current_text_format() noexcept;

} // namespace troupe

#pragma once
#include "troupe/bytes.hpp"
#include "troupe/msgpack_check.hpp"
#include "troupe/refusal.hpp"
#include "troupe/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// JSON text (RFC 8259) as one msgpack value, in its shortest encoding.
///
/// Integers between -2^63 and 2^64 - 1 stay integers; all other numbers become doubles, the nearest
/// one there is. Objects become maps with their keys in the order of the text; a key that is there
/// twice stays there twice.
///
/// @param limits  of the msgpack value, as in `check_msgpack`; at most 65,535 nodes.
/// @returns `malformed_message` when the text is no JSON, is not UTF-8, has half a surrogate pair
/// or
///          a number beyond the range of a double; `payload_too_deep` or `payload_too_complex`.
///          The offset is that of a byte of the text.
/// Threading: any.
result<std::vector<std::byte>, refusal> json_to_msgpack(std::string_view text,
                                                        payload_limits limits = {});

/// One msgpack value as JSON text without blanks.
///
/// Numbers are written with as many digits as it takes to read the same value again, and as
/// JavaScript would: `5`, `0.1`, `1e+21`. What JSON has no form for is written as other
/// implementations do it: bytes as a string of base64 (RFC 4648, with padding), NaN and infinities
/// as null, integers as keys of a map as strings of digits, and each byte that is not UTF-8 as
/// U+FFFD.
///
/// @returns what `check_msgpack` refuses, and `bad_arguments` for extension types and for keys that
///          are neither texts nor integers. The offset is that of a byte of `value`.
/// Threading: any.
result<std::string, refusal> msgpack_to_json(byte_view value, payload_limits limits = {});

} // namespace troupe

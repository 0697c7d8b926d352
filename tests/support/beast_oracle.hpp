#pragma once
#include "tests/support/ws_recorder.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace troupe::test {

/// What Boost.Beast's WebSocket server makes of `stream`, in the words of `ws_recorder` (frames
/// are not noted). The end of the stream is not an error.
ws_outcome read_with_beast(std::string_view stream, std::size_t max_message_bytes);

/// Compares our reader with Beast on one stream.
/// @returns an empty text when they agree but for the differences that fuzz/README.md lists,
///          otherwise what each of them said.
std::string compare_with_beast(std::string_view stream, std::size_t max_message_bytes);

} // namespace troupe::test

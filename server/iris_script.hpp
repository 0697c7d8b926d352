#pragma once
#include <string>
#include <string_view>

namespace troupe {

/// The browser script of the legacy iris protocol, made to speak with `prefix`.
///
/// @throws std::invalid_argument with a full sentence if no endpoint can have this prefix.
std::string make_iris_script(std::string_view prefix);

} // namespace troupe

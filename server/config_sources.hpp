#pragma once
#include "troupe/config.hpp"

#include <string>

namespace troupe {

/// Sets the keys that the TOML file `path` names.
/// @throws config_error naming file and line: the file cannot be read or is not TOML, a key is
///         unknown or in the wrong table, a value has the wrong type or is not allowed.
void apply_file(config& target, const std::string& path);

/// Sets the keys that `variables` name.
/// @throws config_error for an unknown `TROUPE_` variable or a value that is not allowed.
void apply_environment(config& target, const config::environment& variables);

} // namespace troupe

#include "server/config_keys.hpp"
#include "server/config_options.hpp"
#include "server/config_sources.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace troupe {
namespace {

constexpr std::string_view prefix{"TROUPE_"};

/// Variables with our prefix that are no keys: the file, and what test scripts hand each other.
constexpr std::array<std::string_view, 3> known_others{"TROUPE_CONFIG", "TROUPE_BIN", "TROUPE_URL"};

const config_key* key_of(std::string_view variable) {
  for (const auto& key : config_keys())
    if (key.environment_name() == variable)
      return &key;
  return nullptr;
}

} // namespace

void apply_environment(config& target, const config::environment& variables) {
  for (const auto& [name, value] : variables) {
    if (!name.starts_with(prefix) || std::ranges::find(known_others, name) != known_others.end())
      continue;
    const auto* key = key_of(name);
    if (key == nullptr)
      throw config_error{"The environment variable " + name + " with the value \"" + value
                         + "\" is unknown (--help lists every one)."};
    set_config_key(target, *key, {value}, {.place = {}, .name = name});
  }
}

config::environment process_environment() {
  config::environment result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const auto equals = text.find('=');
    if (text.starts_with(prefix) && equals != std::string_view::npos)
      result.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

} // namespace troupe

#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

/// Which functions of a controller are events: given the name in its list, returns the name of the
/// event, or nothing if it is none.
using event_matcher = std::function<std::optional<std::string>(std::string_view)>;

/// Those whose name begins with `prefix`, under their whole name.
inline event_matcher with_prefix(std::string prefix) {
  return [prefix = std::move(prefix)](std::string_view name) {
    return name.starts_with(prefix) ? std::optional{std::string{name}} : std::nullopt;
  };
}

/// Those whose name begins with `prefix`, without it: `on_say` is the event `say`.
inline event_matcher trim_prefix(std::string prefix) {
  return [prefix = std::move(prefix)](std::string_view name) {
    return name.starts_with(prefix) ? std::optional{std::string{name.substr(prefix.size())}}
                                    : std::nullopt;
  };
}

} // namespace troupe

#pragma once
#include <string_view>

namespace troupe {

/// The name of `T` as the compiler spells it, namespaces included: for messages to people.
template <class T>
constexpr std::string_view type_name() noexcept {
  std::string_view text = __PRETTY_FUNCTION__; // "... [with T = name; ...]" or "... [T = name]"
  text.remove_prefix(text.find("T = ") + 4);
  return text.substr(0, text.find_first_of(";]"));
}

} // namespace troupe

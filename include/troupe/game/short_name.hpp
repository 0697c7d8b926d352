#pragma once
#include "troupe/type_name.hpp"

#include <string_view>

namespace troupe::game {

/// The name under which a `T` travels: that of its type, without namespaces.
template <class T>
constexpr std::string_view short_name() noexcept {
  const auto name = type_name<T>();
  const auto colon = name.rfind(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

} // namespace troupe::game

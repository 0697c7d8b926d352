#pragma once
#include "protocol/content_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

// How names stand between the semicolons of a neffos message: every semicolon of their own is
// replaced by a text. There is no escape for that text, so a name that holds it arrives changed.
//
// Threading:  pure functions.

namespace troupe::protocol {

inline constexpr std::string_view escaped_semicolon = "@%!semicolon@%!";

inline std::size_t escaped_size(std::string_view name) noexcept {
  const auto semicolons = static_cast<std::size_t>(std::count(name.begin(), name.end(), ';'));
  return name.size() + semicolons * (escaped_semicolon.size() - 1);
}

inline void put_escaped(content_writer& to, std::string_view name) noexcept {
  auto found = name.find(';');
  for (; found != std::string_view::npos; found = name.find(';')) {
    to.put(name.substr(0, found)).put(escaped_semicolon);
    name.remove_prefix(found + 1);
  }
  to.put(name);
}

/// Appends the name that `escaped` stands for.
inline void append_unescaped(std::string& to, std::string_view escaped) {
  auto found = escaped.find(escaped_semicolon);
  for (; found != std::string_view::npos; found = escaped.find(escaped_semicolon)) {
    to.append(escaped.substr(0, found)).push_back(';');
    escaped.remove_prefix(found + escaped_semicolon.size());
  }
  to.append(escaped);
}

} // namespace troupe::protocol

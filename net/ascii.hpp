#pragma once
#include <algorithm>
#include <string_view>

// The character classes of HTTP, free of locales. Total on any byte.

namespace troupe::net {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_control(char c) noexcept {
  return (c >= 0 && c < 0x20) || c == 0x7f;
}

/// Printable and not a blank: '!' to '~'.
constexpr bool is_visible(char c) noexcept {
  return c > 0x20 && c < 0x7f;
}

/// May be part of a token (RFC 9110 section 5.6.2): a method, a field name, a subprotocol.
constexpr bool is_token_char(char c) noexcept {
  return is_letter(c) || is_digit(c)
         || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Equal but for the case of ASCII letters.
constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

/// Without blanks and tabs at both ends.
constexpr std::string_view trim(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `visit` with each trimmed, non-empty element of a list.
template <class Visitor>
constexpr void for_each_element(std::string_view list, char separator, Visitor visit) {
  while (!list.empty()) {
    const auto end = std::min(list.find(separator), list.size());
    if (const auto element = trim(list.substr(0, end)); !element.empty())
      visit(element);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

} // namespace troupe::net

#include "net/upgrade.hpp"

#include "net/ascii.hpp"
#include "net/digest.hpp"
#include "protocol/deflate.hpp"

#include <algorithm>
#include <array>

namespace troupe::net {

namespace {

/// All fields of one name: how many came, and their values as one list.
struct combined_field {
  std::size_t count = 0;
  std::string value;
};

combined_field combine(const request& asked, std::string_view name) {
  combined_field result;
  for (const auto field : asked.headers())
    if (iequals(field.name, name)) {
      result.value.append(result.count++ == 0 ? "" : ", ").append(field.value);
    }
  return result;
}

bool has_element(const request& asked, std::string_view name, std::string_view wanted) noexcept {
  bool found = false;
  for (const auto field : asked.headers())
    if (iequals(field.name, name))
      for_each_element(field.value, ',',
                       [&](std::string_view element) { found |= iequals(element, wanted); });
  return found;
}

/// Base64 of exactly 16 bytes, unused bits zero.
bool is_valid_key(std::string_view key) noexcept {
  constexpr std::size_t digits = 22;
  constexpr std::string_view last_digits = "AQgw"; // those whose lower four bits are zero
  const auto is_digit64 = [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '/';
  };
  return key.size() == digits + 2 && key.ends_with("==")
         && std::all_of(key.begin(), key.begin() + digits, is_digit64)
         && last_digits.find(key[digits - 1]) != std::string_view::npos;
}

/// `text` fit to be shown in an answer: bounded, printable.
std::string shown(std::string_view text) {
  constexpr std::size_t longest = 100;
  std::string result{text.substr(0, longest)};
  std::replace_if(
      result.begin(), result.end(), [](char c) { return !is_visible(c) && c != ' '; }, '?');
  return result;
}

std::optional<upgrade_error> check_protocol(const request& asked) {
  if (asked.method() != "GET")
    return upgrade_error{405, "A WebSocket is opened with GET."};
  if (asked.version() != "HTTP/1.1")
    return upgrade_error{400, "A WebSocket is opened with HTTP/1.1."};
  if (!is_websocket_upgrade(asked))
    return upgrade_error{426,
                         "This address speaks WebSocket: an Upgrade: websocket field is needed."};
  if (!has_element(asked, "Connection", "upgrade"))
    return upgrade_error{400, "The Connection field does not name the upgrade."};
  return std::nullopt;
}

std::optional<upgrade_error> check_websocket_fields(const request& asked) {
  for (const auto name : {"Upgrade", "Sec-WebSocket-Version", "Sec-WebSocket-Key"})
    if (combine(asked, name).count > 1)
      return upgrade_error{400, std::string{"The field "} + name + " came more than once."};
  if (asked.header("Sec-WebSocket-Version") != "13")
    return upgrade_error{426, "Only version 13 of the WebSocket protocol is spoken here."};
  if (!is_valid_key(asked.header("Sec-WebSocket-Key").value_or("")))
    return upgrade_error{400, "The Sec-WebSocket-Key field must hold 16 bytes in base64."};
  for (const auto offer : asked.subprotocols())
    if (!is_token(offer))
      return upgrade_error{400, "The Sec-WebSocket-Protocol field is malformed."};
  return std::nullopt;
}

std::optional<upgrade_error>
choose_subprotocol(const request& asked, const upgrade_options& options, std::string& chosen) {
  const auto offers = asked.subprotocols();
  if (offers.empty())
    return std::nullopt;
  try {
    chosen = options.subprotocols.choose(asked, offers);
  } catch (...) {
    return upgrade_error{500, "A subprotocol could not be chosen.", upgrade_problem::failed};
  }
  if (chosen.empty() && options.unmatched == unmatched_subprotocol::refuse)
    return upgrade_error{400, "None of the offered subprotocols is spoken here.",
                         upgrade_problem::subprotocol};
  return std::nullopt;
}

bool is_handshake_field(std::string_view name) noexcept {
  constexpr std::string_view prefix = "Sec-WebSocket-";
  constexpr std::array names{"Connection",        "Upgrade", "Content-Length",
                             "Transfer-Encoding", "Date",    "Server"};
  return iequals(name.substr(0, prefix.size()), prefix)
         || std::any_of(names.begin(), names.end(),
                        [&](std::string_view other) { return iequals(name, other); });
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

bool is_websocket_upgrade(const request& asked) noexcept {
  return has_element(asked, "Upgrade", "websocket");
}

std::optional<upgrade_error> check_origin(const request& asked, const origin_policy& origins) {
  try {
    if (origins.allows(asked))
      return std::nullopt;
    const auto origin = shown(combine(asked, "Origin").value);
    return upgrade_error{403, "Pages of the origin '" + origin + "' may not connect here.",
                         upgrade_problem::origin};
  } catch (...) {
    return upgrade_error{500, "The origin could not be checked.", upgrade_problem::failed};
  }
}

upgrade_result check_upgrade(const request& asked, const upgrade_options& options) {
  upgrade_result result;
  result.refused = check_protocol(asked);
  if (!result.refused)
    result.refused = check_websocket_fields(asked);
  if (!result.refused)
    result.refused = check_origin(asked, options.origins);
  if (!result.refused)
    result.refused = choose_subprotocol(asked, options, result.subprotocol);
  if (result.refused)
    return result;
  result.accept_key = accept_key(asked.header("Sec-WebSocket-Key").value_or(""));
  if (options.deflate)
    result.extensions =
        protocol::negotiate_deflate(combine(asked, "Sec-WebSocket-Extensions").value).value_or("");
  return result;
}

bool is_allowed_header(const extra_header& field) noexcept {
  const auto& [name, value] = field;
  return is_token(name) && !is_handshake_field(name)
         && std::none_of(value.begin(), value.end(),
                         [](char c) { return is_control(c) && c != '\t'; });
}

std::optional<std::string> switching_protocols(const upgrade_result& upgrade,
                                               std::span<const extra_header> extra, wall_time now) {
  if (!std::all_of(extra.begin(), extra.end(), is_allowed_header))
    return std::nullopt;
  auto head = begin_reply(101, now);
  head.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
  append_field(head, "Sec-WebSocket-Accept", upgrade.accept_key);
  if (!upgrade.subprotocol.empty())
    append_field(head, "Sec-WebSocket-Protocol", upgrade.subprotocol);
  if (!upgrade.extensions.empty())
    append_field(head, "Sec-WebSocket-Extensions", upgrade.extensions);
  for (const auto& [name, value] : extra)
    append_field(head, name, value);
  return head.append("\r\n");
}

std::string accept_key(std::string_view key) {
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
  return to_base64(sha1(std::string{key}.append(guid)));
}

} // namespace troupe::net

#include "protocol/deflate.hpp"

#include <algorithm>
#include <utility>

namespace troupe::protocol {
namespace {

constexpr std::string_view extension_name = "permessage-deflate";
constexpr int min_window_bits = 8;
constexpr int max_window_bits = 15;

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Splits off what stands before the next `separator` outside of quotes, trimmed.
std::string_view take_until(std::string_view& text, char separator) noexcept {
  bool is_quoted = false;
  std::size_t end = 0;
  for (; end < text.size() && (is_quoted || text[end] != separator); ++end)
    is_quoted = is_quoted != (text[end] == '"');
  const auto taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trim(taken);
}

/// One `name` or `name=value` of an offer, quotes removed.
struct parameter {
  std::string_view name;
  std::optional<std::string_view> value;
};

parameter parse_parameter(std::string_view text) noexcept {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos)
    return {text, {}};
  auto value = trim(text.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return {trim(text.substr(0, equals)), value};
}

/// A window size as RFC 7692 spells it: 8 to 15, without leading zeros; 0 when it is anything else.
int parse_window_bits(std::string_view text) noexcept {
  if (text.empty() || text.size() > 2 || text[0] == '0')
    return 0;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9')
      return 0;
    value = 10 * value + (c - '0');
  }
  return value >= min_window_bits && value <= max_window_bits ? value : 0;
}

/// The parameters of one permessage-deflate offer.
class deflate_offer {
public:
  /// @returns false when the parameter is unknown, repeated or invalid.
  bool accept(const parameter& item) noexcept {
    if (item.name == "server_no_context_takeover")
      return accept_flag(server_no_context_takeover_, item);
    if (item.name == "client_no_context_takeover")
      return accept_flag(client_no_context_takeover_, item);
    if (item.name == "server_max_window_bits")
      return item.value && accept_bits(server_bits_, *item.value);
    if (item.name == "client_max_window_bits")
      return accept_bits(client_bits_, item.value.value_or("15"));
    return false;
  }

  /// The largest window that the client lets the server use, if it said so; otherwise 0.
  int server_bits() const noexcept { return server_bits_; }

  /// As an answer: both directions go without context takeover, at any window of the client.
  bool is_without_takeover() const noexcept {
    return server_no_context_takeover_ && client_no_context_takeover_ && client_bits_ == 0;
  }

private:
  static bool accept_flag(bool& flag, const parameter& item) noexcept {
    return !item.value && !std::exchange(flag, true);
  }
  static bool accept_bits(int& bits, std::string_view text) noexcept {
    return std::exchange(bits, parse_window_bits(text)) == 0 && bits != 0;
  }

  bool server_no_context_takeover_ = false;
  bool client_no_context_takeover_ = false;
  int server_bits_ = 0;
  int client_bits_ = 0;
};

std::optional<std::string> answer(std::string_view offer_text, int window_bits) {
  if (!equals_ignoring_case(take_until(offer_text, ';'), extension_name))
    return {};
  deflate_offer offer;
  while (!offer_text.empty()) {
    if (!offer.accept(parse_parameter(take_until(offer_text, ';'))))
      return {};
  }
  std::string response =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  if (offer.server_bits() == 0)
    return response;
  if (offer.server_bits() < window_bits)
    return {};
  return response + "; server_max_window_bits=" + std::to_string(window_bits);
}

} // namespace

std::optional<std::string> negotiate_deflate(std::string_view sec_websocket_extensions,
                                             int window_bits) {
  while (!sec_websocket_extensions.empty()) {
    if (auto response = answer(take_until(sec_websocket_extensions, ','), window_bits))
      return response;
  }
  return {};
}

bool fits_deflate_offer(std::string_view sec_websocket_extensions) noexcept {
  if (!equals_ignoring_case(take_until(sec_websocket_extensions, ';'), extension_name))
    return false;
  deflate_offer answered;
  while (!sec_websocket_extensions.empty())
    if (!answered.accept(parse_parameter(take_until(sec_websocket_extensions, ';'))))
      return false;
  return answered.is_without_takeover();
}

} // namespace troupe::protocol

#include "protocol/resume.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace troupe::protocol {

namespace {

constexpr std::array<std::string_view, 4> outcomes = {"", "new", "resumed", "resync"};

bool is_hexadecimal(std::string_view text) noexcept {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Digits only, without a superfluous zero.
std::optional<std::uint64_t> read_count(std::string_view digits) noexcept {
  if (digits.empty() || digits[0] < '0' || digits[0] > '9'
      || (digits[0] == '0' && digits.size() > 1))
    return std::nullopt;
  std::uint64_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

} // namespace

std::string_view to_string(session_outcome outcome) noexcept {
  return outcomes[static_cast<std::size_t>(outcome)];
}

session_outcome to_session_outcome(std::string_view text) noexcept {
  const auto* found = std::find(outcomes.begin() + 1, outcomes.end(), text);
  return found == outcomes.end() ? session_outcome::none
                                 : static_cast<session_outcome>(found - outcomes.begin());
}

std::optional<resume_offer> read_resume_offer(std::string_view subprotocol) noexcept {
  if (!subprotocol.starts_with(resume_protocol))
    return std::nullopt;
  subprotocol.remove_prefix(resume_protocol.size());
  if (subprotocol.empty())
    return resume_offer{};
  constexpr auto count_at = 1 + session_token_size + 1;
  if (subprotocol.size() <= count_at || subprotocol[0] != '.' || subprotocol[count_at - 1] != '.')
    return std::nullopt;
  const auto token = subprotocol.substr(1, session_token_size);
  const auto numbers = subprotocol.substr(count_at);
  const auto dot = std::min(numbers.find('.'), numbers.size() - 1);
  const auto received = read_count(numbers.substr(0, dot));
  const auto attempt = read_count(numbers.substr(dot + 1));
  if (!is_hexadecimal(token) || !received || !attempt)
    return std::nullopt;
  return resume_offer{.token = token, .received = *received, .attempt = *attempt};
}

std::string to_subprotocol(const resume_offer& offer) {
  std::string result{resume_protocol};
  if (!offer.token.empty())
    result.append(".")
        .append(offer.token)
        .append(".")
        .append(std::to_string(offer.received))
        .append(".")
        .append(std::to_string(offer.attempt));
  return result;
}

} // namespace troupe::protocol

#include "protocol/neffos_events.hpp"

#include "troupe/neffos_message.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

} // namespace

neffos_event to_neffos_event(std::string_view name) noexcept {
  if (!name.starts_with("_On"))
    return neffos_event::none;
  const auto begin = neffos_event_names.begin();
  const auto found = std::find(begin, neffos_event_names.end(), name);
  return found == neffos_event_names.end() ? neffos_event::none
                                           : static_cast<neffos_event>(found - begin);
}

bool is_own_wait(std::string_view wait) noexcept {
  constexpr std::size_t max_digits = 20;
  return !wait.empty() && wait.size() <= max_digits
         && std::all_of(wait.begin(), wait.end(), is_digit);
}

std::string make_wait(std::uint64_t number) {
  return std::to_string(number);
}

bool is_known_error(std::string_view text) noexcept {
  using namespace neffos_error;
  return text == bad_namespace || text == bad_room || text == write_closed
         || text == invalid_payload;
}

} // namespace troupe::protocol

namespace troupe {

bool is_system_event(std::string_view event) noexcept {
  using enum protocol::neffos_event;
  const auto known = protocol::to_neffos_event(event);
  return known != none && known != any_event && known != native_message;
}

} // namespace troupe

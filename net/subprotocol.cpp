#include "troupe/subprotocol.hpp"

#include <algorithm>

namespace troupe {

namespace {

/// The first of `wanted` that is in `known`.
template <class Wanted, class Known>
std::string first_common(const Wanted& wanted, const Known& known) {
  for (const auto& candidate : wanted)
    if (std::find(known.begin(), known.end(), candidate) != known.end())
      return std::string{candidate};
  return {};
}

} // namespace

subprotocol_choice subprotocol_choice::by(chooser decide) {
  subprotocol_choice result;
  result.decide_ = std::move(decide);
  return result;
}

std::string subprotocol_choice::choose(const request& asked,
                                       const std::vector<std::string_view>& offers) const {
  if (!decide_)
    return preference_ == subprotocol_preference::server ? first_common(names_, offers)
                                                         : first_common(offers, names_);
  auto chosen = decide_(asked, offers);
  return std::find(offers.begin(), offers.end(), chosen) != offers.end() ? chosen : std::string{};
}

} // namespace troupe

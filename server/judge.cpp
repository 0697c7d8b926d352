#include "server/judge.hpp"

#include <exception>
#include <spdlog/spdlog.h>

namespace troupe {

std::optional<authorization> judge(const endpoint& rules, const request& asked) noexcept {
  try {
    return rules.authorizer ? rules.authorizer(asked) : authorization::accept();
  } catch (const std::exception& error) {
    spdlog::error("authorize of {} threw: {}", rules.path(), error.what());
  } catch (...) {
    spdlog::error("authorize of {} threw", rules.path());
  }
  return std::nullopt;
}

} // namespace troupe

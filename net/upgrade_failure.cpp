#include "net/upgrade_failure.hpp"

#include "net/ascii.hpp"
#include "net/upgrade.hpp"

#include <algorithm>
#include <exception>
#include <spdlog/spdlog.h>
#include <utility>

namespace troupe::net {

namespace {

/// Calls the application; nothing, or false, if it throws.
template <class Call>
auto guarded(const request& asked, Call call) noexcept -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception& error) {
    spdlog::error("a hook for failed upgrades of {} threw: {}", asked.path(), error.what());
  } catch (...) {
    spdlog::error("a hook for failed upgrades of {} threw", asked.path());
  }
  return {};
}

bool is_error(int status) noexcept {
  return status >= 400 && status <= 599;
}

bool can_be_sent(const upgrade_error_page& page) noexcept {
  return is_allowed_header({"Content-Type", page.content_type})
         && std::all_of(page.fields.begin(), page.fields.end(), [](const auto& field) {
              return is_allowed_header(field) && !iequals(field.first, "Content-Type");
            });
}

http_reply to_reply(const upgrade_error_page& page, int status, wall_time now) {
  std::string fields;
  for (const auto& [name, value] : page.fields)
    fields.append(name).append(": ").append(value).append("\r\n");
  return refusal_page(
      {.status = status, .content_type = page.content_type, .fields = fields, .body = page.body},
      now);
}

} // namespace

http_reply fail_upgrade(const request& asked, const upgrade_error& why,
                        const upgrade_failure_hooks& hooks, wall_time now) {
  if (hooks.seen)
    guarded(asked, [&] {
      hooks.seen(asked, why);
      return true;
    });
  auto page = std::optional<upgrade_error_page>{};
  if (hooks.write)
    page = guarded(asked, [&] { return std::optional{hooks.write(asked, why)}; });
  if (page && can_be_sent(*page))
    return to_reply(*page, is_error(page->status) ? page->status : why.status, now);
  if (page)
    spdlog::error("the answer to a failed upgrade of {} cannot be sent", asked.path());
  return refusal_reply({.status = why.status, .reason = why.reason}, now);
}

} // namespace troupe::net

#pragma once
#include "troupe/handler.hpp"
#include "troupe/refused.hpp"

#include <exception>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace troupe::net {

using error_hook = std::function<void(errc, std::string_view)>;

/// Tells `hook` about an error, whatever it does with it.
inline void tell_error(const error_hook& hook, errc code, std::string_view text) {
  if (!hook)
    return;
  try {
    hook(code, text);
  } catch (...) { // NOLINT(bugprone-empty-catch): the last resort failed; nobody is left to tell
  }
}

/// Calls `hook`, if there is one, and makes an outcome of what it throws; failures that are no
/// `refused` go to `errors`.
template <class Hook, class... Args>
handler_outcome tell(const error_hook& errors, const Hook& hook, Args&&... args) {
  handler_outcome outcome;
  if (!hook)
    return outcome;
  try {
    if constexpr (std::is_same_v<std::invoke_result_t<const Hook&, Args...>, handler_outcome>)
      outcome = hook(std::forward<Args>(args)...);
    else
      hook(std::forward<Args>(args)...);
  } catch (const refused& no) {
    outcome = {.code = errc::refused, .text = no.what()};
  } catch (const std::exception& failure) {
    outcome = {.code = errc::handler_failed, .text = failure.what()};
  } catch (...) {
    outcome = {.code = errc::handler_failed, .text = "A handler threw no std::exception."};
  }
  if (outcome.code != errc::ok && outcome.code != errc::refused)
    tell_error(errors, outcome.code, outcome.text);
  return outcome;
}

} // namespace troupe::net

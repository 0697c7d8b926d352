#pragma once
#include "troupe/upgrade_error.hpp"

#include "net/http_response.hpp"

namespace troupe::net {

/// What the application wants to do about failed upgrades; each may be empty.
struct upgrade_failure_hooks {
  upgrade_error_hook seen{};
  upgrade_error_writer write{};
};

/// The answer to a failed upgrade: what the application writes, else one line with the reason. The
/// connection closes. Errors: what the hooks throw is logged.
http_reply fail_upgrade(const request& asked, const upgrade_error& why,
                        const upgrade_failure_hooks& hooks, wall_time now);

} // namespace troupe::net

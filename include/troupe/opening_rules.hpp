#pragma once
#include "troupe/subprotocol.hpp"
#include "troupe/upgrade_error.hpp"
#include "troupe/url_headers.hpp"

#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// What an endpoint does while a request becomes a WebSocket; see the functions of `endpoint`.
struct opening_rules {
  url_headers from_url{};
  subprotocol_choice subprotocols{};
  std::vector<std::pair<std::string, std::string>> response_headers{};
  upgrade_error_hook on_error{};
  upgrade_error_writer write_error{};
};

} // namespace troupe

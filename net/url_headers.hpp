#pragma once
#include "troupe/request.hpp"
#include "troupe/url_headers.hpp"

#include <optional>

namespace troupe::net {

/// `asked` with the fields that its URL brings and `allowed` lets through; nothing if there are
/// none.
std::optional<request> add_url_headers(const request& asked, const url_headers& allowed);

} // namespace troupe::net

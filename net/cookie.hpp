#pragma once
#include "troupe/cookie_jar.hpp"

#include "net/url.hpp"

#include <chrono>
#include <optional>
#include <string_view>

// The rules of RFC 6265 section 5 for one cookie, without any state.

namespace troupe::net {

using wall_clock = std::chrono::system_clock;

/// The cookie of a Set-Cookie field in an answer from `from`; one that is to be deleted has
/// expired.
/// @returns nothing for what is malformed, too long, or not for this server to set.
std::optional<memory_cookie_jar::cookie> parse_set_cookie(std::string_view line, const url& from,
                                                          wall_clock::time_point now);

/// Whether the cookie goes along with a request to `to`; its expiry is not looked at.
bool fits(const memory_cookie_jar::cookie& each, const url& to);

/// A date as servers spell it: "Wed, 21 Oct 2015 07:28:00 GMT", also with dashes or two digits for
/// the year.
std::optional<wall_clock::time_point> parse_cookie_date(std::string_view text);

} // namespace troupe::net

#pragma once
#include "troupe/dialer.hpp"

#include "net/url.hpp"

#include <optional>
#include <string>

// The opening handshake as its client sees it (RFC 6455 section 4.1), without any I/O.

namespace troupe::net {

/// As `parse_url`, but for `ws` and `wss` only, in any case.
std::optional<url> parse_dial_url(std::string_view text);

/// What `options` ask for that no request may hold; empty = nothing.
std::string check_dial_options(const dial_options& options);

/// 16 random bytes in base64.
std::string make_handshake_key();

/// The request, with what `cookies` gives.
/// @pre check_dial_options(options).empty()
std::string make_dial_request(const url& to, const std::string& key, const dial_options& options,
                              const std::string& cookies);

/// What both sides have agreed on.
struct agreement {
  std::string subprotocol;
  bool is_compressed = false;
};

/// @returns the agreement, or a sentence why `answer` is none.
result<agreement, std::string> check_dial_answer(const handshake_response& answer,
                                                 const std::string& key,
                                                 const dial_options& options);

} // namespace troupe::net

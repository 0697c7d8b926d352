#pragma once
#include "troupe/request.hpp"

#include "net/http_head.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace troupe::test {

/// What a reader made of some bytes.
struct head_outcome {
  net::head_state state = net::head_state::need_more;
  std::size_t consumed = 0;
  net::refusal why{.status = 0, .reason = {}}; ///< status 0 unless refused
  std::optional<request> asked;                ///< if complete
};

/// Feeds `bytes` to a fresh reader in pieces of `piece` bytes, the first of `first` bytes.
inline head_outcome read_head(std::string_view bytes, std::size_t first, std::size_t piece,
                              net::http_limits limits = {}, peer from = {}) {
  net::http_head_reader reader{std::move(from), limits};
  head_outcome outcome;
  for (auto size = first; outcome.state == net::head_state::need_more && !bytes.empty();
       size = piece) {
    const auto input = bytes.substr(0, size);
    const auto [consumed, state] = reader.feed(as_bytes(input));
    bytes.remove_prefix(input.size());
    outcome.consumed += consumed;
    outcome.state = state;
  }
  if (outcome.state == net::head_state::refused)
    outcome.why = reader.why();
  if (outcome.state == net::head_state::complete)
    outcome.asked = reader.take();
  return outcome;
}

/// Feeds all `bytes` at once.
inline head_outcome read_head(std::string_view bytes, net::http_limits limits = {},
                              peer from = {}) {
  return read_head(bytes, bytes.size(), 1, limits, std::move(from));
}

/// A request for `target` with `fields` ("Name: value\r\n" each), as the server would see it.
inline request make_request(std::string_view target, std::string_view fields = {},
                            const peer& from = {}) {
  std::string head{"GET "};
  head.append(target).append(" HTTP/1.1\r\n").append(fields).append("\r\n");
  auto result = request::from_head(head, from);
  if (!result)
    throw std::logic_error{"The test made a request that is none: " + head};
  return *std::move(result);
}

/// The fields of a correct opening handshake, for the host a.example.
inline constexpr std::string_view handshake_fields =
    "Host: a.example\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// `text` with the first `from` replaced by `to`.
inline std::string with(std::string_view text, std::string_view from, std::string_view to) {
  std::string result{text};
  const auto at = result.find(from);
  if (at == std::string::npos)
    throw std::logic_error{"The test replaces a text that is not there: " + std::string{from}};
  return result.replace(at, from.size(), to);
}

} // namespace troupe::test

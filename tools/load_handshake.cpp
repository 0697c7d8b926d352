#include "tools/load_handshake.hpp"

#include "net/ascii.hpp"

#include <spdlog/fmt/fmt.h>

namespace troupe::load {

namespace {

/// The longest status line that is quoted in a report.
constexpr std::size_t max_quoted = 80;

std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

std::string_view field(std::string_view fields, std::string_view name) {
  while (!fields.empty()) {
    const auto line = take_line(fields);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && net::iequals(line.substr(0, colon), name))
      return net::trim(line.substr(colon + 1));
  }
  return {};
}

std::string quoted(std::string_view line) {
  std::string result{line.substr(0, max_quoted)};
  for (char& c : result)
    if (net::is_control(c))
      c = '?';
  return result;
}

std::string find_problem(std::string_view head, std::string_view expected_accept,
                         std::string_view subprotocol) {
  const auto status = take_line(head);
  if (!status.starts_with("HTTP/1.1 101"))
    return quoted(status);
  if (field(head, "Sec-WebSocket-Accept") != expected_accept)
    return "the 101 has a wrong Sec-WebSocket-Accept";
  if (field(head, "Sec-WebSocket-Protocol") != subprotocol)
    return "the server did not choose the subprotocol " + std::string{subprotocol};
  return {};
}

} // namespace

std::string to_text(const handshake_request& request) {
  auto text = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: {}\r\n",
                          request.path, request.host, request.key);
  if (!request.subprotocol.empty())
    text += fmt::format("Sec-WebSocket-Protocol: {}\r\n", request.subprotocol);
  for (const auto& [name, value] : request.headers)
    text += fmt::format("{}: {}\r\n", name, value);
  return text += "\r\n";
}

std::optional<handshake_response> read_response(std::string_view received,
                                                std::string_view expected_accept,
                                                std::string_view subprotocol) {
  const auto end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (received.size() < max_response_bytes)
      return std::nullopt;
    return handshake_response{received.size(), "the answer to the handshake is not HTTP"};
  }
  return handshake_response{
      end + 4, find_problem(received.substr(0, end + 2), expected_accept, subprotocol)};
}

} // namespace troupe::load

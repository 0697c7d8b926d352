#include "net/http_response.hpp"

#include "net/ascii.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <utility>

namespace troupe::net {

namespace {

struct phrase {
  int status;
  std::string_view text;
};

constexpr std::array phrases{
    phrase{101, "Switching Protocols"},
    phrase{200, "OK"},
    phrase{202, "Accepted"},
    phrase{204, "No Content"},
    phrase{302, "Found"},
    phrase{304, "Not Modified"},
    phrase{400, "Bad Request"},
    phrase{401, "Unauthorized"},
    phrase{403, "Forbidden"},
    phrase{404, "Not Found"},
    phrase{405, "Method Not Allowed"},
    phrase{408, "Request Timeout"},
    phrase{409, "Conflict"},
    phrase{410, "Gone"},
    phrase{411, "Length Required"},
    phrase{413, "Content Too Large"},
    phrase{415, "Unsupported Media Type"},
    phrase{417, "Expectation Failed"},
    phrase{426, "Upgrade Required"},
    phrase{429, "Too Many Requests"},
    phrase{431, "Request Header Fields Too Large"},
    phrase{500, "Internal Server Error"},
    phrase{503, "Service Unavailable"},
    phrase{505, "HTTP Version Not Supported"},
};

bool has_connection_option(const request& asked, std::string_view option) noexcept {
  bool found = false;
  for (const auto field : asked.headers())
    if (iequals(field.name, "Connection"))
      for_each_element(field.value, ',',
                       [&](std::string_view element) { found |= iequals(element, option); });
  return found;
}

/// What a client must be told beside the reason of a refusal.
std::string_view refusal_fields(int status) noexcept {
  if (status == 405)
    return "Allow: GET, HEAD\r\n";
  if (status == 426)
    return "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  return {};
}

/// The head of an answer with a body; `fields` are complete lines.
std::string head_of(int status, std::string_view type, std::size_t size, std::string_view fields,
                    wall_time now) {
  return begin_reply(status, now)
      .append(fields)
      .append("Content-Type: ")
      .append(type)
      .append("\r\nX-Content-Type-Options: nosniff\r\nContent-Length: ")
      .append(std::to_string(size))
      .append("\r\n\r\n");
}

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

} // namespace

std::string http_date(wall_time time) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "xxx, %d xxx %Y %H:%M:%S GMT", &utc);
  std::string result{text.data(), size};
  result.replace(0, 3, days[static_cast<std::size_t>(utc.tm_wday)]);
  result.replace(8, 3, months[static_cast<std::size_t>(utc.tm_mon)]);
  return result;
}

std::string_view reason_phrase(int status) noexcept {
  for (const auto& known : phrases)
    if (known.status == status)
      return known.text;
  return "Unknown";
}

bool is_keep_alive(const request& asked) noexcept {
  if (has_connection_option(asked, "close"))
    return false;
  return asked.version() == "HTTP/1.1" || has_connection_option(asked, "keep-alive");
}

std::string begin_reply(int status, wall_time now) {
  std::string head;
  head.reserve(320);
  return head.append("HTTP/1.1 ")
      .append(std::to_string(status))
      .append(" ")
      .append(reason_phrase(status))
      .append("\r\nDate: ")
      .append(http_date(now))
      .append("\r\nServer: troupe\r\n");
}

std::string_view connection_field(bool keep_alive) noexcept {
  return keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
}

void close_after(http_reply& reply) {
  const auto said = connection_field(true);
  const auto at = reply.bytes.find(said);
  if (at < reply.bytes.find("\r\n\r\n"))
    reply.bytes.replace(at, said.size(), connection_field(false));
  reply.close = true;
}

http_reply text_reply(const request& asked, int status, std::string_view line, wall_time now) {
  const auto body = std::string{line} + "\n";
  return content_reply(
      asked, {.status = status, .content_type = plain_text, .fields = {}, .body = body}, now);
}

http_reply content_reply(const request& asked, const reply_content& content, wall_time now) {
  const bool keep_alive = is_keep_alive(asked);
  auto fields = std::string{connection_field(keep_alive)}.append(content.fields);
  http_reply reply{.status = content.status, .bytes = {}, .body = {}, .close = !keep_alive};
  if (content.status == 204) {
    reply.bytes = begin_reply(204, now).append(fields).append("\r\n");
    return reply;
  }
  reply.bytes = head_of(content.status, content.content_type, content.body.size(), fields, now);
  if (asked.method() != "HEAD")
    reply.bytes.append(content.body);
  return reply;
}

http_reply head_reply(const request& asked, int status, wall_time now) {
  const bool keep_alive = is_keep_alive(asked);
  auto bytes = begin_reply(status, now)
                   .append(connection_field(keep_alive))
                   .append("Content-Length: 0\r\n\r\n");
  return {.status = status, .bytes = std::move(bytes), .body = {}, .close = !keep_alive};
}

http_reply refusal_page(const reply_content& content, wall_time now) {
  std::string fields{connection_field(false)};
  if (content.status == 426)
    fields = "Connection: close, Upgrade\r\n";
  fields.append(refusal_fields(content.status)).append(content.fields);
  auto bytes = head_of(content.status, content.content_type, content.body.size(), fields, now);
  bytes.append(content.body);
  return {.status = content.status, .bytes = std::move(bytes), .body = {}, .close = true};
}

http_reply refusal_reply(const refusal& why, wall_time now) {
  const auto line = why.reason + "\n";
  return refusal_page(
      {.status = why.status, .content_type = plain_text, .fields = {}, .body = line}, now);
}

} // namespace troupe::net

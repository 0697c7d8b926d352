#pragma once
#include "troupe/request.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace troupe::net {

/// Why a request is not served: an HTTP status and one line for the person who reads the body.
struct refusal {
  int status = 400;
  std::string reason; ///< one sentence, no line break

  friend bool operator==(const refusal&, const refusal&) = default;
};

/// An answer, ready for the socket.
///
/// Ownership:  owns `bytes`; `body` is a view that lives as long as the `static_files` it is from.
struct http_reply {
  int status = 0;
  std::string bytes;     ///< the head, followed by the body of short answers
  std::string_view body; ///< to be sent after `bytes`; only static files use it
  bool close = true;     ///< close after sending; else the connection may bring another request
};

using wall_time = std::chrono::system_clock::time_point;

/// The time in the format of the Date field, e.g. "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(wall_time time);

/// The phrase that goes with `status`; "Unknown" if this server never sends it.
std::string_view reason_phrase(int status) noexcept;

/// Whether HTTP allows another request on the connection after this one was answered.
bool is_keep_alive(const request& asked) noexcept;

/// The first part of every answer: status line, Date, Server.
std::string begin_reply(int status, wall_time now);

/// The line "Connection: keep-alive" or "Connection: close".
std::string_view connection_field(bool keep_alive) noexcept;

/// Makes `reply` the last one on its connection, and its head say so.
void close_after(http_reply& reply);

/// Answers `asked` with one line of text (no body if it asked with HEAD).
http_reply text_reply(const request& asked, int status, std::string_view line, wall_time now);

/// Answers `asked`, a HEAD, with `status` and nothing else.
http_reply head_reply(const request& asked, int status, wall_time now);

/// An answer whose body is not one line of text.
struct reply_content {
  int status = 200;
  std::string_view content_type;
  std::string_view fields; ///< further ones, complete lines
  std::string_view body;
};

/// Answers `asked` with `content` (no body if it asked with HEAD, or by 204).
http_reply content_reply(const request& asked, const reply_content& content, wall_time now);

/// Refuses with `content`; the connection closes, and 405 and 426 say the same as by
/// `refusal_reply`.
http_reply refusal_page(const reply_content& content, wall_time now);

/// Answers a request that is refused; the connection closes. 405 says which methods are allowed,
/// 426 which protocol and version to upgrade to.
http_reply refusal_reply(const refusal& why, wall_time now);

} // namespace troupe::net

#include "net/http_head.hpp"

#include "net/ascii.hpp"
#include "net/authority.hpp"
#include "net/url_text.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace troupe::net {

namespace {

namespace http = boost::beast::http;

constexpr char tls_handshake_record = 0x16; // the first byte of a TLS hello
constexpr std::size_t longest_method = 32;
constexpr std::string_view line_end = "\r\n";
constexpr std::array<std::string_view, 5> methods{"GET", "HEAD", "POST", "DELETE", "OPTIONS"};
constexpr std::size_t longest_length = 15; // digits: petabytes

/// Whether Beast's parser takes `head` as one complete request head.
bool beast_accepts(std::string_view head) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(head.size()) + 1);
  parser.body_limit(boost::none);
  boost::system::error_code error;
  const auto used = parser.put(boost::asio::buffer(head.data(), head.size()), error);
  return !error && used == head.size() && parser.is_header_done();
}

bool is_http_version(std::string_view text) noexcept {
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.'
         && is_digit(text[7]);
}

std::optional<refusal> check_request_line(std::string_view line) {
  const auto parts = split_request_line(line);
  if (!parts || !is_http_version(parts->version))
    return refusal{400, "The request line is malformed."};
  if (parts->version != "HTTP/1.1" && parts->version != "HTTP/1.0")
    return refusal{505, "Only HTTP/1.1 is spoken here."};
  if (std::ranges::find(methods, parts->method) == methods.end())
    return refusal{405, "Only GET, HEAD, POST, DELETE and OPTIONS are answered here."};
  if (!parts->target.starts_with('/'))
    return refusal{400, "The request target must begin with a slash."};
  return std::nullopt;
}

std::size_t count(const request& asked, std::string_view name) noexcept {
  std::size_t result = 0;
  for (const auto field : asked.headers())
    result += iequals(field.name, name) ? 1U : 0U;
  return result;
}

std::optional<refusal> check_host(const request& asked) {
  const auto hosts = count(asked, "Host");
  if (hosts > 1)
    return refusal{400, "The Host field came more than once."};
  if (hosts == 0 && asked.version() == "HTTP/1.1")
    return refusal{400, "The Host field is missing."};
  if (hosts == 1 && !parse_authority(*asked.header("Host")))
    return refusal{400, "The Host field is malformed."};
  return std::nullopt;
}

std::optional<refusal> check_length(std::string_view length) {
  if (length.empty() || !std::all_of(length.begin(), length.end(), is_digit))
    return refusal{400, "The Content-Length field must be a number."};
  if (length.size() > longest_length)
    return refusal{413, "The body is too large."};
  return std::nullopt;
}

/// What would let two readers disagree about where the next request begins is refused.
std::optional<refusal> check_body(const request& asked) {
  const auto lengths = count(asked, "Content-Length");
  const auto codings = count(asked, "Transfer-Encoding");
  const bool may_have_body = asked.method() != "GET" && asked.method() != "HEAD";
  if (lengths > 1)
    return refusal{400, "The Content-Length field came more than once."};
  if (lengths == 1)
    if (auto refused = check_length(*asked.header("Content-Length")))
      return refused;
  if (codings > 0 && (lengths > 0 || !may_have_body))
    return refusal{400, "Transfer-Encoding is refused here: there must be no body, or one "
                        "Content-Length."};
  if (codings > 0)
    return refusal{411, "Bodies in chunks are not read here: send a Content-Length."};
  if (!may_have_body && body_size(asked) != 0)
    return refusal{400, "A request with this method must not have a body here."};
  return std::nullopt;
}

std::optional<refusal> check_fields(const request& asked) {
  if (auto refused = check_host(asked))
    return refused;
  if (auto refused = check_body(asked))
    return refused;
  if (asked.header("Expect") && !expects_continue(asked))
    return refusal{417, "Only 100-continue may be expected here."};
  return std::nullopt;
}

} // namespace

std::size_t body_size(const request& asked) noexcept {
  const auto digits = asked.header("Content-Length").value_or("");
  std::size_t size = 0;
  for (const char c : digits)
    size = size * 10 + static_cast<std::size_t>(c - '0');
  return size;
}

bool expects_continue(const request& asked) noexcept {
  return iequals(asked.header("Expect").value_or(""), "100-continue");
}

http_head_reader::http_head_reader(peer from, http_limits limits)
    : from_{std::move(from)}, limits_{limits} {}

http_head_reader::progress http_head_reader::feed(byte_view bytes) {
  const auto before = head_.size();
  const auto room = limits_.head_bytes + 1 - before;
  const auto input = as_text(bytes.first(std::min(bytes.size(), room)));
  head_.append(input);
  auto state = head_state::need_more;
  for (std::size_t i = 0; i < input.size() && state == head_state::need_more; ++i)
    state = scan(input[i]);
  head_.resize(bytes_);
  if (position_ == position::done)
    state = finish();
  return {bytes_ - before, state};
}

head_state http_head_reader::scan(char c) {
  if (++bytes_ > limits_.head_bytes)
    return refuse(431, "The request head is longer than " + std::to_string(limits_.head_bytes)
                           + " bytes.");
  switch (position_) {
  case position::line_start:
    return scan_line_start(c);
  case position::in_line:
    return scan_content(c);
  case position::after_cr:
  case position::last_cr:
    return scan_line_feed(c);
  case position::done:
    break;
  }
  return head_state::complete;
}

head_state http_head_reader::scan_line_start(char c) {
  const bool is_field_line = lines_ > 0;
  if (is_field_line && c == '\r') {
    position_ = position::last_cr;
    return head_state::need_more;
  }
  if (is_field_line && (c == ' ' || c == '\t'))
    return refuse(400, "A header field is folded over two lines.");
  if (lines_ > limits_.fields)
    return refuse(431, "The request has more than " + std::to_string(limits_.fields)
                           + " header fields.");
  position_ = position::in_line;
  return scan_content(c);
}

head_state http_head_reader::scan_content(char c) {
  if (lines_ == 0 && !method_done_)
    return scan_method(c);
  if (c == '\r')
    position_ = position::after_cr;
  else if (is_control(c) && c != '\t')
    return refuse(400, "The request head holds a control character or a bare line feed.");
  return head_state::need_more;
}

head_state http_head_reader::scan_method(char c) {
  method_done_ = c == ' ' && bytes_ > 1;
  if (bytes_ == 1 && c == tls_handshake_record)
    return refuse(400, "This port speaks plain HTTP, not TLS.");
  if (!method_done_ && (!is_token_char(c) || bytes_ > longest_method))
    return refuse(400, "This is not an HTTP request.");
  return head_state::need_more;
}

head_state http_head_reader::scan_line_feed(char c) {
  if (c != '\n')
    return refuse(400, "The request head holds a bare carriage return.");
  if (position_ == position::last_cr) {
    position_ = position::done;
    return head_state::complete;
  }
  position_ = position::line_start;
  if (lines_++ > 0)
    return head_state::need_more;
  const std::string_view line{head_.data(), bytes_ - line_end.size()};
  if (const auto refused = check_request_line(line))
    return refuse(refused->status, refused->reason);
  return head_state::need_more;
}

head_state http_head_reader::refuse(int status, std::string reason) {
  why_ = {status, std::move(reason)};
  return head_state::refused;
}

head_state http_head_reader::finish() {
  if (!beast_accepts(head_))
    return refuse(400, "The request head is malformed.");
  request_ = request::from_head(head_, from_);
  if (!request_)
    return refuse(400, "The request target is malformed.");
  if (const auto refused = check_fields(*request_))
    return refuse(refused->status, refused->reason);
  return head_state::complete;
}

request http_head_reader::take() {
  auto result = *std::move(request_);
  request_.reset();
  head_.clear();
  position_ = position::line_start;
  bytes_ = 0;
  lines_ = 0;
  method_done_ = false;
  return result;
}

} // namespace troupe::net

#include "net/http_answer.hpp"

#include "net/ascii.hpp"

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>

namespace troupe {

std::optional<std::string_view> handshake_response::field(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields)
    if (net::iequals(key, name))
      return value;
  return std::nullopt;
}

namespace net {
namespace {

namespace http = boost::beast::http;
constexpr std::uint32_t max_head_bytes = 64 * 1024;

std::string text(boost::beast::string_view from) {
  return {from.data(), from.size()};
}

} // namespace

struct http_answer_reader::parser {
  http::response_parser<http::buffer_body> http;
  std::array<char, max_body_bytes> body{};

  std::size_t body_bytes() const { return body.size() - http.get().body().size; }
};

http_answer_reader::http_answer_reader(method asked)
    : asked_{asked}, parser_{std::make_unique<parser>()} {
  parser_->http.header_limit(max_head_bytes);
  parser_->http.body_limit(boost::none);
  parser_->http.get().body().data = parser_->body.data();
  parser_->http.get().body().size = parser_->body.size();
}

http_answer_reader::~http_answer_reader() = default;

http_answer_reader::progress http_answer_reader::feed(byte_view bytes) {
  progress done;
  boost::system::error_code error;
  while (done.state == answer_state::need_more && done.consumed != bytes.size()) {
    const auto rest = bytes.subspan(done.consumed);
    const auto used = parser_->http.put(boost::asio::buffer(rest.data(), rest.size()), error);
    done.consumed += used;
    if (error == http::error::need_more)
      return done;
    if (error && error != http::error::need_buffer)
      return {done.consumed, answer_state::invalid};
    done.state = error ? answer_state::complete : judge();
    if (used == 0 && done.state == answer_state::need_more)
      return done;
  }
  if (done.state == answer_state::complete)
    end();
  return done;
}

/// Looks at what has come since the last piece.
answer_state http_answer_reader::judge() {
  auto& http = parser_->http;
  if (!http.is_header_done())
    return answer_state::need_more;
  const auto status = http.get().result_int();
  const bool is_tunnel = asked_ == method::connect && status / 100 == 2;
  if (status == 101 || is_tunnel || http.is_done() || parser_->body_bytes() == max_body_bytes)
    return answer_state::complete;
  return answer_state::need_more;
}

answer_state http_answer_reader::end() {
  const auto& from = parser_->http.get();
  if (!parser_->http.is_header_done())
    return answer_state::invalid;
  answer_ = {static_cast<int>(from.result_int()), text(from.reason()), {}, {}};
  for (const auto& field : from)
    answer_.fields.emplace_back(text(field.name_string()), text(field.value()));
  answer_.body.assign(parser_->body.data(), parser_->body_bytes());
  return answer_state::complete;
}

} // namespace net
} // namespace troupe

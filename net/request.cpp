#include "troupe/request.hpp"

#include "net/ascii.hpp"
#include "net/url_text.hpp"

#include <algorithm>
#include <charconv>

namespace troupe {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

std::string_view path_part(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

std::string_view query_part(std::string_view target) noexcept {
  const auto mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

std::string_view before(std::string_view text, char separator) noexcept {
  return text.substr(0, text.find(separator));
}

std::string_view after(std::string_view text, char separator) noexcept {
  const auto at = text.find(separator);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
}

std::string_view unquoted(std::string_view text) noexcept {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The decoded path of a target; nothing if the target is not fit to be served.
std::optional<std::string> decoded_path(std::string_view target) {
  const bool visible = std::all_of(target.begin(), target.end(), net::is_visible);
  if (!visible || target.find('#') != std::string_view::npos
      || !net::percent_decode(query_part(target), net::plus_sign::blank))
    return std::nullopt;
  auto path = net::percent_decode(path_part(target), net::plus_sign::literal);
  return path && net::is_plain_path(*path) ? path : std::nullopt;
}

bool is_one_head(std::string_view head) noexcept {
  return head.size() > head_end.size() && head.find(head_end) == head.size() - head_end.size();
}

} // namespace

header_field header_range::iterator::operator*() const noexcept {
  const auto line = lines_.substr(0, lines_.find(line_end));
  return {before(line, ':'), net::trim(after(line, ':'))};
}

header_range::iterator& header_range::iterator::operator++() noexcept {
  const auto end = lines_.find(line_end);
  lines_.remove_prefix(end == std::string_view::npos ? lines_.size() : end + line_end.size());
  return *this;
}

std::optional<request> request::from_head(std::string_view head, const peer& from) {
  if (!is_one_head(head))
    return std::nullopt;
  const auto line = net::split_request_line(head.substr(0, head.find(line_end)));
  const auto path = line ? decoded_path(line->target) : std::nullopt;
  if (!path)
    return std::nullopt;
  const bool path_as_sent = *path == path_part(line->target);
  request result;
  result.head_size_ = static_cast<std::uint32_t>(head.size());
  result.method_size_ = static_cast<std::uint32_t>(line->method.size());
  result.target_size_ = static_cast<std::uint32_t>(line->target.size());
  result.path_begin_ = path_as_sent ? result.method_size_ + 1 : result.head_size_;
  result.path_size_ = static_cast<std::uint32_t>(path->size());
  result.remote_port_ = from.port;
  result.secure_ = from.secure;
  result.text_.reserve(head.size() + (path_as_sent ? 0 : path->size()) + from.address.size());
  result.text_.append(head).append(path_as_sent ? "" : *path).append(from.address);
  return result;
}

std::string_view request::method() const noexcept {
  return std::string_view{text_}.substr(0, method_size_);
}

std::string_view request::target() const noexcept {
  return std::string_view{text_}.substr(method_size_ + 1, target_size_);
}

std::string_view request::version() const noexcept {
  const auto rest = std::string_view{text_}.substr(method_size_ + target_size_ + 2);
  return rest.substr(0, rest.find(line_end));
}

std::string_view request::path() const noexcept {
  return std::string_view{text_}.substr(path_begin_, path_size_);
}

std::string_view request::host() const noexcept {
  return header("Host").value_or(std::string_view{});
}

std::string_view request::field_lines() const noexcept {
  auto lines = std::string_view{text_}.substr(0, head_size_ - line_end.size());
  lines.remove_prefix(lines.find(line_end) + line_end.size());
  return lines;
}

std::string_view request::remote_address() const noexcept {
  const bool path_as_sent = path_begin_ < head_size_;
  return std::string_view{text_}.substr(head_size_ + (path_as_sent ? 0 : path_size_));
}

std::optional<std::string> request::query(std::string_view name) const {
  auto rest = query_part(target());
  while (!rest.empty()) {
    const auto parameter = before(rest, '&');
    if (net::percent_decode(before(parameter, '='), net::plus_sign::blank) == name)
      return net::percent_decode(after(parameter, '='), net::plus_sign::blank);
    rest = after(rest, '&');
  }
  return std::nullopt;
}

std::optional<std::string_view> request::header(std::string_view name) const noexcept {
  for (const auto field : headers())
    if (net::iequals(field.name, name))
      return field.value;
  return std::nullopt;
}

std::optional<std::string_view> request::cookie(std::string_view name) const noexcept {
  std::optional<std::string_view> found;
  for (const auto field : headers()) {
    if (!net::iequals(field.name, "Cookie"))
      continue;
    net::for_each_element(field.value, ';', [&](std::string_view pair) {
      if (!found && net::trim(before(pair, '=')) == name)
        found = unquoted(net::trim(after(pair, '=')));
    });
  }
  return found;
}

std::string_view request::subprotocol() const noexcept {
  return std::string_view{text_}.substr(subprotocol_begin_, subprotocol_size_);
}

void request::choose_subprotocol(std::string_view offer) noexcept {
  for (const auto field : headers())
    if (net::iequals(field.name, "Sec-WebSocket-Protocol"))
      net::for_each_element(field.value, ',', [&](std::string_view each) {
        if (each != offer)
          return;
        subprotocol_begin_ = static_cast<std::uint32_t>(each.data() - text_.data());
        subprotocol_size_ = static_cast<std::uint32_t>(each.size());
      });
}

std::uint32_t request::reconnect_tries() const noexcept {
  const auto text = header("X-Websocket-Reconnect").value_or(std::string_view{});
  std::uint32_t tries = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), tries);
  return error == std::errc{} && end == text.data() + text.size() ? tries : 0;
}

std::optional<request> request::with_fields(std::span<const header_field> fields) const {
  auto head = text_.substr(0, head_size_ - line_end.size());
  for (const auto& [name, value] : fields) {
    if (!net::is_token(name) || std::any_of(value.begin(), value.end(), net::is_control))
      return std::nullopt;
    head.append(name).append(": ").append(value).append(line_end);
  }
  const peer from{std::string{remote_address()}, remote_port_, secure_};
  return from_head(head.append(line_end), from);
}

std::vector<std::string_view> request::subprotocols() const {
  std::vector<std::string_view> offers;
  for (const auto field : headers())
    if (net::iequals(field.name, "Sec-WebSocket-Protocol"))
      net::for_each_element(field.value, ',',
                            [&](std::string_view offer) { offers.push_back(offer); });
  return offers;
}

} // namespace troupe

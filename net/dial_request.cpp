#include "net/dial_request.hpp"

#include "net/ascii.hpp"
#include "net/digest.hpp"
#include "net/upgrade.hpp"
#include "protocol/deflate.hpp"

#include <algorithm>
#include <array>
#include <openssl/rand.h>
#include <stdexcept>

namespace troupe::net {
namespace {

constexpr std::string_view offer =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// What the dialler writes itself; the subprotocols only if there are some.
bool is_own_field(std::string_view name, const dial_options& options) noexcept {
  constexpr std::array names{"Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
                             "Sec-WebSocket-Extensions"};
  const auto is_name = [name](std::string_view other) { return iequals(name, other); };
  return std::any_of(names.begin(), names.end(), is_name)
         || (!options.subprotocols.empty() && is_name("Sec-WebSocket-Protocol"));
}

bool is_field_value(std::string_view value) noexcept {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return is_control(c) && c != '\t'; });
}

const std::string* find_field(const dial_options& options, std::string_view name) noexcept {
  for (const auto& [key, value] : options.fields)
    if (iequals(key, name))
      return &value;
  return nullptr;
}

/// All values of one field as one list.
std::string combine(const handshake_response& answer, std::string_view name) {
  std::string list;
  for (const auto& [key, value] : answer.fields)
    if (iequals(key, name))
      list.append(list.empty() ? "" : ", ").append(value);
  return list;
}

bool has_element(const handshake_response& answer, std::string_view name, std::string_view wanted) {
  bool found = false;
  for_each_element(combine(answer, name), ',',
                   [&](std::string_view element) { found |= iequals(element, wanted); });
  return found;
}

bool is_offered(std::string_view subprotocol, const dial_options& options) {
  auto offers = options.subprotocols;
  if (const auto* own = find_field(options, "Sec-WebSocket-Protocol"))
    for_each_element(*own, ',', [&](std::string_view each) { offers.emplace_back(each); });
  return std::find(offers.begin(), offers.end(), subprotocol) != offers.end();
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

std::string join_cookies(std::string cookies, const dial_options& options) {
  for (const auto& [name, value] : options.fields)
    if (iequals(name, "Cookie"))
      cookies.append(cookies.empty() ? "" : "; ").append(value);
  return cookies;
}

std::string join(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names)
    list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

} // namespace

std::optional<url> parse_dial_url(std::string_view text) {
  std::string spelled{text};
  const auto scheme_end = spelled.find("://");
  if (scheme_end == std::string::npos)
    return std::nullopt;
  std::transform(spelled.begin(), spelled.begin() + static_cast<std::ptrdiff_t>(scheme_end),
                 spelled.begin(), to_lower);
  return spelled.starts_with("ws") ? parse_url(spelled) : std::nullopt;
}

std::string check_dial_options(const dial_options& options) {
  for (const auto& [name, value] : options.fields) {
    if (is_own_field(name, options))
      return "The field " + name + " is written by the handshake itself.";
    if (!is_token(name) || !is_field_value(value))
      return "The request field \"" + name + "\" cannot be sent.";
  }
  for (const auto& name : options.subprotocols)
    if (!is_token(name))
      return "\"" + name + "\" cannot be the name of a subprotocol.";
  return {};
}

std::string make_handshake_key() {
  std::array<std::byte, 16> random{};
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(random.size()))
      != 1)
    throw std::runtime_error{"OpenSSL has no random numbers."};
  return to_base64(random);
}

std::string make_dial_request(const url& to, const std::string& key, const dial_options& options,
                              const std::string& cookies) {
  const auto* host = find_field(options, "Host");
  auto head = "GET " + to.target + " HTTP/1.1\r\n";
  append_field(head, "Host", host != nullptr ? *host : to.authority());
  append_field(head, "Upgrade", "websocket");
  append_field(head, "Connection", "Upgrade");
  append_field(head, "Sec-WebSocket-Key", key);
  append_field(head, "Sec-WebSocket-Version", "13");
  if (!options.subprotocols.empty())
    append_field(head, "Sec-WebSocket-Protocol", join(options.subprotocols));
  if (options.compression)
    append_field(head, "Sec-WebSocket-Extensions", offer);
  if (const auto all = join_cookies(cookies, options); !all.empty() && is_field_value(all))
    append_field(head, "Cookie", all);
  for (const auto& [name, value] : options.fields)
    if (!iequals(name, "Host") && !iequals(name, "Cookie"))
      append_field(head, name, value);
  return head.append("\r\n");
}

result<agreement, std::string> check_dial_answer(const handshake_response& answer,
                                                 const std::string& key,
                                                 const dial_options& options) {
  const auto fail = [](std::string why) { return result<agreement, std::string>{std::move(why)}; };
  if (answer.status != 101)
    return fail("The server refused the upgrade: " + std::to_string(answer.status) + " "
                + answer.reason + ".");
  if (!has_element(answer, "Upgrade", "websocket") || !has_element(answer, "Connection", "upgrade"))
    return fail("The server switched to another protocol.");
  if (combine(answer, "Sec-WebSocket-Accept") != accept_key(key))
    return fail("The server's Sec-WebSocket-Accept is not the answer to this request.");
  agreement agreed{combine(answer, "Sec-WebSocket-Protocol"), false};
  if (!agreed.subprotocol.empty() && !is_offered(agreed.subprotocol, options))
    return fail("The server chose the subprotocol \"" + agreed.subprotocol
                + "\", which was not offered.");
  const auto extensions = combine(answer, "Sec-WebSocket-Extensions");
  agreed.is_compressed = !extensions.empty();
  if (agreed.is_compressed && (!options.compression || !protocol::fits_deflate_offer(extensions)))
    return fail("The server chose the extension \"" + extensions + "\", which was not offered.");
  return agreed;
}

} // namespace troupe::net

// What it reaches: http_head_reader, request, check_upgrade, the origin rules and the deflate
// negotiation. The first byte says where the rest is cut in two.
// What it proves: nothing crashes, the cut changes nothing, no more than the limit is consumed, and
// a request that is accepted reads back in agreement with Beast's parser.
#include "troupe/origin.hpp"

#include "net/ascii.hpp"
#include "net/http_head.hpp"
#include "net/upgrade.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace troupe;
using namespace troupe::net;

struct outcome {
  head_state state = head_state::need_more;
  std::size_t consumed = 0;
  refusal why{.status = 0, .reason = {}};
  std::optional<request> asked;
};

void expect(bool condition) {
  if (!condition)
    std::abort();
}

outcome read(byte_view first, byte_view second) {
  http_head_reader reader{peer{.address = "127.0.0.1"}};
  outcome result;
  for (const auto input : {first, second}) {
    if (result.state != head_state::need_more)
      break;
    const auto [consumed, state] = reader.feed(input);
    expect(consumed <= input.size());
    result.consumed += consumed;
    result.state = state;
  }
  if (result.state == head_state::refused)
    result.why = reader.why();
  if (result.state == head_state::complete)
    result.asked = reader.take();
  return result;
}

using named_value = std::pair<std::string, std::string>;

named_value comparable(std::string_view name, std::string_view value) {
  named_value result{name, value};
  std::transform(name.begin(), name.end(), result.first.begin(), to_lower);
  return result;
}

/// By name alone: Beast keeps fields of one name together, in their order.
std::vector<named_value> sorted(std::vector<named_value> fields) {
  std::stable_sort(fields.begin(), fields.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return fields;
}

void compare_with_beast(const request& asked, std::string_view head) {
  namespace http = boost::beast::http;
  http::request_parser<http::empty_body> parser;
  parser.header_limit(64 * 1024);
  parser.body_limit(boost::none);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  expect(!error && parser.is_header_done());
  const auto& message = parser.get();
  expect(asked.method() == std::string_view{message.method_string()});
  expect(asked.target() == std::string_view{message.target()});
  std::vector<named_value> ours;
  for (const auto field : asked.headers())
    ours.push_back(comparable(field.name, field.value));
  std::vector<named_value> theirs;
  for (const auto& field : message)
    theirs.push_back(comparable(field.name_string(), field.value()));
  expect(sorted(std::move(ours)) == sorted(std::move(theirs)));
}

void use(const request& asked) {
  expect(asked.path().starts_with('/'));
  expect(asked.path().find('\0') == std::string_view::npos);
  expect((std::string{asked.path()} + '/').find("/../") == std::string::npos);
  expect(asked.remote_address() == "127.0.0.1");
  asked.query("a");
  asked.cookie("a");
  const auto loose = origin_policy::list({"https://a.example"});
  const auto result =
      check_upgrade(asked, {.subprotocols = {"a"}, .origins = loose, .deflate = true});
  expect(result.refused || result.accept_key.size() == 28);
  if (!result.refused)
    expect(switching_protocols(result, {}, wall_time{}).has_value());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const byte_view bytes{reinterpret_cast<const std::byte*>(data + 1), size - 1};
  const auto cut = std::min<std::size_t>(data[0], bytes.size());
  const auto whole = read(bytes, {});
  const auto halves = read(bytes.first(cut), bytes.subspan(cut));
  expect(whole.state == halves.state && whole.consumed == halves.consumed);
  expect(whole.why == halves.why);
  expect(whole.consumed <= http_limits{}.head_bytes + 1);
  if (whole.asked) {
    compare_with_beast(*whole.asked, as_text(bytes.first(whole.consumed)));
    use(*whole.asked);
  }
  return 0;
}

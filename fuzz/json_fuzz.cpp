// What it reaches: JSON to msgpack, msgpack to JSON, typed arguments from texts. What it proves:
// the same texts are JSON as for Boost.JSON's own parser; what is read is msgpack within the
// limits; what is written can be read, and is written the same again.
#include "troupe/arguments.hpp"
#include "troupe/json.hpp"

#include <boost/json/parse.hpp>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace {

using namespace troupe;

void require(bool condition) {
  if (!condition)
    std::abort();
}

/// Numbers beyond doubles are ours alone to refuse: Boost.JSON makes them infinite.
bool may_differ(const refusal& why) {
  return why.code != errc::malformed_message
         || why.reason == "the number is too large for a double";
}

void check_reading(std::string_view text) {
  const auto value = json_to_msgpack(text);
  boost::json::error_code ec;
  boost::json::parse({text.data(), text.size()}, ec);
  if (!value) {
    require(may_differ(value.error()) || ec);
    require(value.error().offset <= text.size());
    return;
  }
  require(!ec && !check_msgpack(*value));
  const auto first = msgpack_to_json(*value);
  require(first.has_value());
  const auto again = json_to_msgpack(*first);
  require(again.has_value());
  require(*msgpack_to_json(*again) == *first);
}

void check_writing(byte_view bytes) {
  const auto text = msgpack_to_json(bytes);
  if (text)
    require(json_to_msgpack(*text).has_value());
  else
    require(text.error().offset <= bytes.size());
}

template <class Tuple>
void check_arguments(byte_view text) {
  std::vector<std::byte> converted;
  const auto values = unpack_args<Tuple>({text, content_kind::text}, converted);
  require(values || !values.error().text.empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  check_reading(as_text(bytes));
  check_writing(bytes);
  check_arguments<std::tuple<int>>(bytes);
  check_arguments<std::tuple<std::optional<std::vector<float>>>>(bytes);
  check_arguments<std::tuple<std::string_view, std::map<std::string, double>>>(bytes);
  return 0;
}

// What it reaches: decode_client and decode_server with the msgpack checker, the encoders, and
// typed arguments. What it proves: decode -> encode gives the bytes that were decoded (every value
// has one encoding); whatever is accepted as a payload can be read as arguments, and msgpack-cxx
// agrees that it is msgpack.
#include "troupe/arguments.hpp"

#include "protocol/native_encode.hpp"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace {

using namespace troupe;
using namespace troupe::protocol;

void require(bool condition) {
  if (!condition)
    std::abort();
}

void check_arguments(const message& value) {
  using some = std::tuple<std::string, std::vector<std::int8_t>, std::optional<float>>;
  using others = std::tuple<std::map<std::string, std::vector<double>>, byte_view>;
  const payload_view from{value.payload, value.content};
  const auto first = unpack_args<some>(from);
  require(first || !first.error().text.empty());
  const auto second = unpack_args<others>(from);
  require(second || !second.error().text.empty());
  if (value.content == content_kind::arguments && !value.payload.empty())
    require(unpack_args<std::tuple<msgpack::object_handle>>(from).has_value()
            == (value_reader{value.payload}.next().count == 1));
}

template <class Encode>
void check(byte_view bytes, const result<message, refusal>& decoded, Encode encode) {
  if (!decoded) {
    require(decoded.error().code != errc::ok && decoded.error().offset <= bytes.size());
    require(!decoded.error().text().empty());
    return;
  }
  const auto again = encode(*decoded);
  require(as_text(again) == as_text(bytes));
  check_arguments(*decoded);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  check(bytes, decode_client(bytes), encode_client);
  check(bytes, decode_server(bytes), encode_server);
  return 0;
}

// What it reaches: inflater, deflater and the negotiation of permessage-deflate.
// What it proves: nothing crashes, the limit holds, what was deflated inflates to the same, and a
// message that failed leaves no trace in the next.
#include "protocol/deflate.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace troupe;
using namespace troupe::protocol;

constexpr std::size_t limit = 10000;

void require(bool condition) {
  if (!condition)
    std::abort();
}

void check_round_trip(inflater& inflate, byte_view message) {
  static deflater deflate;
  const auto frame = deflate.make_frame(opcode::binary, message);
  const auto bytes = frame->bytes();
  const auto length = std::to_integer<unsigned>(bytes[1]);
  const auto payload = bytes.subspan(length < 126 ? 2 : length == 126 ? 4 : 10);
  std::vector<std::byte> out(payload.begin(), payload.end());
  if ((bytes[0] & std::byte{0x40}) != std::byte{0})
    require(inflate.inflate(payload, message.size(), out) == errc::ok);
  require(std::equal(out.begin(), out.end(), message.begin(), message.end()));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static inflater inflate;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  std::vector<std::byte> out;
  const errc error = inflate.inflate(as_bytes(text), limit, out);
  require(error == errc::ok || error == errc::message_too_big || error == errc::protocol_error);
  require(out.size() <= limit);
  check_round_trip(inflate, as_bytes(text));
  const auto answer = negotiate_deflate(text);
  require(!answer || answer->starts_with("permessage-deflate; server_no_context_takeover"));
  return 0;
}

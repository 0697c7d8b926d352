// What it reaches: ws_reader with all below it (header, partial, UTF-8, inflater), in both roles.
// The first byte chooses role, limits, compression and pauses; the second says how the rest, the
// stream, is cut.
// What it proves: nothing crashes, limits hold, text is UTF-8, every byte is accounted for, and
// neither cuts nor pauses change what is reported.
#include "protocol/deflate.hpp"
#include "protocol/utf8.hpp"
#include "protocol/ws_reader.hpp"
#include "tests/support/ws_recorder.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::test;

void require(bool condition) {
  if (!condition)
    std::abort();
}

ws_setup choose_setup(std::uint8_t bits) {
  static inflater inflate;
  ws_setup setup;
  setup.role = (bits & 0x01) != 0 ? ws_role::client : ws_role::server;
  setup.inflate = (bits & 0x02) != 0 ? &inflate : nullptr;
  setup.limits.max_message_bytes = (bits & 0x04) != 0 ? 100 : 5000;
  setup.limits.max_fragments = (bits & 0x08) != 0 ? 3 : 64;
  return setup;
}

/// Pieces of `seed` % 16 + 1 bytes, or two pieces.
std::vector<std::size_t> choose_cuts(std::uint8_t seed, std::size_t size) {
  if (seed >= 128)
    return {std::min<std::size_t>(seed - 128U, size)};
  std::vector<std::size_t> cuts;
  const std::size_t step = seed % 16U + 1;
  for (std::size_t at = step; at < size; at += step)
    cuts.push_back(at);
  return cuts;
}

void check_outcome(const ws_outcome& outcome, const ws_setup& setup) {
  const bool is_closed = !outcome.events.empty() && outcome.events.back().starts_with("close ");
  require(outcome.is_finished == (outcome.error != errc::ok || is_closed));
  require(!outcome.is_finished || outcome.is_idle);
  for (const std::string_view event : outcome.events) {
    if (event.starts_with("text "))
      require(is_valid_utf8(as_bytes(event.substr(5))));
    const auto space = event.find(' ');
    require(event.size() - space - 1 <= std::max<std::size_t>(setup.limits.max_message_bytes, 128));
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2)
    return 0;
  auto setup = choose_setup(data[0]);
  const std::string_view stream{reinterpret_cast<const char*>(data) + 2, size - 2};
  const auto expected = read_stream(stream, {}, setup);
  check_outcome(expected, setup);
  setup.pause_every = data[0] >> 6;
  require(read_stream(stream, choose_cuts(data[1], stream.size()), setup) == expected);
  return 0;
}

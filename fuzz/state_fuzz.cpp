// What it reaches: decode_schema, and a mirror of a state with every kind of field. What it proves:
// a schema that is accepted has one encoding and can be compared and shown; a patch that is refused
// changes nothing, and one that is applied leaves a state that can be published again.
#include "troupe/game/state_mirror.hpp"

#include "tests/support/arena_state.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe;
using namespace troupe::game;
using troupe::test::battle;

void require(bool condition) {
  if (!condition)
    std::abort();
}

void check_schema(byte_view bytes) {
  const auto schema = decode_schema(bytes);
  if (!schema) {
    require(schema.error().offset <= bytes.size() && !schema.error().reason.empty());
    return;
  }
  require(*decode_schema(encode_schema(*schema)) == *schema);
  require(schema_difference(*schema, *schema).empty());
  require(!to_typescript(*schema).empty());
}

/// A state in the middle of its life, and the snapshot that leads to it.
const state_patch& beginning() {
  static const auto made = [] {
    test::dice random{1};
    battle state;
    for (int i = 0; i < 30; ++i)
      test::play(state, random);
    state_publisher<battle> publisher;
    publisher.publish(state, 1);
    return publisher.snapshot();
  }();
  return made;
}

void check_patch(byte_view bytes) {
  state_mirror<battle> mirror;
  require(mirror.apply(beginning().view()).has_value());
  const auto outcome = mirror.apply(bytes);
  const auto codes = test::codes_of(mirror.state());
  if (!outcome || *outcome != mirror_outcome::applied) {
    static const auto untouched = [] {
      state_mirror<battle> other;
      (void)other.apply(beginning().view());
      return test::codes_of(other.state());
    }();
    require(codes == untouched);
    return;
  }
  state_mirror<battle> again;
  require(again.apply(codes).has_value());
  require(test::codes_of(again.state()) == codes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  if (size > 0 && data[0] == 0)
    check_schema(bytes.subspan(1));
  else
    check_patch(bytes);
  return 0;
}

#include "troupe/payload.hpp"

#include "protocol/encoding.hpp"
#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

using namespace troupe;
using namespace troupe::protocol;
using troupe::test::to_hex;

namespace {

message make_event(const payload& content) {
  return {.op = operation::room_event,
          .content = content.kind,
          .room = 1,
          .sender = 2,
          .name = {.number = 0, .text = "say"},
          .payload = content.bytes};
}

std::string frame_of(const encoding& how, const payload& content) {
  const auto frame = encode(how, make_event(content));
  return frame ? to_hex(frame->bytes()) : "none";
}

} // namespace

TEST_CASE("native: a text travels as the only argument", "[protocol][native]") {
  const auto size = GENERATE(0, 1, 31, 32, 255, 256, 65'535, 65'536);
  const std::string text(static_cast<std::size_t>(size), 'x');
  const auto expected = make_payload(text);
  CHECK(to_hex(encode_server(make_event(make_text(text))))
        == to_hex(encode_server(make_event(expected))));
  CHECK(frame_of({wire::native, false}, make_text(text))
        == frame_of({wire::native, false}, expected));
  CHECK(frame_of({wire::native, true}, make_text(text))
        == frame_of({wire::native, true}, expected));
}

TEST_CASE("native: a client's text travels as the only argument", "[protocol][native]") {
  const auto text = make_text("hello");
  auto event = make_event(text);
  event.op = operation::publish;
  const auto expected = make_payload("hello");
  CHECK(to_hex(encode_client(event)).ends_with(to_hex(expected.bytes)));
  event.op = operation::ask;
  event.ask_id = 1;
  CHECK(to_hex(encode_client(event)).ends_with(to_hex(expected.bytes)));
}

TEST_CASE("encoding: raw clients get texts as text, bytes as binary", "[protocol][encoding]") {
  CHECK(frame_of({wire::raw, false}, make_text("ab")) == "81026162");
  CHECK(frame_of({wire::raw, false}, make_payload(raw_bytes{as_bytes("ab")})) == "82026162");
  CHECK(frame_of({wire::raw, false}, make_payload("ab")) == "none");
}

#include "troupe/msgpack_check.hpp"

#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/hex.hpp"

#include <algorithm>
#include <set>

using namespace troupe;
using namespace troupe::protocol;
using troupe::test::golden_file;
using troupe::test::golden_message;
using troupe::test::to_hex;

namespace {

template <class Check>
void for_each_message(Check check) {
  for (const auto& row : golden_file().at("messages").as_array()) {
    golden_message golden;
    read_golden(row.as_object(), golden);
    CAPTURE(golden.name);
    check(golden);
  }
}

result<message, refusal> decode(const golden_message& golden, byte_view bytes) {
  return golden.from_client ? decode_client(bytes) : decode_server(bytes);
}

std::vector<std::byte> encode(bool from_client, const message& value) {
  return from_client ? encode_client(value) : encode_server(value);
}

/// Whether the fields in front of payload or text are complete in the first `size` bytes.
bool has_whole_envelope(const golden_message& golden, std::size_t size) {
  const auto tail = std::max(golden.payload.size(),
                             golden.fields.op == operation::error ? golden.text.size() : 0);
  return size >= golden.bytes.size() - tail;
}

} // namespace

TEST_CASE("native: golden bytes decode to their fields", "[protocol][native]") {
  for_each_message([](const golden_message& golden) {
    const auto decoded = decode(golden, golden.bytes);
    REQUIRE(decoded);
    CHECK(*decoded == golden.fields);
  });
}

TEST_CASE("native: golden fields encode to their bytes", "[protocol][native]") {
  for_each_message([](const golden_message& golden) {
    CHECK(to_hex(encode(golden.from_client, golden.fields)) == to_hex(golden.bytes));
  });
}

TEST_CASE("native: golden messages cover every operation and direction", "[protocol][native]") {
  std::set<std::pair<bool, operation>> seen;
  for_each_message([&](const golden_message& golden) {
    seen.emplace(golden.from_client, golden.fields.op);
    CHECK((golden.fields.content == content_kind::raw || !check_payload(golden.payload)));
  });
  CHECK(seen.size() == 9 + 12);
}

TEST_CASE("native: every truncation of a golden message is refused", "[protocol][native]") {
  for_each_message([](const golden_message& golden) {
    for (std::size_t size = 0; size < golden.bytes.size(); ++size) {
      const auto decoded = decode(golden, byte_view{golden.bytes}.first(size));
      if (!decoded) {
        CHECK(decoded.error().code != errc::ok);
        CHECK(decoded.error().offset <= size);
        continue;
      }
      // RAW bytes, texts of errors and absent arguments have no end of their own.
      CAPTURE(size);
      REQUIRE(has_whole_envelope(golden, size));
      CHECK((golden.fields.content == content_kind::raw || golden.fields.op == operation::error
             || decoded->payload.empty()));
    }
  });
}

TEST_CASE("native: golden refusals have their code and offset", "[protocol][native]") {
  for (const auto& row : golden_file().at("refusals").as_array()) {
    CAPTURE(std::string{row.at("name").as_string()});
    const auto bytes = test::from_hex(std::string{row.at("bytes").as_string()});
    const auto decoded =
        row.at("from").as_string() == "client" ? decode_client(bytes) : decode_server(bytes);
    REQUIRE_FALSE(decoded);
    CHECK(static_cast<int>(decoded.error().code) == row.at("code").as_int64());
    CHECK(decoded.error().offset == row.at("offset").to_number<std::size_t>());
    CHECK(decoded.error().reason.size() > 10);
  }
}

// What the reference implementation of neffos decodes and encodes, from tests/golden/neffos.json.
//
// The reference reads routing marks of its message bus in every token, also in those of clients.
// That is the reading `neffos_origin::exchange` here, and there every vector holds as it stands.
// From clients (`neffos_origin::client`, parity row C13) tokens are opaque: the second test lists
// exactly the inputs for which this makes a difference.
#include "tests/support/neffos_golden.hpp"

#include "protocol/neffos.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace troupe;
using protocol::opcode;
using test::neffos_vector;
using test::neffos_vectors;

namespace {

template <class Check>
void for_each_vector(Check check) {
  for (const auto& vector : neffos_vectors()) {
    CAPTURE(vector.input, vector.is_binary, static_cast<int>(vector.natives));
    check(vector);
  }
}

result<neffos_message, refusal> read(const neffos_vector& vector, neffos_origin origin) {
  return deserialize(as_bytes(vector.input), vector.is_binary, {vector.natives, origin});
}

} // namespace

TEST_CASE("neffos golden: there are 164 vectors in all modes", "[protocol][neffos]") {
  std::set<std::pair<bool, neffos_natives>> modes;
  std::set<std::string> inputs;
  for_each_vector([&](const neffos_vector& vector) {
    modes.emplace(vector.is_binary, vector.natives);
    inputs.insert(vector.input);
  });
  CHECK(neffos_vectors().size() == 164);
  CHECK(modes.size() == 4);
  CHECK(inputs.size() == 42);
}

TEST_CASE("neffos golden: every vector decodes to its fields", "[protocol][neffos]") {
  for_each_vector([](const neffos_vector& vector) {
    const auto decoded = read(vector, neffos_origin::exchange);
    REQUIRE(decoded.has_value() == !vector.is_invalid);
    if (!decoded) {
      CHECK(decoded.error().code == errc::malformed_message);
      CHECK(decoded.error().offset == vector.input.size());
      return;
    }
    CHECK((*decoded == vector.decoded));
    CHECK(decoded->wait == vector.decoded.wait);
    CHECK(decoded->event == vector.decoded.event);
    CHECK(decoded->body == vector.decoded.body);
    CHECK((decoded->is_error && protocol::is_known_error(decoded->body)) == vector.is_known_error);
  });
}

TEST_CASE("neffos golden: every vector's fields encode to its output", "[protocol][neffos]") {
  for_each_vector([](const neffos_vector& vector) {
    if (!vector.is_invalid)
      CHECK(serialize(vector.decoded) == vector.output);
  });
}

TEST_CASE("neffos codec: C13 tokens of clients are not looked into", "[protocol][neffos]") {
  std::set<std::string> different;
  for_each_vector([&](const neffos_vector& vector) {
    const auto decoded = read(vector, neffos_origin::client);
    REQUIRE(decoded.has_value() == !vector.is_invalid);
    if (!decoded || *decoded == vector.decoded)
      return;
    different.insert(vector.input);
    auto expected = vector.decoded;
    expected.wait = vector.input.substr(0, vector.input.find(';'));
    expected.exclude.clear();
    expected.from_exchange = false;
    CHECK((*decoded == expected));
    CHECK(serialize(*decoded) == vector.input);
  });
  CHECK(different
        == std::set<std::string>{"$!5;d;;e;0;0;x", "1!795;d;;e;0;0;x",
                                 "neffos(0xabc(d));default;;e;0;0;x",
                                 "neffos(0x;default;;e;0;0;x"});
}

TEST_CASE("neffos golden: frames hold what is encoded", "[protocol][neffos]") {
  for_each_vector([](const neffos_vector& vector) {
    const auto type = vector.is_binary ? opcode::binary : opcode::text;
    std::string unescaped;
    const auto decoded = protocol::decode_neffos(type, as_bytes(vector.input), unescaped,
                                                 {vector.natives, neffos_origin::exchange});
    if (!decoded)
      return;
    const auto frame = protocol::encode_neffos(*decoded);
    CHECK(as_text(frame->bytes().subspan(2)) == vector.output);
    const bool is_utf8 = vector.input.find('\xff') == std::string::npos;
    const auto first = is_utf8 && !vector.is_binary ? std::byte{0x81} : std::byte{0x82};
    CHECK(frame->bytes().front() == first);
  });
}

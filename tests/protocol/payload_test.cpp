#include "troupe/payload.hpp"

#include "troupe/arguments.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <unordered_map>

using namespace troupe;
using troupe::test::from_hex;
using troupe::test::to_hex;

namespace {

struct point {
  float x = 0;
  float y = 0;
  MSGPACK_DEFINE(x, y)
  friend bool operator==(const point&, const point&) = default;
};

struct named_point {
  std::string name;
  std::vector<point> at;
  MSGPACK_DEFINE_MAP(name, at)
  friend bool operator==(const named_point&, const named_point&) = default;
};

enum class color { red = 1, green = 2 };

template <class... Args>
std::string packed(const Args&... args) {
  return to_hex(make_payload(args...).bytes);
}

template <class T>
void check_round_trip(const T& value) {
  CAPTURE(type_name<T>());
  const auto sent = make_payload(value);
  const auto received = unpack_args<std::tuple<T>>(sent);
  REQUIRE(received);
  CHECK(std::get<0>(*received) == value);
}

template <class... Numbers>
void check_limits_of() {
  (check_round_trip(std::numeric_limits<Numbers>::min()), ...);
  (check_round_trip(std::numeric_limits<Numbers>::max()), ...);
}

} // namespace

MSGPACK_ADD_ENUM(color)

TEST_CASE("payload: arguments are one array", "[protocol][payload]") {
  CHECK(packed() == "");
  CHECK(packed(1) == "9101");
  CHECK(packed("hi", 300, true, msgpack::type::nil_t{}) == "94a26869cd012cc3c0");
  CHECK(packed(std::string{"a"}, std::string_view{"b"}) == "92a161a162");
  CHECK(packed(std::vector<int>{1, 2}, std::map<std::string, int>{{"a", -1}})
        == "9292010281a161ff");
  CHECK(packed(std::optional<int>{}, std::optional<int>{7}) == "92c007");
  CHECK(packed(std::pair{1, 2}, std::tuple{3}) == "929201029103");
}

TEST_CASE("payload: bytes are msgpack binary", "[protocol][payload]") {
  const std::vector<std::byte> bytes{std::byte{1}, std::byte{2}};
  CHECK(packed(bytes) == "91c4020102");
  CHECK(packed(byte_view{bytes}, 5) == "92c402010205");
  CHECK(packed(std::array<std::byte, 2>{}) == "91c4020000");
}

TEST_CASE("payload: floats stay floats, doubles doubles", "[protocol][payload]") {
  CHECK(packed(2.0F) == "91ca40000000");
  CHECK(packed(2.0) == "91cb4000000000000000");
  CHECK(packed(-0.0F, 0.1) == "92ca80000000cb3fb999999999999a");
  CHECK(packed(std::vector<float>{1}) == "9191ca3f800000");
  CHECK(packed(point{1, 2}) == "9192ca3f800000ca40000000");
  CHECK(packed(std::map<int, double>{{1, 3.0}}) == "918101cb4008000000000000");
  CHECK(packed(std::numeric_limits<float>::quiet_NaN()) == "91ca7fc00000");
}

TEST_CASE("payload: raw bytes and ready payloads pass as they are", "[protocol][payload]") {
  const auto raw = make_payload(raw_bytes{as_bytes("any")});
  CHECK(raw.kind == content_kind::raw);
  CHECK(as_text(raw.bytes) == "any");
  CHECK(make_payload(raw) == raw);
  CHECK(make_payload(payload_view{raw}) == raw);
  CHECK(make_payload(payload{raw}) == raw);
  CHECK(make_payload_of(std::tuple{1, "x"}) == make_payload(1, "x"));
}

TEST_CASE("payload: every supported type survives a round trip", "[protocol][payload]") {
  check_round_trip(true);
  check_limits_of<char, signed char, unsigned char, short, unsigned short, int, unsigned, long,
                  unsigned long, long long, unsigned long long, float, double>();
  check_round_trip(std::string{"text with \0 and \xFF", 17});
  check_round_trip(std::string(70'000, 'x'));
  check_round_trip(std::vector<std::byte>(300, std::byte{9}));
  check_round_trip(std::vector<unsigned char>{1, 2});
  check_round_trip(std::vector<char>{'a'});
  check_round_trip(std::array<std::byte, 3>{std::byte{1}});
  check_round_trip(std::array<int, 3>{1, -2, 3});
  check_round_trip(std::vector<bool>{true, false});
  check_round_trip(std::vector<std::vector<std::string>>{{"a"}, {}, {"b", "c"}});
  check_round_trip(std::list<double>{0.5});
  check_round_trip(std::set<int>{3, 1});
  check_round_trip(std::map<std::string, std::vector<int>>{{"a", {1}}, {"b", {}}});
  check_round_trip(std::multimap<int, int>{{1, 1}, {1, 2}});
  check_round_trip(std::unordered_map<int, std::optional<float>>{{1, 0.5F}, {2, {}}});
  check_round_trip(std::optional<std::string>{"x"});
  check_round_trip(std::optional<std::string>{});
  check_round_trip(std::tuple<int, std::string, std::pair<bool, float>>{1, "a", {true, 2.5F}});
  check_round_trip(std::array<char, 2>{'a', 'b'});
}

TEST_CASE("payload: user structures and enums survive a round trip", "[protocol][payload]") {
  check_round_trip(point{1, -2.5F});
  check_round_trip(named_point{"here", {{1, 2}, {3, 4}}});
  check_round_trip(std::vector<named_point>{{"a", {}}, {"b", {{5, 6}}}});
  check_round_trip(std::map<std::string, std::optional<point>>{{"p", point{1, 1}}, {"q", {}}});
  check_round_trip(color::green);
}

TEST_CASE("payload: NaN and infinities pass as floats", "[protocol][payload]") {
  const auto sent = make_payload(std::nan(""), std::numeric_limits<double>::infinity());
  const auto received = unpack_args<std::tuple<float, float>>(sent);
  REQUIRE(received);
  CHECK(std::isnan(std::get<0>(*received)));
  CHECK(std::isinf(std::get<1>(*received)));
}

TEST_CASE("payload: views refer to the message", "[protocol][payload]") {
  const auto sent = make_payload("text", std::vector<std::byte>{std::byte{7}});
  const auto received = unpack_args<std::tuple<std::string_view, byte_view>>(sent);
  REQUIRE(received);
  CHECK(as_bytes(std::get<0>(*received)).data() == sent.bytes.data() + 2);
  CHECK(std::get<1>(*received).data() == sent.bytes.data() + 8);
}

TEST_CASE("payload: a msgpack object_handle owns its content", "[protocol][payload]") {
  auto received = unpack_args<std::tuple<msgpack::object_handle>>(make_payload("text"));
  REQUIRE(received);
  CHECK(std::get<0>(*received).get().as<std::string>() == "text");
}

TEST_CASE("payload: RAW reaches byte containers and payloads only", "[protocol][payload]") {
  const auto raw = make_payload(raw_bytes{as_bytes("abc")});
  CHECK(as_text(std::get<0>(*unpack_args<std::tuple<byte_view>>(raw))) == "abc");
  CHECK(std::get<0>(*unpack_args<std::tuple<std::vector<std::byte>>>(raw)) == raw.bytes);
  CHECK(std::get<0>(*unpack_args<std::tuple<std::array<char, 3>>>(raw))[2] == 'c');
  CHECK(std::get<0>(*unpack_args<std::tuple<payload>>(raw)) == raw);
  CHECK(std::get<0>(*unpack_args<std::tuple<payload_view>>(raw)).kind == content_kind::raw);
  CHECK(unpack_args<std::tuple<std::array<char, 4>>>(raw).error().text
        == "expected 4 bytes, got 3");
  CHECK(unpack_args<std::tuple<>>(raw).error().text == "expected 0 arguments, got a RAW payload");
  CHECK(unpack_args<std::tuple<std::string>>(raw).error().text
        == "expected 1 argument, got a RAW payload");
  CHECK(unpack_args<std::tuple<byte_view, std::optional<int>>>(raw).error().text
        == "expected 1 to 2 arguments, got a RAW payload");
}

TEST_CASE("payload: random bytes never escape the decoder", "[protocol][payload]") {
  using everything = std::tuple<std::string, std::vector<int>, std::optional<point>,
                                std::map<std::string, float>, named_point>;
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto valid = make_payload("text", std::vector<int>{1, 2}, point{1, 2},
                                  std::map<std::string, float>{{"a", 1.F}}, named_point{"n", {{}}});
  REQUIRE(unpack_args<everything>(valid));
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = valid.bytes;
    for (auto changes = 1 + random() % 3; changes != 0; --changes)
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    const auto received = unpack_args<everything>({bytes, content_kind::arguments});
    REQUIRE((received || !received.error().text.empty()));
  }
}

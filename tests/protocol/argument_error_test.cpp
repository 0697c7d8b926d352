#include "troupe/arguments.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <array>
#include <map>

using namespace troupe;
using troupe::test::from_hex;

namespace {

struct point {
  float x = 0;
  float y = 0;
  MSGPACK_DEFINE(x, y)
};

/// What the client is told when it sends `args` to a handler with parameters `T...`.
template <class... T, class... Args>
std::string told(const std::tuple<T...>*, const Args&... args) {
  const auto received = unpack_args<std::tuple<T...>>(make_payload(args...));
  return received ? "" : received.error().text;
}

template <class... T>
constexpr const std::tuple<T...>* handler_of = nullptr;

errc code_of(std::string_view hex) {
  const auto received = unpack_args<std::tuple<int>>({from_hex(hex), content_kind::arguments});
  return received ? errc::ok : received.error().code;
}

} // namespace

TEST_CASE("arguments: their number is checked", "[protocol][arguments]") {
  CHECK(told(handler_of<int, int>, 1) == "expected 2 arguments, got 1");
  CHECK(told(handler_of<int>) == "expected 1 argument, got 0");
  CHECK(told(handler_of<>, 1, 2) == "expected 0 arguments, got 2");
  CHECK(told(handler_of<>) == "");
}

TEST_CASE("arguments: trailing optionals may be missing", "[protocol][arguments]") {
  using o = std::optional<int>;
  CHECK(told(handler_of<int, o>, 1) == "");
  CHECK(told(handler_of<int, o>, 1, msgpack::type::nil_t{}) == "");
  CHECK(told(handler_of<o, o>) == "");
  CHECK(told(handler_of<int, o>) == "expected 1 to 2 arguments, got 0");
  CHECK(told(handler_of<o, int>, 1) == "expected 2 arguments, got 1");
  CHECK(told(handler_of<int, o>, 1, "x")
        == "argument 2: expected integer in -2147483648..2147483647, got text");
}

TEST_CASE("arguments: integers are never narrowed", "[protocol][arguments]") {
  CHECK(told(handler_of<bool, std::int8_t>, true, 300)
        == "argument 2: expected integer in -128..127, got 300");
  CHECK(told(handler_of<std::int8_t>, -129)
        == "argument 1: expected integer in -128..127, got -129");
  CHECK(told(handler_of<std::uint8_t>, -1) == "argument 1: expected integer in 0..255, got -1");
  CHECK(told(handler_of<char>, 127) == "");
  CHECK(told(handler_of<std::int64_t>, 9'223'372'036'854'775'808ULL)
        == "argument 1: expected integer in -9223372036854775808..9223372036854775807, "
           "got 9223372036854775808");
  CHECK(told(handler_of<std::uint64_t>, -1)
        == "argument 1: expected integer in 0..18446744073709551615, got -1");
  CHECK(told(handler_of<std::uint16_t>, 1.5)
        == "argument 1: expected integer in 0..65535, got float 1.5");
  CHECK(told(handler_of<std::uint16_t>, 2.0)
        == "argument 1: expected integer in 0..65535, got float 2");
}

TEST_CASE("arguments: floats accept every number in range", "[protocol][arguments]") {
  CHECK(told(handler_of<float, double>, 1, -2) == "");
  CHECK(told(handler_of<float>, 0.1) == "");
  CHECK(told(handler_of<float>, 1e39)
        == "argument 1: expected number in the range of a 32-bit float, got float 1e+39");
  CHECK(told(handler_of<double>, "1") == "argument 1: expected number, got text");
  CHECK(std::get<0>(*unpack_args<std::tuple<double>>(make_payload(-7))) == -7.0);
  CHECK(std::get<0>(*unpack_args<std::tuple<float>>(make_payload(1ULL << 63))) == 0x1p63F);
}

TEST_CASE("arguments: kinds are not mixed", "[protocol][arguments]") {
  using map = std::map<std::string, int>;
  CHECK(told(handler_of<std::string>, map{}) == "argument 1: expected text, got map");
  CHECK(told(handler_of<std::string_view>, 5) == "argument 1: expected text, got 5");
  CHECK(told(handler_of<std::string>, std::vector<std::byte>(2))
        == "argument 1: expected text, got bytes");
  CHECK(told(handler_of<byte_view>, "x") == "argument 1: expected bytes, got text");
  CHECK(told(handler_of<bool>, 1) == "argument 1: expected boolean, got 1");
  CHECK(told(handler_of<map>, std::vector<int>{1}) == "argument 1: expected map, got array of 1");
  CHECK(told(handler_of<std::vector<int>>, msgpack::type::nil_t{})
        == "argument 1: expected array, got nil");
  CHECK(told(handler_of<std::optional<std::string>>, false)
        == "argument 1: expected text, got false");
  CHECK(told(handler_of<std::pair<int, int>>, std::vector<int>{1})
        == "argument 1: expected array of 2, got array of 1");
  CHECK(told(handler_of<std::array<std::byte, 4>>, std::vector<std::byte>(3))
        == "argument 1: expected 4 bytes, got 3");
}

TEST_CASE("arguments: errors inside containers name the place", "[protocol][arguments]") {
  CHECK(told(handler_of<std::vector<int>>, std::tuple{1, 2, "x"})
        == "argument 1, element 3: expected integer in -2147483648..2147483647, got text");
  CHECK(told(handler_of<std::map<std::string, std::vector<short>>>,
             std::map<std::string, std::vector<int>>{{"a", {}}, {"b", {1, 40'000}}})
        == "argument 1, value 2, element 2: expected integer in -32768..32767, got 40000");
  CHECK(told(handler_of<std::map<std::string, int>>, std::map<int, int>{{1, 1}})
        == "argument 1, key 1: expected text, got 1");
  CHECK(told(handler_of<std::pair<int, bool>>, std::pair{1, 2})
        == "argument 1, element 2: expected boolean, got 2");
}

TEST_CASE("arguments: user structures are named", "[protocol][arguments]") {
  CHECK(told(handler_of<point>, std::tuple{1, 2.5}) == "");
  CHECK(told(handler_of<point>, "x").ends_with("point, got text"));
  CHECK(told(handler_of<std::vector<point>>, std::tuple{std::tuple{1, "y"}})
            .starts_with("argument 1, element 1: expected "));
}

TEST_CASE("arguments: a key that is there twice is refused", "[protocol][arguments]") {
  CHECK(told(handler_of<std::map<int, int>>, std::multimap<int, int>{{1, 1}, {1, 2}})
        == "argument 1, key 2: expected different keys, got the same key twice");
}

TEST_CASE("arguments: what the checker refuses keeps its code", "[protocol][arguments]") {
  CHECK(code_of("9101") == errc::ok);
  CHECK(code_of("01") == errc::malformed_message);
  CHECK(code_of("91c1") == errc::malformed_message);
  CHECK(code_of("ddff000000") == errc::payload_too_complex);
  CHECK(code_of("9191919191919191919191919191919190") == errc::payload_too_deep);
  CHECK(code_of("91c0") == errc::bad_arguments);
  CHECK(code_of("91d40100") == errc::bad_arguments);
}

#include "troupe/json.hpp"
#include "troupe/payload_sink.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <boost/json/parse.hpp>

#include <cmath>
#include <cstring>
#include <random>

using namespace troupe;
using troupe::test::to_hex;

namespace {

/// Random msgpack values that JSON can hold without loss.
class value_source {
public:
  explicit value_source(std::uint32_t seed) : random_{seed} {}

  std::vector<std::byte> next() {
    payload_sink sink;
    payload_packer packer{sink};
    pack(packer, 5);
    return sink.take();
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

private:
  void pack(payload_packer& to, std::size_t depth) {
    switch (below(depth == 0 ? 5 : 7)) {
    case 0:
      to.pack_nil();
      return;
    case 1:
      to.pack(below(2) == 0);
      return;
    case 2:
      return pack_integer(to);
    case 3:
      return pack_double(to);
    case 4:
      to.pack(text());
      return;
    case 5:
      return pack_array(to, depth);
    default:
      return pack_map(to, depth);
    }
  }

  void pack_integer(payload_packer& to) {
    const auto bits = random_() >> below(64);
    if (below(2) == 0)
      to.pack(bits);
    else
      to.pack(static_cast<std::int64_t>(bits));
  }

  /// Any but integral ones: those are read as integers again.
  void pack_double(payload_packer& to) {
    for (;;) {
      const auto bits = random_();
      double number = 0;
      std::memcpy(&number, &bits, sizeof number);
      if (std::isfinite(number) && std::trunc(number) != number) {
        to.pack(number);
        return;
      }
    }
  }

  std::string text() {
    constexpr std::string_view pieces[]{
        "a",   "\"", "\\", "\n", "\x01", "\xC3\xA9", "/", "\xF0\x9F\x98\x80", "longer than a word",
        "\x7F"};
    std::string result;
    for (auto count = below(6); count != 0; --count)
      result.append(pieces[below(std::size(pieces))]);
    return result;
  }

  void pack_array(payload_packer& to, std::size_t depth) {
    const auto count = below(20);
    to.pack_array(static_cast<std::uint32_t>(count));
    for (std::size_t i = 0; i < count; ++i)
      pack(to, depth - 1);
  }

  void pack_map(payload_packer& to, std::size_t depth) {
    const auto count = below(4);
    to.pack_map(static_cast<std::uint32_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
      to.pack(text());
      pack(to, depth - 1);
    }
  }

  std::mt19937_64 random_;
};

constexpr payload_limits wide{.depth = 16, .nodes = 65'535};

} // namespace

TEST_CASE("json: msgpack survives the way through JSON", "[protocol][json]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  value_source source{seed};
  std::size_t compared = 0;
  for (int i = 0; i < 2'000; ++i) {
    const auto value = source.next();
    const auto text = msgpack_to_json(value, wide);
    if (!text) { // more values than JSON may have
      REQUIRE(text.error().code == errc::payload_too_complex);
      continue;
    }
    const auto again = json_to_msgpack(*text, wide);
    REQUIRE(again);
    REQUIRE(to_hex(*again) == to_hex(value));
    ++compared;
  }
  CHECK(compared > 1'000);
}

TEST_CASE("json: damaged text is judged as by another parser", "[protocol][json]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  value_source source{seed};
  constexpr std::string_view characters{"\"\\[]{},:0-e.tu \xC3"};
  for (int i = 0; i < 5'000; ++i) {
    auto text = msgpack_to_json(source.next(), wide);
    if (!text || text->size() > 2'000)
      continue;
    text->insert(source.below(text->size() + 1), 1, characters[source.below(characters.size())]);
    text->erase(source.below(text->size()), source.below(3));
    CAPTURE(*text);
    const auto ours = json_to_msgpack(*text, wide);
    boost::json::error_code ec;
    const auto theirs = boost::json::parse({text->data(), text->size()}, ec);
    const bool is_too_large =
        !ours && ours.error().reason == "the number is too large for a double";
    REQUIRE((is_too_large || ours.has_value() == !ec));
    REQUIRE((ours || ours.error().offset <= text->size()));
  }
}

TEST_CASE("json: any bytes can be read and written", "[protocol][json]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  value_source source{seed};
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(source.below(24), ' ');
    for (auto& byte : bytes)
      byte = static_cast<char>(source.below(256));
    const auto text = msgpack_to_json(as_bytes(bytes));
    REQUIRE((!text || json_to_msgpack(*text)));
    const auto value = json_to_msgpack(bytes);
    REQUIRE((value || !value.error().text().empty()));
  }
}

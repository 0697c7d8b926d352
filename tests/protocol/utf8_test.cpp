#include "protocol/utf8.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <string_view>

using namespace troupe;
using namespace troupe::protocol;

/// One code point in the shortest form, or what would be it for values that have none.
static std::string encode_utf8(unsigned value) {
  const auto byte = [](unsigned bits) { return static_cast<char>(bits); };
  if (value < 0x80)
    return {byte(value)};
  if (value < 0x800)
    return {byte(0xC0 | value >> 6), byte(0x80 | (value & 0x3F))};
  if (value < 0x10000)
    return {byte(0xE0 | value >> 12), byte(0x80 | (value >> 6 & 0x3F)),
            byte(0x80 | (value & 0x3F))};
  return {byte(0xF0 | value >> 18), byte(0x80 | (value >> 12 & 0x3F)),
          byte(0x80 | (value >> 6 & 0x3F)), byte(0x80 | (value & 0x3F))};
}

static bool is_valid(std::string_view text) {
  return is_valid_utf8(as_bytes(text));
}

/// How many bytes the validator takes before it refuses one; the size when it refuses none.
static std::size_t accepted_prefix(std::string_view text) {
  utf8_validator validator;
  std::size_t count = 0;
  while (count < text.size() && validator.feed(as_bytes(text.substr(count, 1))))
    ++count;
  return count;
}

TEST_CASE("utf8: every code point is valid, surrogates are not", "[protocol][utf8]") {
  unsigned wrong = 0;
  for (unsigned value = 0; value < 0x110000; ++value)
    wrong += is_valid(encode_utf8(value)) != (value < 0xD800 || value > 0xDFFF);
  CHECK(wrong == 0);
}

TEST_CASE("utf8: values above U+10FFFF are invalid at their second byte", "[protocol][utf8]") {
  CHECK(accepted_prefix("\xF4\x90\x80\x80") == 1);
  CHECK(accepted_prefix("\xF5\x80\x80\x80") == 0);
  CHECK(accepted_prefix("\xF8\x88\x80\x80\x80") == 0);
  CHECK(accepted_prefix("\xFC\x84\x80\x80\x80\x80") == 0);
}

TEST_CASE("utf8: overlong forms are invalid as early as possible", "[protocol][utf8]") {
  CHECK(accepted_prefix("\xC0\xAF") == 0);
  CHECK(accepted_prefix("\xC1\xBF") == 0);
  CHECK(accepted_prefix("\xE0\x80\xAF") == 1);
  CHECK(accepted_prefix("\xE0\x9F\xBF") == 1);
  CHECK(accepted_prefix("\xF0\x80\x80\xAF") == 1);
  CHECK(accepted_prefix("\xF0\x8F\xBF\xBF") == 1);
}

TEST_CASE("utf8: surrogates are invalid at their second byte", "[protocol][utf8]") {
  CHECK(accepted_prefix("\xED\xA0\x80") == 1);
  CHECK(accepted_prefix("\xED\xBF\xBF") == 1);
  CHECK(accepted_prefix("\xED\x9F\xBF") == 3);
}

TEST_CASE("utf8: stray and missing continuations are invalid", "[protocol][utf8]") {
  for (const std::string_view text : {"\x80", "\xBF", "a\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98",
                                      "\xC3(", "\xE2\x82(", "\xF0\x9F\x98(", "\xFE", "\xFF"})
    CHECK_FALSE(is_valid(text));
}

TEST_CASE("utf8: text that ends inside a character is valid but incomplete", "[protocol][utf8]") {
  for (const std::string_view text :
       {"\xC3", "\xE2", "\xE2\x82", "\xF0", "\xF0\x9F", "\xF0\x9F\x98"}) {
    utf8_validator validator;
    CHECK(validator.feed(as_bytes(text)));
    CHECK_FALSE(validator.is_complete());
  }
}

TEST_CASE("utf8: the position of a bad byte among ASCII does not matter", "[protocol][utf8]") {
  for (std::size_t size = 1; size < 80; ++size) {
    std::string text(size, 'a');
    CHECK(ascii_prefix(as_bytes(text)) == size);
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\xFF';
      REQUIRE_FALSE(is_valid(text));
      REQUIRE(ascii_prefix(as_bytes(text)) == at);
      text[at] = 'a';
    }
  }
}

TEST_CASE("utf8: text gives the same verdict however it is cut", "[protocol][utf8]") {
  const std::string text = "ascii, \xC3\xA9, \xE2\x82\xAC, \xF0\x9F\x98\x80 and ascii again";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    utf8_validator validator;
    REQUIRE(validator.feed(as_bytes(text).first(cut)));
    REQUIRE(validator.feed(as_bytes(text).subspan(cut)));
    REQUIRE(validator.is_complete());
  }
}

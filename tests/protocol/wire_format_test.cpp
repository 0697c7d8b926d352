#include "troupe/errc.hpp"

#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <fstream>
#include <sstream>

// Reads docs/wire-format.md: what it promises to authors of clients must be what the code does.

using namespace troupe;
using namespace troupe::protocol;
using troupe::test::from_hex;
using troupe::test::to_hex;

namespace {

std::string document() {
  std::ifstream file{TROUPE_SOURCE_DIR "/docs/wire-format.md"};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The hexadecimal digits in the second column of an example.
std::string hex_of_example(const std::string& line) {
  const auto end = line.find("   ", 6);
  return line.substr(6, end - 6);
}

} // namespace

TEST_CASE("wire format: every error is documented with its number", "[protocol][wire_format]") {
  const auto text = document();
  for (int number = 1; number <= static_cast<int>(errc::refused); ++number) {
    const auto code = static_cast<errc>(number);
    CAPTURE(number);
    const auto row = text.find("\n| " + std::to_string(number) + " | `");
    REQUIRE(row != std::string::npos);
    const auto line = text.substr(row + 1, text.find('\n', row + 1) - row - 1);
    CHECK(line.find(std::string{to_string(code)}) != std::string::npos);
  }
}

TEST_CASE("wire format: every example is a message", "[protocol][wire_format]") {
  std::istringstream lines{document()};
  int examples = 0;
  for (std::string line; std::getline(lines, line);) {
    const bool from_client = line.starts_with("C->S  ");
    if (!from_client && !line.starts_with("S->C  "))
      continue;
    CAPTURE(line);
    const auto bytes = from_hex(hex_of_example(line));
    const auto decoded = from_client ? decode_client(bytes) : decode_server(bytes);
    REQUIRE(decoded);
    CHECK(to_hex(from_client ? encode_client(*decoded) : encode_server(*decoded)) == to_hex(bytes));
    ++examples;
  }
  CHECK(examples >= 20);
}

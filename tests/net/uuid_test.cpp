#include "net/uuid.hpp"

#include "tests/support/catch.hpp"

#include <set>
#include <string>

using namespace troupe::net;

TEST_CASE("uuid: H16 it has the form of version 4", "[net][uuid]") {
  for (int i = 0; i < 200; ++i) {
    const auto text = make_uuid();
    CAPTURE(text);
    REQUIRE(text.size() == 36);
    CHECK(text[14] == '4');
    CHECK(std::string{"89ab"}.find(text[19]) != std::string::npos);
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
      CHECK((is_dash ? text[at] == '-'
                     : std::string{"0123456789abcdef"}.find(text[at]) != std::string::npos));
    }
  }
}

TEST_CASE("uuid: H16 no two are equal", "[net][uuid]") {
  std::set<std::string> all;
  for (int i = 0; i < 2'000; ++i)
    all.insert(make_uuid());
  CHECK(all.size() == 2'000);
}

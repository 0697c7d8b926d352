#include "protocol/deflate.hpp"
#include "tests/support/catch.hpp"

#include <optional>
#include <string>

using namespace troupe::protocol;

static const std::string plain =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

TEST_CASE("negotiate_deflate: what browsers and libraries offer is accepted",
          "[protocol][deflate]") {
  CHECK(negotiate_deflate("permessage-deflate") == plain);
  CHECK(negotiate_deflate("permessage-deflate; client_max_window_bits") == plain);
  CHECK(negotiate_deflate("permessage-deflate; client_no_context_takeover; "
                          "server_no_context_takeover")
        == plain);
  CHECK(negotiate_deflate("  Permessage-Deflate ;client_max_window_bits= \"10\"  ") == plain);
  CHECK(negotiate_deflate("x-webkit-deflate-frame, permessage-deflate") == plain);
}

TEST_CASE("negotiate_deflate: other extensions are passed over", "[protocol][deflate]") {
  CHECK_FALSE(negotiate_deflate(""));
  CHECK_FALSE(negotiate_deflate(" , ,, "));
  CHECK_FALSE(negotiate_deflate("permessage-bzip2"));
  CHECK_FALSE(negotiate_deflate("permessage-deflate2"));
  CHECK_FALSE(negotiate_deflate("mux; note=\"permessage-deflate, permessage-deflate\""));
}

TEST_CASE("negotiate_deflate: every client window is accepted, as inflating needs no less",
          "[protocol][deflate]") {
  for (int bits = 8; bits <= 15; ++bits)
    CHECK(negotiate_deflate("permessage-deflate; client_max_window_bits=" + std::to_string(bits))
          == plain);
}

TEST_CASE("negotiate_deflate: a server window is accepted when it is large enough",
          "[protocol][deflate]") {
  for (int own = 9; own <= 15; ++own) {
    for (int asked = 8; asked <= 15; ++asked) {
      const auto offer = "permessage-deflate; server_max_window_bits=" + std::to_string(asked);
      const auto expected = plain + "; server_max_window_bits=" + std::to_string(own);
      CHECK(negotiate_deflate(offer, own)
            == (asked >= own ? std::optional{expected} : std::nullopt));
    }
  }
}

TEST_CASE("negotiate_deflate: invalid parameters decline the offer", "[protocol][deflate]") {
  for (const std::string parameters :
       {"unknown", "server_no_context_takeover=1", "client_no_context_takeover=true",
        "server_max_window_bits", "server_max_window_bits=", "server_max_window_bits=7",
        "server_max_window_bits=16", "server_max_window_bits=abc", "server_max_window_bits=015",
        "server_max_window_bits=+15", "server_max_window_bits=1 5", "server_max_window_bits=99999",
        "client_max_window_bits=", "client_max_window_bits=7", "client_max_window_bits=16",
        "client_max_window_bits=\"\"", "client_max_window_bits=\"15", "client_max_window_bits=-9"})
    CHECK_FALSE(negotiate_deflate("permessage-deflate; " + parameters));
}

TEST_CASE("negotiate_deflate: repeated parameters decline the offer", "[protocol][deflate]") {
  for (const std::string parameter :
       {"server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits=15",
        "client_max_window_bits", "client_max_window_bits=15"})
    CHECK_FALSE(negotiate_deflate("permessage-deflate; " + parameter + "; " + parameter));
  CHECK_FALSE(
      negotiate_deflate("permessage-deflate; client_max_window_bits; client_max_window_bits=15"));
}

TEST_CASE("negotiate_deflate: the first acceptable offer is taken", "[protocol][deflate]") {
  CHECK(negotiate_deflate("permessage-deflate; server_max_window_bits=8, "
                          "permessage-deflate; server_max_window_bits=15, permessage-deflate")
        == plain + "; server_max_window_bits=15");
  CHECK(negotiate_deflate("permessage-deflate; what=\"a, b; c\", permessage-deflate") == plain);
}

TEST_CASE("negotiate_deflate: a hundred offers are read, empty ones do not count",
          "[protocol][deflate]") {
  std::string offers;
  for (int index = 0; index < 100; ++index)
    offers += "permessage-deflate; server_max_window_bits=\"7\",,";
  CHECK_FALSE(negotiate_deflate(offers));
  CHECK(negotiate_deflate(offers + "permessage-deflate") == plain);
  CHECK_FALSE(negotiate_deflate("permessage-deflate;;"));
  CHECK_FALSE(negotiate_deflate("permessage-deflate; \""));
}

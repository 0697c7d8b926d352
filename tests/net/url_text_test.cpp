#include "net/url_text.hpp"

#include "net/ascii.hpp"
#include "net/authority.hpp"
#include "net/digest.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::net;

TEST_CASE("url_text: escapes are decoded, broken ones refused", "[net][url_text]") {
  CHECK(percent_decode("a%41%7e+", plus_sign::literal) == "aA~+");
  CHECK(percent_decode("a+b%2B", plus_sign::blank) == "a b+");
  CHECK(percent_decode("%00%fF", plus_sign::blank) == std::string{"\0\xff", 2});
  CHECK(percent_decode("", plus_sign::blank) == "");
  for (const auto* broken : {"%", "%4", "a%", "%4g", "%g4", "% 4", "%%41", "%-1"})
    CHECK_FALSE(percent_decode(broken, plus_sign::blank));
}

TEST_CASE("url_text: a plain path climbs nowhere", "[net][url_text]") {
  for (const auto* plain : {"/", "//", "/a", "/a/", "/a.b/..c", "/...", "/\xc3\xa4"})
    CHECK(is_plain_path(plain));
  for (const auto* other : {"", "a", "..", "/..", "/.", "/a/..", "/a/./b", "//..", "/a\x7f"})
    CHECK_FALSE(is_plain_path(other));
}

TEST_CASE("url_text: a request line has three parts", "[net][url_text]") {
  const auto parts = split_request_line("GET /a HTTP/1.1");
  REQUIRE(parts);
  CHECK(parts->method == "GET");
  CHECK(parts->target == "/a");
  CHECK(parts->version == "HTTP/1.1");
  for (const auto* other : {"", " ", "  ", "GET", "GET /", "GET  HTTP/1.1", " / HTTP/1.1", "GET / ",
                            "GET / a HTTP/1.1"})
    CHECK_FALSE(split_request_line(other));
}

TEST_CASE("authority: hosts with and without a port", "[net][authority]") {
  CHECK(parse_authority("a.example")->host == "a.example");
  CHECK_FALSE(parse_authority("a.example")->port);
  CHECK(parse_authority("a_b-c:1")->port == 1);
  CHECK(parse_authority("[::ffff:1.2.3.4]:65535")->host == "[::ffff:1.2.3.4]");
  CHECK(parse_authority("[::]:65535")->port == 65535);
  for (const auto* other : {"",        ":80",  "a:",   "a:0",    "a:01",
                            "a:65536", "a:-1", "a:+1", "a: 1",   "a:1x",
                            "[::1",    "[]",   "[:]",  "[::1]a", "::1",
                            "a b",     "a/",   "u@a",  "a%20b",  "[fe80::1%25eth0]",
                            "[v1.x]"})
    CHECK_FALSE(parse_authority(other));
}

TEST_CASE("authority: an origin has a scheme and a host alone", "[net][authority]") {
  const auto origin = parse_origin("web+x://a.example:81");
  REQUIRE(origin);
  CHECK(origin->scheme == "web+x");
  CHECK(origin->effective_port() == 81);
  CHECK(parse_origin("https://a")->effective_port() == 443);
  CHECK(parse_origin("HTTP://a")->effective_port() == 80);
  CHECK(parse_origin("app://a")->effective_port() == 0);
  for (const auto* other : {"", "null", "a", "://a", "1x://a", "x y://a", "http://", "http://a/"})
    CHECK_FALSE(parse_origin(other));
}

TEST_CASE("ascii: lists are split, trimmed and cleared of blanks", "[net][ascii]") {
  std::vector<std::string> elements;
  for_each_element(" a ,\tb c,,  ,d", ',', [&](auto element) { elements.emplace_back(element); });
  CHECK(elements == std::vector<std::string>{"a", "b c", "d"});
  CHECK(iequals("Sec-WebSocket", "sEC-wEBsOCKET"));
  CHECK_FALSE(iequals("a", "ab"));
  CHECK_FALSE(iequals("[", "{"));
  CHECK(is_token("a-Z.0!~"));
  for (const auto* other : {"", "a b", "a,b", "a\"", "\xc3\xa4", "a/b", "a:b"})
    CHECK_FALSE(is_token(other));
}

TEST_CASE("digest: known digests and encodings", "[net][digest]") {
  CHECK(to_hex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_base64(as_bytes("")).empty());
  CHECK(to_base64(as_bytes("f")) == "Zg==");
  CHECK(to_base64(as_bytes("fooba")) == "Zm9vYmE=");
  CHECK(to_base64(as_bytes("foobar")) == "Zm9vYmFy");
}

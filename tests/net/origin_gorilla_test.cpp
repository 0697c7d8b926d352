#include "troupe/origin.hpp"
#include "troupe/request.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <string>
#include <vector>

using namespace troupe;

namespace {

struct row {
  const char* host;
  const char* origins; // fields, as they come; each line ends with "\r\n"
  bool by_authority;   // gorilla's rule
  bool by_host;        // ours
  bool secure = false; // this server encrypts the connection
};

const std::vector<row> rows{
    {"a.example", "", true, true},
    {"a.example", "Origin: http://a.example\r\n", true, true},
    {"A.example", "Origin: http://a.EXAMPLE\r\n", true, true},
    {"a.example:8080", "Origin: http://a.example:8080\r\n", true, true},
    {"a.example", "Origin: http://b.example\r\n", false, false},
    {"a.example", "Origin: null\r\n", false, false},
    {"a.example", "Origin: \r\n", false, false},
    {"a.example", "Origin: a.example\r\n", false, false},
    {"a.example", "Origin: http:a.example\r\n", false, false},
    {"a.example", "Origin: ://a.example\r\n", false, false},
    {"a.example", "Origin: 1http://a.example\r\n", false, false},
    {"a.example", "Origin: http://b.example/a.example\r\n", false, false},
    {"a.example", "Origin: http://b.example?@a.example\r\n", false, false},
    {"a.example", "Origin: http://a%2eexample\r\n", false, false},
    {"a.example:x", "Origin: http://a.example:x\r\n", false, false},
    {"[::1]:80", "Origin: http://[::1]:80\r\n", true, true},
    // what gorilla refuses: default ports are not added
    {"a.example", "Origin: https://a.example:443\r\n", false, true, true},
    {"a.example:443", "Origin: https://a.example\r\n", false, true, true},
    {"a.example", "Origin: http://a.example:80\r\n", false, true},
    // what gorilla allows: the scheme is ignored, URLs need not be origins, the first one counts
    {"a.example", "Origin: http://a.example\r\n", true, false, true},
    {"a.example", "Origin: ftp://a.example\r\n", true, false},
    {"a.example", "Origin: //a.example\r\n", true, false},
    {"a.example", "Origin: http://a.example/page?query#part\r\n", true, false},
    {"a.example", "Origin: http://name@a.example\r\n", true, false},
    {"a.example", "Origin: http://a.example\r\nOrigin: http://b.example\r\n", true, false},
    {"a.example", "Origin: http://b.example\r\nOrigin: http://a.example\r\n", false, false},
};

} // namespace

TEST_CASE("gorilla U5: its origin rule is there, beside the stricter default", "[net][origin]") {
  for (const auto& each : rows) {
    CAPTURE(each.host, each.origins, each.secure);
    const auto from =
        test::make_request("/", std::string{"Host: "}.append(each.host) + "\r\n" + each.origins,
                           {.address = "127.0.0.1", .secure = each.secure});
    CHECK(origin_policy::same_authority().allows(from) == each.by_authority);
    CHECK(origin_policy::same_host().allows(from) == each.by_host);
  }
}

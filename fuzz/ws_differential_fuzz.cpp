// What it reaches: ws_reader as a server, beside Boost.Beast's websocket::stream. The first byte
// chooses the size limit, the rest is the stream.
// What it proves: both report the same messages, control frames and close codes, and fail at the
// same place for the same reason, but for the differences that README.md lists.
#include "tests/support/beast_oracle.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1)
    return 0;
  const std::string_view stream{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto difference = troupe::test::compare_with_beast(stream, (data[0] & 1) != 0 ? 100 : 5000);
  if (!difference.empty()) {
    std::fputs(difference.c_str(), stderr);
    std::abort();
  }
  return 0;
}

#include "troupe/delivery.hpp"
#include "troupe/errc.hpp"

#include <cstdio>

int main() {
  const auto mark = troupe::latest(7);
  const auto sentence = troupe::to_string(troupe::errc::ok);
  std::printf("key %llu: %s\n", static_cast<unsigned long long>(mark.key), sentence.data());
  return mark.key == 7 && !sentence.empty() ? 0 : 1;
}

#include "net/uuid.hpp"

#include "net/digest.hpp"

#include <array>
#include <cstddef>
#include <openssl/rand.h>
#include <span>
#include <stdexcept>

namespace troupe::net {

namespace {

std::array<unsigned char, 16> make_random() {
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw std::runtime_error{"OpenSSL has no random numbers."};
  return random;
}

} // namespace

std::string make_token() {
  const auto random = make_random();
  return to_hex(std::as_bytes(std::span{random}));
}

std::string make_uuid() {
  auto random = make_random();
  random[6] = static_cast<unsigned char>((random[6] & 0x0F) | 0x40); // version 4
  random[8] = static_cast<unsigned char>((random[8] & 0x3F) | 0x80); // variant of RFC 9562
  auto text = to_hex(std::as_bytes(std::span{random}));
  for (const std::size_t at : {8U, 13U, 18U, 23U})
    text.insert(at, 1, '-');
  return text;
}

} // namespace troupe::net

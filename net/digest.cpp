#include "net/digest.hpp"

#include <openssl/evp.h>
#include <stdexcept>

namespace troupe::net {

namespace {

template <std::size_t Size>
std::array<std::byte, Size> digest(std::string_view text, const EVP_MD* algorithm) {
  std::array<std::byte, Size> result{};
  auto* out = reinterpret_cast<unsigned char*>(result.data());
  if (EVP_Digest(text.data(), text.size(), out, nullptr, algorithm, nullptr) != 1)
    throw std::runtime_error{"OpenSSL could not compute a digest."};
  return result;
}

} // namespace

std::array<std::byte, 20> sha1(std::string_view text) {
  return digest<20>(text, EVP_sha1());
}

std::array<std::byte, 32> sha256(std::string_view text) {
  return digest<32>(text, EVP_sha256());
}

std::string to_base64(byte_view bytes) {
  std::string result((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return result;
}

std::string to_hex(byte_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(2 * bytes.size());
  for (const auto byte : bytes) {
    result.push_back(digits[std::to_integer<std::size_t>(byte >> 4)]);
    result.push_back(digits[std::to_integer<std::size_t>(byte & std::byte{15})]);
  }
  return result;
}

} // namespace troupe::net

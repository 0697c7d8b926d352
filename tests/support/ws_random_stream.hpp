#pragma once
#include "tests/support/ws_frames.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace troupe::test {

/// Draws streams of WebSocket frames as a client might send them, mostly correct.
///
/// The same seed gives the same streams on every platform: no distribution classes are used.
class ws_random_stream {
public:
  explicit ws_random_stream(std::uint32_t seed) : random_{seed} {}

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  /// A run of correct messages and control frames.
  std::string correct(std::uint32_t items = 8) {
    std::string stream;
    while (items-- > 0)
      stream += below(4) == 0 ? control() : message();
    if (below(3) == 0)
      stream +=
          client_frame(fin | closing, below(2) == 0 ? "" : close_payload(1000, characters(9)));
    return stream;
  }

  /// A correct stream in which some bits were changed, cut out or put in.
  std::string damaged() {
    auto stream = correct();
    for (auto count = 1 + below(3); count > 0 && !stream.empty(); --count)
      damage(stream);
    return stream;
  }

  /// A few places to cut `size` bytes at, ascending.
  std::vector<std::size_t> cuts(std::size_t size) {
    std::vector<std::size_t> result;
    const std::uint32_t stride = 1U << below(9);
    for (std::size_t at = below(stride) + 1; at < size; at += 1 + below(stride))
      result.push_back(at);
    return result;
  }

private:
  std::string message() {
    const bool is_text = below(2) == 0;
    const auto payload = is_text ? characters(size()) : octets(size());
    const auto fragments = below(3) == 0 ? 2 + below(4) : 1;
    std::string stream;
    std::size_t begin = 0;
    for (std::uint32_t index = 1; index <= fragments; ++index) {
      const bool is_last = index == fragments;
      const auto rest = payload.size() - begin;
      const auto count = is_last ? rest : below(static_cast<std::uint32_t>(rest + 1));
      const int op = index > 1 ? continuation : is_text ? text : binary;
      stream += frame(op | (is_last ? fin : 0), payload.substr(begin, count));
      begin += count;
      if (!is_last && below(3) == 0)
        stream += control();
    }
    return stream;
  }

  std::string control() { return frame(fin | (below(2) == 0 ? ping : pong), octets(below(126))); }

  std::string frame(int first_byte, std::string payload) {
    return encode({.first_byte = static_cast<std::uint8_t>(first_byte),
                   .payload = std::move(payload),
                   .key = static_cast<std::uint32_t>(random_())});
  }

  /// Mostly small, sometimes around the borders of the length forms.
  std::uint32_t size() {
    switch (below(8)) {
    case 0:
      return 120 + below(12);
    case 1:
      return below(40) == 0 ? 65530 + below(12) : below(2000);
    default:
      return below(40);
    }
  }

  std::string octets(std::uint32_t count) {
    std::string result(count, '\0');
    for (auto& octet : result)
      octet = static_cast<char>(below(256));
    return result;
  }

  std::string characters(std::uint32_t count) {
    static const char* const samples[] = {"a", "z", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    std::string result;
    while (result.size() + 4 <= count)
      result += samples[below(4) == 0 ? below(5) : 0];
    return result;
  }

  void damage(std::string& stream) {
    const auto at = below(static_cast<std::uint32_t>(stream.size()));
    switch (below(4)) {
    case 0:
      stream.erase(at, 1 + below(4));
      break;
    case 1:
      stream.insert(at, octets(1 + below(4)));
      break;
    default:
      stream[at] = static_cast<char>(stream[at] ^ (1 << below(8)));
    }
  }

  std::mt19937 random_;
};

} // namespace troupe::test

#pragma once
#include "troupe/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace troupe {

/// What msgpack distinguishes; `nothing` stands behind the last value.
enum class value_kind : std::uint8_t {
  nothing,
  nil,
  boolean,
  integer,
  floating,
  text,
  binary,
  array,
  map,
  extension,
};

/// One msgpack value; of a container only its head.
struct value {
  value_kind kind = value_kind::nothing;
  bool truth = false;        ///< boolean
  bool negative = false;     ///< integer: `integer` is the two's complement of a negative number
  std::uint64_t integer = 0; ///< integer
  double floating = 0;       ///< floating
  std::size_t count = 0;     ///< array: elements; map: entries, each a key and a value
  byte_view bytes{};         ///< text, binary, extension: views the bytes that are read
};

/// What `found` is, for the sentence that tells a client what it sent: "300", "text", "map", ...
std::string describe(const value& found);

/// Reads msgpack values in order, straight from the bytes of a message.
///
/// Typed arguments are read with it instead of `msgpack::object`, which costs an allocation of
/// 8 KiB per message.
///
/// Threading:  one object belongs to one thread.
/// Ownership:  views the bytes; so do texts and binaries it returns.
/// Errors:     never reads outside the bytes. Bytes that `check_msgpack` would refuse yield
///             `nothing` at some point.
class value_reader {
public:
  explicit value_reader(byte_view bytes) noexcept : rest_{bytes} {}

  /// The next value; after the head of a container its elements follow one by one.
  value next() noexcept;

  /// The next value without moving on.
  value peek() const noexcept;

  /// The bytes of the whole next value, elements included, and moves behind them.
  byte_view take() noexcept;

  /// What was not read yet.
  byte_view rest() const noexcept { return rest_; }

private:
  std::uint64_t big_endian(std::size_t size) noexcept;
  byte_view bytes(std::size_t size) noexcept;
  value integer(std::size_t size, bool is_signed) noexcept;
  value floating(std::size_t size) noexcept;
  value sized(value_kind kind, std::size_t size) noexcept;
  value extension(std::size_t size) noexcept;
  value container(value_kind kind, std::size_t count) noexcept;
  value other(unsigned first) noexcept;

  byte_view rest_;
};

} // namespace troupe

#pragma once
#include "troupe/bytes.hpp"

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace troupe::game {

class state_writer;
class state_reader;

/// Which types an archive knows, and how it takes them apart.
namespace archiving {

/// A class that names what is to be kept of it: `auto saved() { return std::tie(ships_, score_);
/// }`.
template <class T>
concept names_saved_members = requires(T& value) {
  value.saved();
};

/// A class that does it by hand.
template <class T>
concept saves_itself =
    !names_saved_members<T> && requires(T & value, state_writer& to, state_reader& from) {
  value.save(to);
  { value.load(from) } -> std::same_as<bool>;
};

template <class T>
concept described_record =
    !names_saved_members<T> && !saves_itself<T> && boost::describe::has_describe_members<T>::value
    && !std::is_union_v<T>;

template <class T>
concept scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

template <class T>
concept hashed_container = requires {
  typename T::hasher;
};

/// Vectors, deques, lists, sets, maps, strings.
template <class T>
concept growing_container =
    !names_saved_members<T> && !saves_itself<T> && !described_record<T> && requires(T & value) {
  value.begin();
  value.clear();
  value.size();
  typename T::value_type;
};

/// Strings, vectors and arrays of bytes: copied as a whole.
template <class T>
concept byte_block = requires(T& value) {
  value.data();
  requires sizeof(typename T::value_type) == 1 && scalar<typename T::value_type>;
  requires !std::same_as<typename T::value_type, bool>;
};

template <class T>
concept tuple_like = !growing_container<T> && requires {
  std::tuple_size<T>::value;
};

template <class T>
struct is_optional_value : std::false_type {};
template <class T>
struct is_optional_value<std::optional<T>> : std::true_type {};
template <class T>
struct is_variant_value : std::false_type {};
template <class... T>
struct is_variant_value<std::variant<T...>> : std::true_type {};
template <class T>
struct is_duration_value : std::false_type {};
template <class R, class P>
struct is_duration_value<std::chrono::duration<R, P>> : std::true_type {};

template <class Writer, class T>
void write_parts(Writer& to, const T& value);

template <class T>
using described_fields = boost::describe::describe_members<T, boost::describe::mod_any_access
                                                                  | boost::describe::mod_inherited>;

} // namespace archiving

/// Writes values as bytes that do not depend on the machine, for snapshots and state hashes.
///
/// Integers travel as varints (signed ones in zigzag), floats bit for bit in little endian,
/// containers with their size in front, structures member by member. Known are: numbers, enums,
/// durations, strings, optionals, variants, tuples, arrays, containers, what Boost.Describe
/// describes, classes with `saved()`, and classes with `void save(state_writer&)` and `bool
/// load(state_reader&)`. Containers that hash are refused, at compile time: their order differs
/// from run to run, and so would the state.
///
/// Threading:  distinct objects are independent.
/// Ownership:  owns what was written.
/// Errors:     std::bad_alloc.
class state_writer {
public:
  template <class... T>
  void operator()(const T&... values) {
    (write(values), ...);
  }

  byte_view bytes() const noexcept { return {bytes_.data(), size_}; }
  std::vector<std::byte> take() noexcept;
  /// Forgets what was written, keeps the memory.
  void clear() noexcept { size_ = 0; }

private:
  template <class Writer, class T>
  friend void archiving::write_parts(Writer& to, const T& value);

  std::byte* room_for(std::size_t size);
  void write_raw(const void* from, std::size_t size);
  template <class T>
  void write_container(const T& value);
  template <class T>
  void write(const T& value);

  std::vector<std::byte> bytes_;
  std::size_t size_ = 0; // of what is written; room for more is behind it
};

/// Reads what a `state_writer` wrote, into values of the same types.
///
/// Total: whatever the bytes are, it reads nothing outside of them and allocates no more than a
/// small multiple of their number. After the first misfit everything else fails as well.
///
/// Threading:  distinct objects are independent.
/// Ownership:  views the bytes.
/// Errors:     `is_good()` is false; the values are then unspecified.
class state_reader {
public:
  explicit state_reader(byte_view from) noexcept : rest_{from} {}

  template <class... T>
  bool operator()(T&&... values) {
    return (read(values) && ...);
  }

  bool is_good() const noexcept { return is_good_; }
  bool is_done() const noexcept { return is_good_ && rest_.empty(); }
  byte_view rest() const noexcept { return rest_; }

private:
  bool fail() noexcept {
    rest_ = {};
    return is_good_ = false;
  }
  bool read_varint(std::uint64_t& to) noexcept;
  bool read_signed(std::int64_t& to) noexcept;
  bool read_raw(void* to, std::size_t size) noexcept;
  template <class Bits>
  bool read_bits(Bits& to) noexcept;
  bool read_count(std::size_t& to) noexcept;

  template <archiving::scalar T>
  bool read_scalar(T& to);
  template <class T>
  bool read_container(T& to);
  template <class T>
  bool read_variant(T& to);
  template <class T>
  bool read(T& to);

  byte_view rest_;
  bool is_good_ = true;
};

/// 64 bits that stand for `bytes`; equal bytes give equal bits on every machine. Not for secrets.
std::uint64_t hash_state(byte_view bytes) noexcept;

} // namespace troupe::game

#include "troupe/game/archive_reading.hpp"
#include "troupe/game/archive_writing.hpp"

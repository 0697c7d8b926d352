#pragma once
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace troupe::game {

/// One value by which rooms are found. Numbers compare with numbers, whichever kind they are.
class metadata_value {
public:
  metadata_value() = default;
  metadata_value(bool value) : held_{value} {} // NOLINT: implicit, like the following ones
  template <std::integral T>
  metadata_value(T value) : held_{static_cast<std::int64_t>(value)} {}  // NOLINT
  metadata_value(double value) : held_{value} {}                        // NOLINT
  metadata_value(std::string value) : held_{std::move(value)} {}        // NOLINT
  metadata_value(std::string_view value) : held_{std::string{value}} {} // NOLINT
  metadata_value(const char* value) : held_{std::string{value}} {}      // NOLINT

  using held_type = std::variant<bool, std::int64_t, double, std::string>;
  const held_type& held() const noexcept { return held_; }
  auto saved() { return std::tie(held_); }

  /// @returns less than, equal to or greater than 0; nothing if the two do not compare.
  std::optional<int> compare(const metadata_value& other) const noexcept;
  friend bool operator==(const metadata_value& a, const metadata_value& b) noexcept {
    return a.compare(b) == 0;
  }

private:
  held_type held_;
};

/// What a room tells those who look for one: {"mode", "ctf"}, {"level", 3}.
using metadata = std::map<std::string, metadata_value, std::less<>>;

/// How a condition compares.
enum class comparison : std::uint8_t { equal, not_equal, less, at_most, greater, at_least };

/// One condition on the metadata of a room; not fulfilled if the room does not have the key.
struct condition {
  std::string key;
  metadata_value value;
  comparison how = comparison::equal;
};

/// Rooms that fulfil all conditions.
using room_filter = std::vector<condition>;

bool fits(const metadata& room, const room_filter& wanted) noexcept;

/// The metadata that a room must have for `equal` conditions to find it.
metadata metadata_for(const room_filter& wanted);

/// Orders rooms by a value of their metadata; those that lack it come last.
struct sort_key {
  std::string key;
  bool descending = false;
};

} // namespace troupe::game

#pragma once
#include "troupe/game/metadata.hpp"

#include "game/lobby.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace troupe::game {

/// The rooms of one kind that take somebody: the fullest first, then the oldest, and the same for
/// every value of their metadata, so that a filter need not look at those of other filters.
///
/// Threading:  belongs to one thread.
/// Ownership:  refers to listings, whose metadata must not change while they are in.
class open_rooms {
public:
  struct entry {
    std::uint32_t free; ///< seats
    std::uint64_t age;  ///< smaller is older; never the same twice
    const listing* room;
    friend bool operator<(const entry& a, const entry& b) noexcept {
      return std::pair{a.free, a.age} < std::pair{b.free, b.age};
    }
  };
  using ordered = std::set<entry>;

  void add(const entry& room);
  /// Nothing happens if it is not in.
  void remove(const entry& room);

  /// All that may fit, and others: the shortest list that has them.
  const ordered& candidates(const room_filter& wanted) const;

private:
  ordered all_;
  std::map<std::string, ordered, std::less<>> by_value_;
};

} // namespace troupe::game

#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace troupe::game {

/// A place on the plane of a game, in its own units.
struct map_point {
  float x = 0;
  float y = 0;

  friend bool operator==(const map_point&, const map_point&) = default;
};

constexpr float squared_distance(map_point a, map_point b) noexcept {
  const float x = a.x - b.x;
  const float y = a.y - b.y;
  return x * x + y * y;
}

/// Finds which of many points are near a place, without looking at all of them.
///
/// The plane is cut into square cells without bounds; points of one cell lie side by side in
/// memory. Everything moves in a game, so there is no moving of single points: `rebuild` sorts all
/// of them anew, which costs less than keeping track.
///
/// Threading:  distinct objects are independent; queries of one object may run in parallel.
/// Ownership:  owns copies of the points.
/// Errors:     none. Points and places that are not finite are near nothing.
class spatial_grid {
public:
  struct hit {
    std::uint32_t index = 0; ///< of the point, as it was given to `rebuild`
    float squared_distance = 0;
  };

  /// @param cell_size  a third of the usual radius is a good choice; at least 0.001.
  explicit spatial_grid(float cell_size = 64);

  /// Forgets all points and takes these; linear in their number.
  void rebuild(std::span<const map_point> points);

  /// Appends the points that are at most `radius` away from `center`, in no particular order.
  void find_within(map_point center, float radius, std::vector<hit>& to) const;

private:
  struct cell {
    std::int32_t x = 0;
    std::int32_t y = 0;
    friend bool operator==(const cell&, const cell&) = default;
  };
  struct item {
    cell where;
    map_point point;
    std::uint32_t index = 0;
  };

  cell cell_of(map_point point) const noexcept;
  std::size_t bucket_of(cell where) const noexcept;
  void search_cell(cell where, map_point center, float reach, std::vector<hit>& to) const;
  void search_all(map_point center, float reach, std::vector<hit>& to) const;

  float cell_size_;
  std::vector<item> items_;          ///< sorted by bucket
  std::vector<std::uint32_t> start_; ///< where each bucket begins in `items_`; one more at the end
  std::vector<item> unsorted_;
};

} // namespace troupe::game

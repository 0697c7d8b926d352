#include "troupe/game/spatial_grid.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace troupe::game {

namespace {

bool is_finite(map_point point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

/// Far away, cells become very large; there is no overflow.
std::int32_t cell_coordinate(float position, float cell_size) {
  constexpr float farthest = 1 << 30;
  return static_cast<std::int32_t>(
      std::clamp(std::floor(position / cell_size), -farthest, farthest));
}

} // namespace

spatial_grid::spatial_grid(float cell_size)
    : cell_size_{std::max(cell_size, 0.001F)}, start_(2, 0) {}

spatial_grid::cell spatial_grid::cell_of(map_point point) const noexcept {
  return {cell_coordinate(point.x, cell_size_), cell_coordinate(point.y, cell_size_)};
}

std::size_t spatial_grid::bucket_of(cell where) const noexcept {
  const auto mixed = static_cast<std::uint32_t>(where.x) * std::uint64_t{0x9E3779B97F4A7C15}
                     + static_cast<std::uint32_t>(where.y) * std::uint64_t{0xC2B2AE3D27D4EB4F};
  return static_cast<std::size_t>(mixed >> 32) & (start_.size() - 2);
}

void spatial_grid::rebuild(std::span<const map_point> points) {
  start_.assign(std::bit_ceil(points.size() * 2 + 1) + 1, 0);
  unsorted_.clear();
  for (std::size_t i = 0; i < points.size(); ++i)
    if (is_finite(points[i])) {
      unsorted_.push_back({cell_of(points[i]), points[i], static_cast<std::uint32_t>(i)});
      ++start_[bucket_of(unsorted_.back().where)];
    }
  std::uint32_t end = 0;
  for (auto& each : start_)
    each = end += each;
  items_.resize(unsorted_.size());
  for (const auto& each : unsorted_)
    items_[--start_[bucket_of(each.where)]] = each;
}

void spatial_grid::search_cell(cell where, map_point center, float reach,
                               std::vector<hit>& to) const {
  const auto bucket = bucket_of(where);
  for (auto i = start_[bucket]; i < start_[bucket + 1]; ++i) {
    const auto& each = items_[i];
    const auto distance = squared_distance(each.point, center);
    if (distance <= reach && each.where == where)
      to.push_back({each.index, distance});
  }
}

void spatial_grid::search_all(map_point center, float reach, std::vector<hit>& to) const {
  for (const auto& each : items_) {
    const auto distance = squared_distance(each.point, center);
    if (distance <= reach)
      to.push_back({each.index, distance});
  }
}

void spatial_grid::find_within(map_point center, float radius, std::vector<hit>& to) const {
  if (!is_finite(center) || !(radius >= 0))
    return;
  // One step more than the radius reaches: the distance is rounded, and so are the corners.
  const float margin = radius + (std::abs(center.x) + std::abs(center.y) + radius) * 1e-6F;
  const auto low = cell_of({center.x - margin, center.y - margin});
  const auto high = cell_of({center.x + margin, center.y + margin});
  const auto columns = std::int64_t{high.x} - low.x + 1;
  const auto rows = std::int64_t{high.y} - low.y + 1;
  if (columns >= static_cast<std::int64_t>(items_.size()) || rows >= 1 << 20
      || columns * rows >= static_cast<std::int64_t>(items_.size()))
    return search_all(center, radius * radius, to);
  for (auto y = low.y; y <= high.y; ++y)
    for (auto x = low.x; x <= high.x; ++x)
      search_cell({x, y}, center, radius * radius, to);
}

} // namespace troupe::game

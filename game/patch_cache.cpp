#include "game/patch_cache.hpp"

#include <algorithm>

namespace troupe::game {

void body_cache::clear(std::uint32_t ranks, tick_number forgotten) {
  bytes_.clear();
  made_.resize(ranks);
  for (auto& all : made_)
    all.clear();
  forgotten_ = forgotten;
}

/// Between the last change and the one before nothing changed: all ticks there mean the same.
tick_number body_cache::canonical(const published_record& record,
                                  tick_number since) const noexcept {
  if (since < record.born || since < forgotten_)
    return 0;
  return since >= record.before ? record.before : since;
}

byte_view body_cache::body(const published_entities& map, std::uint32_t rank, baseline known) {
  const auto& record = map.at(rank).record;
  known.since = canonical(record, known.since);
  if (known.since == 0)
    known = {};
  auto& all = made_[rank];
  auto found = std::ranges::find(all, known, &made_body::known);
  if (found == all.end()) {
    const auto offset = bytes_.size();
    write_record(bytes_, map.access->record(), record, known);
    found = all.insert(found, {known, offset, bytes_.size() - offset});
  }
  return byte_view{bytes_}.subspan(found->offset, found->size);
}

const plan_cache::plan_key& plan_cache::key(const published_world& world, const body_cache& bodies,
                                            const baseline& root, std::span<const map_plan> plans) {
  key_.assign(1, root.since << 1 | (root.is_exact ? 1U : 0U));
  for (std::size_t i = 0; i < plans.size(); ++i) {
    key_.push_back(plans[i].removals.size());
    for (const auto& gone : plans[i].removals)
      key_.push_back(gone.id << 1 | (gone.is_destroyed ? 1U : 0U));
    key_.push_back(plans[i].entities.size());
    for (const auto& told : plans[i].entities) {
      const auto since = bodies.canonical(world.maps[i].at(told.rank).record, told.known.since);
      key_.push_back(told.rank);
      key_.push_back(since << 1 | (told.known.is_certain ? 1U : 0U));
    }
  }
  hash_ = hash();
  return key_;
}

std::uint64_t plan_cache::hash() const noexcept {
  std::uint64_t mixed = key_.size();
  for (const auto word : key_) {
    mixed = (mixed ^ word) * 0x9E3779B97F4A7C15;
    mixed ^= mixed >> 29;
  }
  return mixed;
}

shared_bytes plan_cache::find() const {
  const auto same_hash = made_.find(hash_);
  if (same_hash == made_.end())
    return nullptr;
  const auto same =
      std::ranges::find(same_hash->second, key_, &std::pair<plan_key, shared_bytes>::first);
  return same == same_hash->second.end() ? nullptr : same->second;
}

void plan_cache::add(shared_bytes bytes) {
  made_[hash_].emplace_back(key_, std::move(bytes));
}

} // namespace troupe::game

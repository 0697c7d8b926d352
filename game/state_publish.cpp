#include "game/state_tree.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <utility>

namespace troupe::game {

namespace {

bool publish_value(published_value& to, const value_access& access, const void* value,
                   publication& how);

/// Stamps the value with this tick when `changed`, and passes that on.
bool stamp(published_value& to, bool changed, const publication& how) {
  if (changed)
    to.changed = how.now;
  return changed;
}

bool publish_number(published_value& to, const value_access& access, const void* value,
                    const publication& how) {
  const auto code = access.number.read(value);
  const auto* const known = std::get_if<std::uint64_t>(&to.content);
  const auto was = known ? *known : 0;
  if (to.changed != 0 && known && was == code)
    return false;
  to.before = to.changed;
  to.was = was;
  to.content = code;
  return stamp(to, true, how);
}

/// Patches carry UTF-8 only; bytes that are none become question marks.
std::string to_utf8(std::string_view text) {
  std::string clean{text};
  if (!protocol::is_valid_utf8(as_bytes(text)))
    std::replace_if(
        clean.begin(), clean.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  return clean;
}

bool publish_text(published_value& to, const value_access& access, const void* value,
                  const publication& how) {
  const auto text = access.text.read(value);
  const auto* const known = std::get_if<std::string>(&to.content);
  if (known && *known == text)
    return false;
  auto clean = to_utf8(text);
  const bool differs = !known || *known != clean;
  to.content = std::move(clean);
  return stamp(to, differs, how);
}

bool publish_list(published_value& to, const value_access& access, const void* list,
                  publication& how) {
  bool differs = to.changed == 0;
  if (!std::holds_alternative<published_list>(to.content))
    to.content = published_list{};
  auto& elements = std::get<published_list>(to.content).elements;
  const auto size = access.list.size(list);
  differs |= elements.size() != size;
  elements.resize(size);
  for (std::size_t i = 0; i < size; ++i)
    differs |= publish_value(elements[i], access.list.element(), access.list.at(list, i), how);
  return stamp(to, differs, how);
}

/// Walks the entities of a map beside those published before: both are in ascending order.
class map_merge {
public:
  map_merge(published_map& to, const record_access& access, publication& how)
      : to_{to}, access_{access}, how_{how}, old_{std::exchange(to.entities, {})} {
    to_.entities.reserve(old_.size());
  }

  void take(entity_id id, const void* entity) {
    remove_until(id);
    if (next_ < old_.size() && old_[next_]->id == id)
      to_.entities.push_back(std::move(old_[next_++]));
    else
      add(id);
    differs_ |= publish_record(to_.entities.back()->record, access_, entity, how_);
  }

  bool finish() {
    remove_until(max_entity_id + 1);
    forget_oldest();
    return differs_;
  }

private:
  void add(entity_id id) {
    to_.entities.push_back(std::make_unique<published_entity>());
    to_.entities.back()->id = id;
    std::erase_if(to_.gone, [id](const gone_entity& gone) { return gone.id == id; });
    differs_ = true;
  }

  void remove_until(entity_id id) {
    for (; next_ < old_.size() && old_[next_]->id < id; ++next_) {
      to_.gone.push_back({old_[next_]->id, how_.now});
      differs_ = true;
    }
  }

  void forget_oldest() {
    if (to_.gone.size() <= how_.max_gone)
      return;
    const auto excess = static_cast<std::ptrdiff_t>(to_.gone.size() - how_.max_gone);
    auto& forgotten = how_.depth == 1 ? how_.forgotten_entities : how_.forgotten;
    forgotten = std::max(forgotten, to_.gone[static_cast<std::size_t>(excess - 1)].when);
    to_.gone.erase(to_.gone.begin(), to_.gone.begin() + excess);
  }

  published_map& to_;
  const record_access& access_;
  publication& how_;
  std::vector<std::unique_ptr<published_entity>> old_;
  std::size_t next_ = 0;
  bool differs_ = false;
};

bool publish_map(published_value& to, const value_access& access, const void* map,
                 publication& how) {
  const bool is_new = to.changed == 0;
  if (is_new)
    to.content = std::make_unique<published_map>();
  map_merge merge{*std::get<std::unique_ptr<published_map>>(to.content), access.record(), how};
  access.map.visit(map, &merge, [](void* context, entity_id id, const void* entity) {
    if (id <= max_entity_id)
      static_cast<map_merge*>(context)->take(id, entity);
  });
  return stamp(to, merge.finish() || is_new, how);
}

bool publish_element(published_value& to, const value_access& access, const void* value,
                     publication& how) {
  if (!std::holds_alternative<std::unique_ptr<published_record>>(to.content))
    to.content = std::make_unique<published_record>();
  auto& record = *std::get<std::unique_ptr<published_record>>(to.content);
  return stamp(to, publish_record(record, access.record(), value, how), how);
}

bool publish_value(published_value& to, const value_access& access, const void* value,
                   publication& how) {
  switch (access.kind) {
  case field_kind::text:
    return publish_text(to, access, value, how);
  case field_kind::list:
    return publish_list(to, access, value, how);
  case field_kind::map:
    return publish_map(to, access, value, how);
  case field_kind::record:
    return publish_element(to, access, value, how);
  default:
    return publish_number(to, access, value, how);
  }
}

} // namespace

bool publish_record(published_record& to, const record_access& access, const void* object,
                    publication& how) {
  bool differs = to.born == 0;
  if (differs) {
    to.born = how.now;
    to.leaves.resize(access.leaves.size());
  }
  ++how.depth;
  for (std::size_t i = 0; i < to.leaves.size(); ++i) {
    const auto& leaf = access.leaves[i];
    differs |= publish_value(to.leaves[i], *leaf.value, leaf.locate(object), how);
  }
  --how.depth;
  if (differs)
    to.before = std::exchange(to.changed, how.now);
  return differs;
}

} // namespace troupe::game

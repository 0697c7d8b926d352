#include "game/patch_read.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>

namespace troupe::game {

namespace {

constexpr unsigned max_depth = 32;
constexpr std::size_t group_size = 8;

} // namespace

bool patch_reader::refuse(std::string_view reason) noexcept {
  if (reason_.empty())
    reason_ = reason;
  return false;
}

void patch_reader::report(change_kind kind, entity_id id, bool is_destroyed) {
  if (!is_apply_ && depth_ == 1)
    changes_.push_back({kind, root_leaf_, id, is_destroyed});
}

bool patch_reader::read_root() {
  bool is_full = false;
  return read_record(access_, is_apply_ ? state_ : nullptr, state_, is_full)
         && (from_.bits_left() == 0 || refuse("there are bytes behind the end of the patch"));
}

bool patch_reader::read_mask(std::vector<bool>& has) {
  std::vector<bool> groups((has.size() + group_size - 1) / group_size, true);
  for (std::size_t i = 0; groups.size() > 1 && i < groups.size(); ++i)
    if (!read_bit(groups, i))
      return false;
  for (std::size_t i = 0; i < has.size(); ++i)
    if (has[i] = groups[i / group_size]; has[i] && !read_bit(has, i))
      return false;
  return true;
}

bool patch_reader::read_bit(std::vector<bool>& to, std::size_t at) {
  const auto bit = from_.take(1);
  to[at] = bit == std::uint64_t{1};
  return bit || refuse("the patch ends in the middle of a record");
}

bool patch_reader::read_record(const record_access& access, void* target, const void* old,
                               bool& is_full) {
  if (depth_ == max_depth)
    return refuse("records are nested too deeply");
  const auto first = from_.take(1);
  if (!first)
    return refuse("the patch ends in the middle of a record");
  is_full = *first == 1;
  if (!is_full && !old && !is_apply_)
    return refuse("the patch changes what is not there");
  std::vector<bool> has(access.leaves.size(), true);
  if (!is_full && !read_mask(has))
    return false;
  ++depth_;
  const bool fits = read_leaves(access, has, target, is_full ? nullptr : old);
  --depth_;
  return fits;
}

bool patch_reader::read_leaves(const record_access& access, const std::vector<bool>& has,
                               void* target, const void* old) {
  const auto located = [](const leaf_access& leaf, const void* record) {
    return record ? leaf.locate(record) : nullptr;
  };
  for (std::size_t i = 0; i < has.size(); ++i) {
    if (i == access.numbers && !from_.align())
      return refuse("a record is not filled up with zeros");
    if (!has[i])
      continue;
    const auto& leaf = access.leaves[i];
    if (depth_ == 1)
      root_leaf_ = i;
    void* const value = const_cast<void*>(located(leaf, target)); // of an object that is ours
    const void* const known = located(leaf, old);
    if (!(i < access.numbers ? read_change(*leaf.value, value, known)
                             : read_value(*leaf.value, value, known)))
      return false;
    if (leaf.value->kind != field_kind::map)
      report(change_kind::value, 0);
  }
  return access.numbers < has.size() || from_.align()
         || refuse("a record is not filled up with zeros");
}

bool patch_reader::read_value(const value_access& access, void* target, const void* old) {
  bool is_full = false;
  switch (access.kind) {
  case field_kind::text:
    return read_text(access, target);
  case field_kind::list:
    return read_list(access, target, old);
  case field_kind::map:
    return read_map(access, target, old);
  case field_kind::record:
    return read_record(access.record(), target, old, is_full);
  default:
    return read_number(access, target);
  }
}

bool patch_reader::read_number(const value_access& access, void* target) {
  const auto code = access.bits == 0 ? from_.take_varint() : from_.take(access.bits);
  if (!code || *code > access.top)
    return refuse("a number is cut short or out of its range");
  if (is_apply_)
    access.number.write(target, *code);
  return true;
}

/// A number of a record, which is told as a difference where that takes fewer bits.
bool patch_reader::read_change(const value_access& access, void* target, const void* old) {
  if (!is_exact_ || !old || access.near_bits == 0)
    return read_number(access, target);
  const auto is_near = from_.take(1);
  return is_near == std::uint64_t{1} ? read_difference(access, target, old)
                                     : read_number(access, target);
}

bool patch_reader::read_difference(const value_access& access, void* target, const void* old) {
  const auto moved = from_.take(access.near_bits);
  if (!moved)
    return refuse("a number is cut short or out of its range");
  const auto half = std::uint64_t{1} << (access.near_bits - 1);
  auto code = access.number.read(old) + *moved - half; // wraps around below zero
  if (access.kind == field_kind::angle)
    code &= access.top;
  if (code > access.top)
    return refuse("a number is cut short or out of its range");
  if (is_apply_)
    access.number.write(target, code);
  return true;
}

bool patch_reader::read_text(const value_access& access, void* target) {
  const auto text = from_.take_text();
  if (!text || (!is_apply_ && !protocol::is_valid_utf8(as_bytes(*text))))
    return refuse("a text is cut short or not UTF-8");
  if (is_apply_)
    access.text.write(target, *text);
  return true;
}

bool patch_reader::read_list(const value_access& access, void* target, const void* old) {
  const auto size = from_.take_varint();
  const auto count = from_.take_varint();
  if (!size || !count || *count > *size || *count > from_.bits_left())
    return refuse("a list is cut short");
  const auto known = old ? access.list.size(old) : 0;
  if (!is_apply_ && *size > known + *count)
    return refuse("a list grows by elements that are not there");
  std::vector<std::size_t> positions;
  if (!read_positions(positions, static_cast<std::size_t>(*count), static_cast<std::size_t>(*size)))
    return false;
  const auto fresh = positions.end() - std::lower_bound(positions.begin(), positions.end(), known);
  if (!is_apply_ && *size > known && static_cast<std::uint64_t>(fresh) != *size - known)
    return refuse("a list grows by elements that are not there");
  if (is_apply_)
    access.list.resize(target, static_cast<std::size_t>(*size));
  return read_elements(access, positions, target, old);
}

bool patch_reader::read_positions(std::vector<std::size_t>& to, std::size_t count,
                                  std::size_t size) {
  to.reserve(count);
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto gap = count == size ? std::optional<std::uint64_t>{0} : from_.take_varint();
    if (!gap || *gap >= size - next)
      return refuse("a list has an element behind its end");
    to.push_back(next + static_cast<std::size_t>(*gap));
    next = to.back() + 1;
  }
  return true;
}

bool patch_reader::read_elements(const value_access& access,
                                 const std::vector<std::size_t>& positions, void* target,
                                 const void* old) {
  const auto& element = access.list.element();
  const auto known = old ? access.list.size(old) : 0;
  for (const auto at : positions) {
    void* const value = is_apply_ ? const_cast<void*>(access.list.at(target, at)) : nullptr;
    if (!read_value(element, value, at < known ? access.list.at(old, at) : nullptr))
      return false;
  }
  return !element.is_number() || from_.align() || refuse("a list is not filled up with zeros");
}

bool patch_reader::read_id(const value_access& access, std::uint64_t step, entity_id& next) {
  if (next > access.map.greatest || step > access.map.greatest - next)
    return refuse("an id is too large");
  next += step + 1;
  return true;
}

bool patch_reader::read_map(const value_access& access, void* target, const void* old) {
  if (!read_removals(access, target, old))
    return false;
  const auto count = from_.take_varint();
  if (!count || *count > from_.bits_left())
    return refuse("a map is cut short");
  std::vector<entity_id> ids;
  entity_id next = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto gap = from_.take_varint();
    if (!gap || !read_id(access, *gap, next))
      return refuse("a map is cut short");
    ids.push_back(next - 1);
    if (!read_entity(access, next - 1, target, old))
      return false;
  }
  if (!old)
    drop_others(access, ids, target);
  return true;
}

bool patch_reader::read_removals(const value_access& access, void* target, const void* old) {
  const auto count = from_.take_varint();
  if (!count || *count > from_.bits_left() / 8)
    return refuse("a map is cut short");
  entity_id next = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto mark = from_.take_varint();
    if (!mark || !read_id(access, *mark >> 1, next))
      return refuse("a map is cut short");
    if (is_apply_)
      access.map.erase(target, next - 1);
    else if (old && access.map.find(old, next - 1))
      report(change_kind::left, next - 1, (*mark & 1) != 0);
  }
  return true;
}

bool patch_reader::read_entity(const value_access& access, entity_id id, void* target,
                               const void* old) {
  bool is_full = false;
  if (is_apply_) {
    void* const entity = access.map.insert(target, id);
    return read_record(access.record(), entity, old ? entity : nullptr, is_full);
  }
  if (depth_ == 1)
    report(access.map.find(present_map(), id) ? change_kind::changed : change_kind::entered, id);
  return read_record(access.record(), nullptr, old ? access.map.find(old, id) : nullptr, is_full);
}

/// A map that is replaced keeps only the entities that were named.
void patch_reader::drop_others(const value_access& access, const std::vector<entity_id>& named,
                               void* target) {
  struct {
    const std::vector<entity_id>& named;
    std::vector<entity_id> others;
  } found{named, {}};
  const void* const map = is_apply_ ? target : depth_ == 1 ? present_map() : nullptr;
  if (!map)
    return;
  access.map.visit(map, &found, [](void* context, entity_id id, const void*) {
    auto& all = *static_cast<decltype(found)*>(context);
    if (!std::binary_search(all.named.begin(), all.named.end(), id))
      all.others.push_back(id);
  });
  for (const auto id : found.others) {
    report(change_kind::left, id);
    if (is_apply_)
      access.map.erase(target, id);
  }
}

const void* patch_reader::present_map() const {
  return access_.leaves[root_leaf_].locate(state_);
}

} // namespace troupe::game

#include "game/patch_write.hpp"

#include <algorithm>
#include <optional>

namespace troupe::game {

namespace {

constexpr std::size_t group_size = 8;

void write_number(bit_writer& to, const value_access& access, const published_value& value) {
  const auto code = std::get<std::uint64_t>(value.content);
  if (access.bits == 0)
    to.put_varint(code);
  else
    to.put(code, access.bits);
}

/// The code as its distance from the one before, moved so that it is no less than zero; nothing
/// when it is too far away. Angles are near each other across zero, too.
std::optional<std::uint64_t> small_difference(const value_access& access, std::uint64_t was,
                                              std::uint64_t code) {
  const auto half = std::uint64_t{1} << (access.near_bits - 1);
  auto moved = code - was + half; // wraps around on purpose
  if (access.kind == field_kind::angle)
    moved &= access.top;
  return moved < 2 * half ? std::optional{moved} : std::nullopt;
}

/// A number of a record that is not full.
void write_change(bit_writer& to, const value_access& access, const published_value& value,
                  const baseline& known) {
  if (!known.is_exact || access.near_bits == 0)
    return write_number(to, access, value);
  const auto near =
      known.is_certain && known.since >= value.before
          ? small_difference(access, value.was, std::get<std::uint64_t>(value.content))
          : std::nullopt;
  to.put(near ? 1 : 0, 1);
  if (near)
    to.put(*near, access.near_bits);
  else
    write_number(to, access, value);
}

void write_group(bit_writer& to, const std::vector<bool>& has, std::size_t first) {
  for (auto i = first; i < std::min(first + group_size, has.size()); ++i)
    to.put(has[i] ? 1 : 0, 1);
}

bool is_any(const std::vector<bool>& has, std::size_t first) {
  const auto begin = has.begin() + static_cast<std::ptrdiff_t>(first);
  const auto count = std::min(group_size, has.size() - first);
  return std::find(begin, begin + static_cast<std::ptrdiff_t>(count), true)
         != begin + static_cast<std::ptrdiff_t>(count);
}

void write_element(byte_buffer& to, const value_access& access, const published_value& value,
                   const baseline& known) {
  if (access.kind == field_kind::record)
    write_record(to, access.record(), *std::get<std::unique_ptr<published_record>>(value.content),
                 known);
  else
    write_branch(to, access, value, known);
}

void write_elements(byte_buffer& to, const value_access& access,
                    std::span<const published_value* const> elements, const baseline& known) {
  if (!access.is_number()) {
    for (const auto* element : elements)
      write_element(to, access, *element, known);
    return;
  }
  bit_writer bits{to};
  for (const auto* element : elements)
    write_number(bits, access, *element);
  bits.align();
}

void write_list(byte_buffer& to, const value_access& access, const published_list& list,
                const baseline& known) {
  std::vector<const published_value*> changed;
  byte_buffer gaps;
  id_writer ids;
  for (std::size_t i = 0; i < list.elements.size(); ++i)
    if (list.elements[i].changed > known.since) {
      changed.push_back(&list.elements[i]);
      append_varint(gaps, ids.step(i));
    }
  append_varint(to, list.elements.size());
  append_varint(to, changed.size());
  if (changed.size() != list.elements.size())
    append(to, gaps);
  write_elements(to, access.list.element(), changed, known);
}

void write_map(byte_buffer& to, const value_access& access, const published_map& map,
               const baseline& known) {
  std::vector<removal> removals;
  for (const auto& gone : map.gone)
    if (known.since > 0 && gone.when > known.since)
      removals.push_back({gone.id, true});
  std::sort(removals.begin(), removals.end(), [](auto a, auto b) { return a.id < b.id; });
  write_removals(to, removals);
  const auto is_news = [&](const auto& entity) { return entity->record.changed > known.since; };
  append_varint(to, static_cast<std::uint64_t>(
                        std::count_if(map.entities.begin(), map.entities.end(), is_news)));
  id_writer ids;
  for (const auto& entity : map.entities)
    if (is_news(entity)) {
      append_varint(to, ids.step(entity->id));
      write_record(to, access.record(), entity->record, known);
    }
}

void write_mask(bit_writer& to, const std::vector<bool>& has) {
  const bool is_grouped = has.size() > group_size;
  for (std::size_t i = 0; is_grouped && i < has.size(); i += group_size)
    to.put(is_any(has, i) ? 1 : 0, 1);
  for (std::size_t i = 0; i < has.size(); i += group_size)
    if (!is_grouped || is_any(has, i))
      write_group(to, has, i);
}

} // namespace

void write_patch_head(byte_buffer& to, const baseline& known, tick_number to_tick) {
  append_varint(to, known.since == 0 ? snapshot_mark : known.is_exact ? exact_mark : patch_mark);
  append_varint(to, to_tick);
  if (known.since != 0)
    append_varint(to, to_tick - known.since);
}

void write_record_start(byte_buffer& to, const record_access& access,
                        const published_record& record, const std::vector<bool>& has,
                        const baseline& known) {
  bit_writer bits{to};
  bits.put(known.since == 0 ? 1 : 0, 1);
  if (known.since != 0)
    write_mask(bits, has);
  for (std::size_t i = 0; i < access.numbers; ++i)
    if (has[i])
      write_change(bits, *access.leaves[i].value, record.leaves[i], known);
  bits.align();
}

void write_record(byte_buffer& to, const record_access& access, const published_record& record,
                  baseline known) {
  if (record.born > known.since)
    known = {};
  std::vector<bool> has(record.leaves.size());
  for (std::size_t i = 0; i < has.size(); ++i)
    has[i] = record.leaves[i].changed > known.since;
  write_record_start(to, access, record, has, known);
  for (auto i = access.numbers; i < has.size(); ++i)
    if (has[i])
      write_branch(to, *access.leaves[i].value, record.leaves[i], known);
}

void write_removals(byte_buffer& to, std::span<const removal> removals) {
  append_varint(to, removals.size());
  id_writer ids;
  for (const auto& gone : removals)
    append_varint(to, ids.step(gone.id) << 1 | (gone.is_destroyed ? 1U : 0U));
}

void write_branch(byte_buffer& to, const value_access& access, const published_value& value,
                  const baseline& known) {
  switch (access.kind) {
  case field_kind::text:
    append_text(to, std::get<std::string>(value.content));
    break;
  case field_kind::list:
    write_list(to, access, std::get<published_list>(value.content), known);
    break;
  default:
    write_map(to, access, *std::get<std::unique_ptr<published_map>>(value.content), known);
  }
}

} // namespace troupe::game

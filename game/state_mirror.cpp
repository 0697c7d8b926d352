#include "troupe/game/state_mirror.hpp"

#include "game/patch_read.hpp"
#include "game/patch_write.hpp"

namespace troupe::game {

namespace {

struct patch_head {
  bool is_snapshot = false;
  bool is_exact = false;
  tick_number from = 0;
  tick_number to = 0;
};

std::optional<patch_head> read_head(bit_reader& from) {
  const auto mark = from.take_varint();
  const auto to = from.take_varint();
  if (!mark || !to || *to == 0 || *to > max_entity_id || *mark < snapshot_mark
      || *mark > exact_mark)
    return {};
  if (*mark == snapshot_mark)
    return patch_head{.is_snapshot = true, .to = *to};
  const auto age = from.take_varint();
  if (!age || *age == 0 || *age >= *to)
    return {};
  return patch_head{.is_exact = *mark == exact_mark, .from = *to - *age, .to = *to};
}

void tell(const std::vector<state_change>& changes, bool are_leaving,
          const untyped_mirror::listener& changed) {
  for (const auto& change : changes)
    if ((change.kind == change_kind::left) == are_leaving)
      changed(change);
}

} // namespace

result<mirror_outcome, refusal> untyped_mirror::apply(byte_view bytes, const listener& changed) {
  bit_reader reader{bytes};
  const auto head = read_head(reader);
  if (!head)
    return refusal{errc::malformed_message, reader.offset(), "this is no snapshot and no patch"};
  if (!head->is_snapshot && head->from > tick_)
    return mirror_outcome::out_of_step;
  if (!head->is_snapshot && head->to <= tick_)
    return mirror_outcome::stale;
  if (head->is_exact && head->from != tick_)
    return mirror_outcome::out_of_step;
  patch_reader judge{patch_reader::pass::judge, head->is_exact, reader, access_, state_};
  if (!judge.read_root())
    return refusal{errc::malformed_message, judge.offset(), judge.reason()};
  tell(judge.changes(), true, changed);
  patch_reader{patch_reader::pass::apply, head->is_exact, reader, access_, state_}.read_root();
  tick_ = head->to;
  tell(judge.changes(), false, changed);
  return mirror_outcome::applied;
}

} // namespace troupe::game

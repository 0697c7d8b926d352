#pragma once
#include "troupe/game/state_access.hpp"
#include "troupe/game/state_mirror.hpp"

#include "game/patch_bits.hpp"

#include <string_view>
#include <vector>

namespace troupe::game {

/// Reads a snapshot or patch twice: first to judge it against the state as it is, then to change
/// the state, so that bad bytes change nothing.
///
/// Threading:  one message, one object. Ownership: views everything.
/// Errors:     bytes that do not fit are refused by the first pass; the second cannot fail.
class patch_reader {
public:
  enum class pass : std::uint8_t { judge, apply };

  /// @param is_exact  whether numbers may be differences from those that are known
  patch_reader(pass which, bool is_exact, bit_reader from, const record_access& access,
               void* state) noexcept
      : is_apply_{which == pass::apply},
        is_exact_{is_exact},
        from_{from},
        access_{access},
        state_{state} {}

  /// Reads the root record to the end of the bytes.
  bool read_root();
  std::size_t offset() const noexcept { return from_.offset(); }

  std::string_view reason() const noexcept { return reason_; }
  /// What the patch will do, found by the judging pass.
  const std::vector<state_change>& changes() const noexcept { return changes_; }

private:
  // `target` is what is written, null when judging. `old` is what is known and stays where the
  // patch is silent: null for what is new, and in all that a full record replaces.

  bool read_record(const record_access& access, void* target, const void* old, bool& is_full);
  bool read_leaves(const record_access& access, const std::vector<bool>& has, void* target,
                   const void* old);
  bool read_mask(std::vector<bool>& has);
  bool read_bit(std::vector<bool>& to, std::size_t at);
  bool read_value(const value_access& access, void* target, const void* old);
  bool read_number(const value_access& access, void* target);
  bool read_change(const value_access& access, void* target, const void* old);
  bool read_difference(const value_access& access, void* target, const void* old);
  bool read_text(const value_access& access, void* target);
  bool read_list(const value_access& access, void* target, const void* old);
  bool read_positions(std::vector<std::size_t>& to, std::size_t count, std::size_t size);
  bool read_elements(const value_access& access, const std::vector<std::size_t>& positions,
                     void* target, const void* old);
  bool read_map(const value_access& access, void* target, const void* old);
  bool read_removals(const value_access& access, void* target, const void* old);
  bool read_entity(const value_access& access, entity_id id, void* target, const void* old);
  void drop_others(const value_access& access, const std::vector<entity_id>& named, void* target);
  const void* present_map() const;
  bool read_id(const value_access& access, std::uint64_t step, entity_id& next);

  void report(change_kind kind, entity_id id, bool is_destroyed = false);
  bool refuse(std::string_view reason) noexcept;

  bool is_apply_;
  bool is_exact_;
  bit_reader from_;
  const record_access& access_;
  void* state_;
  unsigned depth_ = 0;        ///< records around the present value, the root included
  std::size_t root_leaf_ = 0; ///< the leaf of the root that is being read
  std::vector<state_change> changes_;
  std::string_view reason_;
};

} // namespace troupe::game

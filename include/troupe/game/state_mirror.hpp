#pragma once
#include "troupe/bytes.hpp"
#include "troupe/game/state_describe.hpp"
#include "troupe/game/state_patch.hpp"
#include "troupe/refusal.hpp"
#include "troupe/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::game {

enum class change_kind : std::uint8_t {
  value,   ///< a member of the state that is no map
  entered, ///< an entity came into view, or into being
  changed, ///< an entity that was known
  left,    ///< an entity is gone; told while it is still there
};

/// What a patch did to one member of the state, or to one entity in it.
struct state_change {
  change_kind kind = change_kind::value;
  std::size_t leaf = 0; ///< the member, as a position in `record_access::leaves`
  entity_id id = 0;
  bool is_destroyed = false; ///< left: it exists no more, else it is only out of view

  friend bool operator==(const state_change&, const state_change&) = default;
};

/// What became of bytes that were well formed.
enum class mirror_outcome : std::uint8_t {
  applied,
  stale,       ///< the state is already as new; nothing was changed
  out_of_step, ///< the patch starts from a state that was never seen: ask for a snapshot
};

/// Applies snapshots and patches to a structure that it knows by its table only.
///
/// Threading:  one object, one thread. Ownership: views the state.
/// Errors:     as `state_mirror`.
class untyped_mirror {
public:
  using listener = std::function<void(const state_change&)>;

  untyped_mirror(const record_access& access, void* state) noexcept
      : access_{access}, state_{state} {}

  result<mirror_outcome, refusal> apply(byte_view bytes, const listener& changed);
  tick_number tick() const noexcept { return tick_; }

private:
  const record_access& access_;
  void* state_;
  tick_number tick_ = 0;
};

/// A client's copy of a state, kept up to date by snapshots and patches, with handlers for changes.
///
/// Handlers run inside `apply`. Those for entities that left run first, while the state is still
/// the old one; all others when the whole patch is applied, so that they see one tick's state.
///
/// Threading:  one object, one thread.
/// Ownership:  owns the state.
/// Errors:     bytes that do not fit are refused and change nothing, whatever they are; exceptions
///             of handlers pass through `apply` after the state has changed or before, as above.
template <class State>
class state_mirror {
public:
  state_mirror()
      : mirror_{record_of<State>(), &state_}, handlers_(record_of<State>().leaves.size()) {}
  state_mirror(const state_mirror&) = delete;
  state_mirror& operator=(const state_mirror&) = delete;

  /// Takes the bytes of one snapshot or patch.
  result<mirror_outcome, refusal> apply(byte_view bytes) {
    return mirror_.apply(bytes, [this](const state_change& change) {
      for (const auto& handler : handlers_[change.leaf])
        handler(change);
      for (const auto& handler : any_)
        handler(change, record_of<State>().leaves[change.leaf].path);
    });
  }

  const State& state() const noexcept { return state_; }
  /// The tick of the state, to be told to the server; 0 before the first snapshot.
  tick_number tick() const noexcept { return mirror_.tick(); }

  /// Calls `handler(value)` when the member changes. @pre it is no map.
  template <class V, class F>
  void on_value(V State::*member, F handler) {
    static_assert(!is_state_map<V>::value, "maps have on_entered, on_changed and on_left");
    add(member, change_kind::value, [this, member, handler = std::move(handler)](const auto&) {
      handler(std::as_const(state_.*member));
    });
  }
  /// Calls `handler(id, entity)` when an entity comes into the map.
  template <class M, class F>
  void on_entered(M State::*map, F handler) {
    add_entity(map, change_kind::entered, std::move(handler));
  }
  /// Calls `handler(id, entity)` when an entity of the map changes.
  template <class M, class F>
  void on_changed(M State::*map, F handler) {
    add_entity(map, change_kind::changed, std::move(handler));
  }
  /// Calls `handler(id, entity, is_destroyed)` before an entity leaves the map.
  template <class M, class F>
  void on_left(M State::*map, F handler) {
    add(map, change_kind::left, [this, map, handler = std::move(handler)](const auto& change) {
      handler(change.id, std::as_const((state_.*map).at(key_of(state_.*map, change.id))),
              change.is_destroyed);
    });
  }

  /// Calls `handler(change, path)` for every change, behind the handlers above; the path is the
  /// name of the member, "a.b" for nested ones.
  void on_any(std::function<void(const state_change&, std::string_view path)> handler) {
    any_.push_back(std::move(handler));
  }

private:
  template <class M>
  static typename M::key_type key_of(const M&, entity_id id) {
    return static_cast<typename M::key_type>(id);
  }

  template <class M, class F>
  void add_entity(M State::*map, change_kind kind, F handler) {
    add(map, kind, [this, map, handler = std::move(handler)](const auto& change) {
      handler(change.id, std::as_const((state_.*map).at(key_of(state_.*map, change.id))));
    });
  }

  template <class V, class F>
  void add(V State::*member, change_kind kind, F handler) {
    handlers_[leaf_index(member)].push_back(
        [kind, handler = std::move(handler)](const state_change& change) {
          if (change.kind == kind)
            handler(change);
        });
  }

  State state_{};
  untyped_mirror mirror_;
  std::vector<std::vector<untyped_mirror::listener>> handlers_;
  std::vector<std::function<void(const state_change&, std::string_view)>> any_;
};

} // namespace troupe::game

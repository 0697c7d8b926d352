#pragma once
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "actors/connection_actor.hpp"
#include "actors/messages.hpp"
#include "actors/pinned_actor.hpp"
#include "actors/runtime.hpp"

namespace troupe::actors {

/// Everybody has to go: sent to each hub when the server shuts down.
struct close_all {
  const endpoint_entry* only = nullptr; ///< null: those of every endpoint, and whoever comes now
};

/// A shard's hub: knows the shard's connections and, per room, the local members.
///
/// A room sends one message per shard that has members, and the hub walks its own connections. Joins
/// and leaves travel on the same path as broadcasts, so "joined" and the first broadcast can never
/// swap.
///
/// Threading:  pinned; `add`, `retire` and `forget` are called on the shard's thread.
/// Ownership:  keeps the shard's connection actors alive until their sockets are closed.
class hub_actor final : public pinned_actor {
public:
  hub_actor(caf::actor_config& config, shard& home, runtime& shared);
  ~hub_actor() override;

  const char* name() const override { return "hub"; }
  caf::behavior make_behavior() override;

  /// The id for the next connection of this shard.
  connection_id next_id() noexcept;
  void add(const pinned<connection_actor>& connection);
  /// The connection is over: it leaves its rooms and gets no more events.
  void retire(connection_state& connection);
  /// It is in the room no more, as of now; the room is told.
  void withdraw(connection_state& connection, const room_ptr& room);
  /// Its socket is closed: lets go of the actor.
  void forget(connection_id id);

  std::size_t connections() const noexcept { return connections_.size(); }
  /// Null if it is not here, or is not open.
  connection_state* find(connection_id id) noexcept;

private:
  struct local_room;

  void deliver(const room_batch& batch);
  void deliver_run(local_room& room, const room_batch& batch, const room_batch::run& run);
  void deliver_item(local_room& room, const room_batch::item& item);
  void add_member(local_room& room, const room_batch::item& item);
  /// @returns whether it was one.
  bool remove_member(const room_ptr& room, connection_state& member);
  void schedule_flush(local_room& room);
  void emit(const emit_here& request);
  void ask(const ask_here& request);
  void visit(const visit_here& request);
  void close(const close_all& whom);
  /// Calls `run` with the connection, in the space, of everybody meant by `to`.
  template <class Run>
  void for_each(const recipients& to, Run run);
  void on_exit() override;

  runtime& shared_;
  std::unordered_map<connection_id, pinned<connection_actor>> connections_;
  std::unordered_map<room_number, std::unique_ptr<local_room>> rooms_;
  std::uint64_t attached_ = 0; ///< connections since the start
  bool is_closing_ = false;
};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::close_all)

#pragma once
#include "actors/pinned_actor.hpp"
#include "actors/room_state.hpp"

namespace troupe::actors {

/// The actor around a `room_state`: messages in, one batch per shard out.
///
/// It ends when the directory says so; see `directory_actor`.
///
/// Threading:  pinned to the shard it was created on.
class room_actor final : public pinned_actor {
public:
  /// @param handle  its `actor` is this one; set before the first message.
  room_actor(caf::actor_config& config, shard& home, runtime& shared, room_ptr handle);

  const char* name() const override { return "room"; }
  caf::behavior make_behavior() override;

private:
  void on_batch_end() noexcept override { flush(); }
  void on_exit() override;
  void admit(const admit_member& request);
  void visit_or_pass_on(const run_here& visit);
  void flush();

  runtime& shared_;
  room_state state_;
  bool was_empty_ = true;
  bool has_told_end_ = false;
  std::uint64_t reported_joins_ = 0; ///< as of the last `room_emptied`
};

} // namespace troupe::actors

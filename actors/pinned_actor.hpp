#pragma once
#include "actors/shard.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>

#include <utility>

namespace troupe::actors {

/// An actor that always runs on the thread of one shard, whoever sends to it.
///
/// CAF schedules an actor on whichever execution unit its sender runs; this one names its own.
/// After each batch of messages `on_batch_end` runs, so that what a batch caused can be sent as
/// one message.
///
/// Threading:  everything but `enqueue` runs on the shard's thread.
/// Errors:     an exception that leaves a handler ends the actor and is logged.
class pinned_actor : public caf::event_based_actor {
public:
  pinned_actor(caf::actor_config& config, shard& home);

  void enqueue(caf::strong_actor_ptr from, caf::message_id id, caf::message content,
               caf::execution_unit* unit) override;
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit* unit) override;
  void launch(caf::execution_unit* unit, bool lazy, bool hide) override;
  caf::resumable::resume_result resume(caf::execution_unit* unit, std::size_t max) override;

  shard& home() const noexcept { return home_; }

protected:
  /// The messages of one resume are handled.
  virtual void on_batch_end() noexcept {}

private:
  shard& home_;
};

/// A pinned actor that was just spawned.
template <class Actor>
struct pinned {
  caf::actor handle; ///< keeps it alive
  Actor* object;     ///< for use on its shard's thread
};

/// Spawns a pinned actor on `home`. The actor system does not wait for it; if it is spawned with
/// `caf::lazy_init` its behaviour costs nothing until a message arrives.
template <class Actor, caf::spawn_options Options = caf::hidden, class... Args>
pinned<Actor> spawn_pinned(shard& home, Args&&... args) {
  caf::actor_config config{&home};
  auto handle = home.system().spawn_class<Actor, Options>(config, home, std::forward<Args>(args)...);
  auto* object = static_cast<Actor*>(caf::actor_cast<caf::abstract_actor*>(handle));
  return {caf::actor_cast<caf::actor>(std::move(handle)), object};
}

} // namespace troupe::actors

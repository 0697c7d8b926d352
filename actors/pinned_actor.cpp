#include "actors/pinned_actor.hpp"

#include <spdlog/spdlog.h>

#include <caf/sec.hpp>

#include <exception>

namespace troupe::actors {

namespace {

caf::error on_exception(caf::scheduled_actor* self, std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    spdlog::error("actor {} ended by an exception: {}", self->name(), error.what());
  } catch (...) {
    spdlog::error("actor {} ended by an unknown exception", self->name());
  }
  return caf::sec::runtime_error;
}

} // namespace

pinned_actor::pinned_actor(caf::actor_config& config, shard& home)
  : caf::event_based_actor{config}, home_{home} {
  set_exception_handler(on_exception);
}

void pinned_actor::enqueue(caf::strong_actor_ptr from, caf::message_id id, caf::message content,
                           caf::execution_unit*) {
  auto element = caf::make_mailbox_element(std::move(from), id, {}, std::move(content));
  caf::event_based_actor::enqueue(std::move(element), &home_);
}

void pinned_actor::enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) {
  caf::event_based_actor::enqueue(std::move(element), &home_);
}

void pinned_actor::launch(caf::execution_unit*, bool lazy, bool hide) {
  caf::event_based_actor::launch(&home_, lazy, hide);
}

caf::resumable::resume_result pinned_actor::resume(caf::execution_unit* unit, std::size_t max) {
  auto result = caf::event_based_actor::resume(unit, max);
  on_batch_end();
  return result;
}

} // namespace troupe::actors

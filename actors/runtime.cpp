#include "actors/runtime.hpp"

#include "actors/directory_actor.hpp"
#include "actors/hub_actor.hpp"
#include "actors/outgoing.hpp"

#include <caf/logger.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace troupe::actors {

namespace {

/// CAF's own scheduler only runs actors that ask for it: one thread, no spinning.
std::unique_ptr<caf::actor_system_config> make_system_settings() {
  auto settings = std::make_unique<caf::actor_system_config>();
  settings->set("scheduler.policy", caf::atom("sharing"));
  settings->set("scheduler.max-threads", 1);
  settings->set("scheduler.max-throughput", 50);
  return settings;
}

} // namespace

runtime::runtime(const config& the_settings)
  : settings{the_settings},
    system_settings_{make_system_settings()},
    system_{std::make_unique<caf::actor_system>(*system_settings_)} {}

void runtime::start(std::size_t shard_count) {
  for (std::size_t i = 0; i < shard_count; ++i)
    shards.push_back(std::make_unique<shard>(*system_, i));
  for (auto& each : shards) {
    auto hub = spawn_pinned<hub_actor>(*each, *this);
    each->set_hub(*hub.object);
    hubs.push_back(std::move(hub.handle));
  }
  directory = spawn_pinned<directory_actor>(*shards[0], *this).handle;
  // CAF's logger is held by the thread that made the system or spawned an actor, and the system's
  // end waits for it: let go, for the server may end on another thread.
  caf::logger::set_current_actor_system(nullptr);
}

runtime::~runtime() {
  // Actors end by messages that the shards handle here, then by the last handle to them. Rooms may
  // still have work in front of theirs: until then they find the directory and all hubs.
  caf::anon_send_exit(directory, caf::exit_reason::user_shutdown);
  for (auto& hub : hubs)
    caf::anon_send_exit(hub, caf::exit_reason::user_shutdown);
  for (int round = 0; round < 2; ++round)
    for (auto& each : shards)
      each->shut_down();
  directory = nullptr;
  hubs.clear();
}

void runtime::close_all() {
  for (auto& hub : hubs)
    caf::anon_send(hub, actors::close_all{});
}

bool endpoint_entry::matches(std::string_view path) const noexcept {
  std::string_view own = rules->path();
  return is_prefix ? path.starts_with(own.substr(0, own.size() - 1)) : path == own;
}

shard& runtime::least_loaded() const noexcept {
  auto less = [](auto& a, auto& b) { return a->load() < b->load(); };
  return **std::min_element(shards.begin(), shards.end(), less);
}

endpoint_entry* runtime::find_endpoint(std::string_view path) noexcept {
  for (auto& each : endpoints)
    if (each.matches(path))
      return &each;
  return nullptr;
}

void runtime::send_event(std::size_t index, connection_id sender, const audience& to,
                         std::string_view event, payload content, const delivery& how) {
  auto sent = std::make_shared<outgoing_event>();
  sent->sender = sender;
  sent->name = make_event_ref(*endpoints[index].rules, event);
  sent->content = std::move(content);
  sent->how = how;
  switch (to.who) {
    case audience::kind::room:
      caf::anon_send(directory, find_and_emit{index, to.room, std::move(sent), to.except});
      break;
    case audience::kind::connection:
      if (to.id != 0)
        caf::anon_send(hub_of(to.id), emit_here{std::move(sent), to.id, 0, index});
      break;
    case audience::kind::everybody:
      for (auto& hub : hubs)
        caf::anon_send(hub, emit_here{sent, 0, to.except, index});
      break;
  }
}

} // namespace troupe::actors

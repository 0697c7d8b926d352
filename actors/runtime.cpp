#include "actors/runtime.hpp"

#include "actors/directory_actor.hpp"
#include "actors/hub_actor.hpp"
#include "actors/outgoing.hpp"

#include <caf/logger.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <stdexcept>
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

void runtime::start(std::size_t shard_count, std::size_t worker_count) {
  for (std::size_t i = 0; i < shard_count; ++i)
    shards.push_back(std::make_unique<shard>(*system_, i));
  for (std::size_t i = 0; i < worker_count; ++i)
    workers.push_back(std::make_unique<shard>(*system_, shard_count + i));
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
    shut_down();
  directory = nullptr;
  hubs.clear();
}

template <class Run>
void runtime::for_each_shard(Run run) {
  for (auto* all : {&shards, &workers})
    for (auto& each : *all)
      run(*each);
}

void runtime::stop() noexcept {
  for_each_shard([](shard& each) { each.stop(); });
}

void runtime::shut_down() {
  for_each_shard([](shard& each) { each.shut_down(); });
}

void runtime::close_all(const endpoint_entry* only) {
  for (auto& hub : hubs)
    caf::anon_send(hub, actors::close_all{only});
}

bool endpoint_entry::matches(std::string_view path) const noexcept {
  std::string_view mine = rules->path();
  return is_prefix ? path.starts_with(mine.substr(0, mine.size() - 1)) : path == mine;
}

bool runtime::needs_workers() const noexcept {
  auto wants_some = [](auto& each) { return each.second.is_for_workers != nullptr; };
  return std::ranges::any_of(spaces, [&](auto& each) {
    return std::ranges::any_of(each.rules->room_kinds, wants_some);
  });
}

shard& runtime::place_for(const room_rules& rules, std::string_view room) const {
  auto is_for_workers = !workers.empty() && rules.is_for_workers && rules.is_for_workers(room);
  auto& among = is_for_workers ? workers : shards;
  auto less = [](auto& a, auto& b) { return a->load() < b->load(); };
  return **std::ranges::min_element(among, less);
}

endpoint_entry* runtime::find_endpoint(std::string_view path) noexcept {
  for (auto& each : endpoints)
    if (each.matches(path))
      return &each;
  return nullptr;
}

// -- endpoints ----------------------------------------------------------------

endpoint_entry& runtime::add(const std::shared_ptr<endpoint>& rules) {
  auto& made = endpoints.emplace_back();
  made.index = endpoints.size() - 1;
  made.rules = rules;
  made.is_prefix = rules->path().ends_with("/*");
  made.own = &add_space(made, *rules);
  for (auto& [name, space] : rules->spaces())
    add_space(made, *space);
  rules->send_away = [this, &made] { close_all(&made); };
  rules->visit_everyone = [this, &made](auto run) {
    recipients all{.space = made.own->index, .may_be_outside = true};
    tell_hubs(all, visit_here{std::move(run), all});
  };
  return made;
}

space_entry& runtime::add_space(endpoint_entry& to, space& rules) {
  auto& made = spaces.emplace_back();
  made.index = spaces.size() - 1;
  made.rules = &rules;
  made.names = {.space = rules.name(),
                .iris_prefix = to.rules->prefix_of_iris,
                .iris_is_binary = to.rules->iris_is_binary};
  to.spaces.emplace(rules.name(), &made);
  rules.link = {
    .send = [this, &made](auto& whom, auto event, auto content,
                          auto& how) { send_event(made, 0, whom, event, std::move(content), how); },
    .ask =
      [this, &made](auto& whom, auto event, auto content, auto timeout, auto done) {
        ask(made, whom, event, std::move(content), timeout, std::move(done));
      },
    .visit = [this, &made](auto& whom, auto run) { visit(made, whom, std::move(run)); },
    .visit_room =
      [this, &made](auto name, auto run) {
        caf::anon_send(directory, visit_room{made.index, std::move(name), std::move(run)});
      },
    .size = [&made] { return made.size.load(std::memory_order_relaxed); }};
  return made;
}

void runtime::unlink() noexcept {
  for (auto& each : spaces)
    each.rules->link = {};
  for (auto& each : endpoints) {
    each.rules->send_away = nullptr;
    each.rules->visit_everyone = nullptr;
  }
}

// -- for the server's code ----------------------------------------------------

namespace {

recipients to_recipients(const space_entry& in, const audience& to) {
  recipients result{.space = in.index, .only = to.id, .except = to.except};
  if (to.who == audience::kind::client)
    result.client = to.client;
  else
    result.except_client = to.client;
  if (to.who == audience::kind::room)
    result.room = to.room;
  return result;
}

} // namespace

template <class Message>
void runtime::tell_hubs(const recipients& to, const Message& what) {
  if (to.only != 0)
    return caf::anon_send(hub_of(to.only), what);
  for (auto& hub : hubs)
    caf::anon_send(hub, what);
}

void runtime::send_event(space_entry& in, connection_id sender, const audience& to,
                         std::string_view event, payload content, const delivery& how) {
  auto sent = std::make_shared<outgoing_event>();
  sent->sender = sender;
  sent->name = make_event_ref(*in.rules, event);
  sent->content = std::move(content);
  sent->how = how;
  if (to.who == audience::kind::room)
    return caf::anon_send(directory,
                          find_and_emit{.space = in.index,
                                        .room = to.room,
                                        .event = std::move(sent),
                                        .except = to.except,
                                        .only = to.id,
                                        .except_client = to.client});
  if (to.who == audience::kind::connection && to.id == 0)
    return;
  auto whom = to_recipients(in, to);
  tell_hubs(whom, emit_here{std::move(sent), whom});
}

void runtime::ask(space_entry& in, const audience& to, std::string_view event, payload content,
                  std::chrono::milliseconds timeout, ask_answer done) {
  if (!protocol::is_text_name(event))
    throw std::invalid_argument{"\"" + std::string{event} + "\" is no event name"};
  auto question = std::make_shared<shared_question>(std::string{event}, std::move(content), timeout,
                                                    std::move(done));
  if (to.who == audience::kind::connection && to.id == 0)
    return; // the question goes, and that answers it
  auto whom = to_recipients(in, to);
  tell_hubs(whom, ask_here{std::move(question), whom});
}

void runtime::visit(space_entry& in, const audience& to, std::function<void(connection&)> run) {
  if (to.who == audience::kind::connection && to.id == 0)
    return;
  auto whom = to_recipients(in, to);
  tell_hubs(whom, visit_here{std::move(run), whom});
}

} // namespace troupe::actors

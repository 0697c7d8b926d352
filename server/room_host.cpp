#include "server/room_host.hpp"

#include "troupe/refused.hpp"

#include "net/uuid.hpp"
#include "server/room_directory.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <utility>

namespace troupe::game {

using std::chrono::ceil;
using std::chrono::milliseconds;

namespace {

std::uint64_t random_seed() {
  return std::stoull(net::make_token().substr(0, 16), nullptr, 16);
}

/// The first effect of this kind, or nullptr.
template <class Kind>
const Kind* find_effect(const std::vector<effect>& all) noexcept {
  for (const auto& each : all)
    if (const auto* found = std::get_if<Kind>(&each))
      return found;
  return nullptr;
}

} // namespace

/// What a room wants done, carried out.
struct room_host::door {
  room_host& host;

  void operator()(outgoing::event& what) {
    if (what.to.who == audience::kind::connection) {
      if (const auto whom = host.connection_of(what.to.id))
        host.room_.send_event({.who = audience::kind::connection, .id = *whom}, what.name,
                              std::move(what.content), what.how);
      return;
    }
    const auto except = host.connection_of(what.to.except).value_or(0);
    host.room_.send_event({.who = audience::kind::room, .except = except}, what.name,
                          std::move(what.content), what.how);
  }
  void operator()(const outgoing::joined&) {} // `join` has looked for these two
  void operator()(const outgoing::join_refused&) {}
  void operator()(const outgoing::reconnected&) {}
  void operator()(const outgoing::left& what) {
    const auto whom = host.connection_of(what.who);
    if (!whom)
      return;
    host.forget(what.who, *whom);
    if (what.why != leave_reason::asked)
      host.room_.remove(*whom);
  }
  void operator()(const outgoing::seats_freed& what) {
    host.directory_->seats_freed(host.room_.name(), what.count);
  }
  void operator()(const outgoing::input_refused& what) {
    if (const auto whom = host.connection_of(what.who))
      host.room_.to(*whom).emit("input.refused", what.sequence, what.text);
  }
  void operator()(const outgoing::listed& what) {
    host.directory_->listed(host.room_.name(), what);
  }
  void operator()(const outgoing::emptied&) {
    if (host.directory_->close_if_empty(host.room_.name()))
      host.apply(incoming::close{});
  }
  void operator()(const outgoing::failed& what) {
    spdlog::error("room \"{}\" of kind {} failed and was restored: {}", host.room_.name(),
                  host.core_.kind().name, what.text);
  }
  void operator()(const outgoing::closed&) {
    host.directory_->closed(host.room_.name());
    host.room_.close();
  }
};

room_host::room_host(troupe::room& room, const room_kind& kind,
                     std::shared_ptr<room_directory> directory)
    : room_{room},
      core_{kind},
      directory_{std::move(directory)},
      clock_{kind.options.tick_rate, start_.time_since_epoch()},
      state_{kind.make_feed ? std::make_unique<state_sender>(room, kind) : nullptr} {}

milliseconds room_host::time_of(steady_clock::time_point when) const {
  return std::chrono::floor<milliseconds>(when - start_);
}

std::optional<player_id> room_host::player_of(connection_id who) const {
  const auto found = players_.find(who);
  return found == players_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<connection_id> room_host::connection_of(player_id who) const {
  const auto found = connections_.find(who);
  return found == connections_.end() ? std::nullopt : std::optional{found->second};
}

// -- what enters --------------------------------------------------------------

void room_host::apply(entry::type what) {
  const auto began = steady_clock::now();
  core_.apply({.at = time_of(began), .what = std::move(what)});
  meter_.worked(steady_clock::now() - began);
}

void room_host::carry_out() {
  carry_out(core_.take_effects());
}

/// And what they lead to.
void room_host::carry_out(std::vector<effect> all) {
  for (; !all.empty(); all = core_.take_effects())
    for (auto& each : all)
      std::visit(door{*this}, each);
}

void room_host::create(const placement::creation& how) {
  apply(incoming::create{.seed = random_seed(),
                         .options = how.options,
                         .metadata = how.metadata,
                         .is_private = how.is_private});
  carry_out();
  schedule_tick();
}

void room_host::reserve(const seat_token& token) {
  apply(incoming::reserve{hash_of(token)});
  carry_out();
}

void room_host::join(const seat_token& token, std::vector<std::byte> options,
                     std::optional<byte_view> schema) {
  if (state_ && schema)
    if (const auto why = state_->difference(*schema))
      throw refused{*why};
  const auto& sender = room_.sender();
  apply(incoming::join{.token = hash_of(token),
                       .identity = sender.identity,
                       .options = {.bytes = std::move(options)}});
  auto effects = core_.take_effects();
  if (const auto* granted = find_effect<outgoing::joined>(effects)) {
    players_[sender.id] = granted->who;
    connections_[granted->who] = sender.id;
    waiting_ = std::move(effects);
    return;
  }
  const auto* refusal = find_effect<outgoing::join_refused>(effects);
  const refused no{refusal ? refusal->text : "the room has no seat for this token"};
  carry_out(std::move(effects));
  throw no;
}

void room_host::joined() {
  carry_out(std::exchange(waiting_, {}));
}

void room_host::left() {
  const auto& sender = room_.sender();
  const auto who = player_of(sender.id);
  if (!who)
    return;
  apply(incoming::leave{
      .who = *who, .why = sender.is_connected ? leave_reason::asked : leave_reason::dropped});
  forget(*who, sender.id);
  carry_out();
}

void room_host::forget(player_id who, connection_id where) {
  if (state_)
    state_->remove(who);
  connections_.erase(who);
  players_.erase(where);
}

void room_host::show_state() {
  const auto where = room_.sender().id;
  const auto who = player_of(where);
  if (!who)
    return;
  room_.to(where).emit("room.you", *who);
  if (state_)
    state_->add(*who, where);
  else
    room_.to(where).emit("state.schema", raw_bytes{});
}

void room_host::confirmed(std::uint64_t tick) {
  const auto who = player_of(room_.sender().id);
  if (state_ && who)
    state_->confirmed(*who, tick);
}

void room_host::drop(connection_id where) {
  if (const auto who = player_of(where))
    apply(incoming::drop{*who});
  carry_out();
}

void room_host::reconnect(connection_id where) {
  if (const auto who = player_of(where))
    apply(incoming::reconnect{*who});
  carry_out();
}

void room_host::input(std::string_view name, std::vector<std::byte> what, std::uint64_t sequence,
                      std::uint64_t tick) {
  const auto number = core_.input_number(name);
  const auto who = player_of(room_.sender().id);
  if (!who || !number)
    throw refused{"a room of kind " + core_.kind().name + " takes no such input"};
  meter_.bytes_came(what.size());
  apply(incoming::input{.from = *who,
                        .tick = tick,
                        .sequence = sequence,
                        .kind = *number,
                        .what = {.bytes = std::move(what)}});
  carry_out();
}

// -- time ---------------------------------------------------------------------

void room_host::schedule_tick() {
  const auto due = clock_.deadline() - steady_clock::now().time_since_epoch();
  room_.after(std::max(ceil<milliseconds>(due), milliseconds{0}), [this] { run_ticks(); });
}

void room_host::run_ticks() {
  const auto due = clock_.advance(steady_clock::now().time_since_epoch());
  meter_.woke(due);
  for (std::uint64_t i = 0; i < due.ticks && !core_.is_closed(); ++i) {
    const auto began = steady_clock::now();
    core_.apply({.at = time_of(began), .what = incoming::tick{}});
    meter_.ticked(steady_clock::now() - began);
    carry_out();
    if (state_ && !core_.is_closed())
      state_->ticked(core_);
  }
  if (core_.is_closed())
    return;
  if (const auto busy = meter_.check(steady_clock::now().time_since_epoch()))
    spdlog::warn(
        "room \"{}\" of kind {} is overloaded: {:.0f} % of a core, {} ticks lost in a second",
        room_.name(), core_.kind().name, 100 * busy->busy, busy->lost_ticks);
  schedule_tick();
}

} // namespace troupe::game

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
  void operator()(const outgoing::joined& what) { host.newcomer_ = what.who; }
  void operator()(const outgoing::join_refused& what) { host.refusal_ = what.text; }
  void operator()(const outgoing::reconnected&) {}
  void operator()(const outgoing::left& what) {
    const auto whom = host.connection_of(what.who);
    if (!whom)
      return;
    host.forget_state(what.who);
    host.players_.erase(*whom);
    host.connections_.erase(what.who);
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

milliseconds room_host::now() const {
  return std::chrono::floor<milliseconds>(steady_clock::now() - start_);
}

std::optional<connection_id> room_host::connection_of(player_id who) const {
  const auto found = connections_.find(who);
  return found == connections_.end() ? std::nullopt : std::optional{found->second};
}

// -- what enters --------------------------------------------------------------

void room_host::apply(entry::type what) {
  const auto began = steady_clock::now();
  core_.apply({.at = now(), .what = std::move(what)});
  meter_.worked(steady_clock::now() - began);
}

void room_host::carry_out() {
  for (auto all = core_.take_effects(); !all.empty(); all = core_.take_effects())
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

void room_host::join(const seat_token& token, byte_view options, std::optional<byte_view> schema) {
  if (state_ && schema)
    if (const auto why = state_->difference(*schema))
      throw refused{*why};
  newcomer_ = 0;
  refusal_.reset();
  apply(incoming::join{.token = hash_of(token),
                       .identity = room_.sender().identity,
                       .options = {.bytes = {options.begin(), options.end()}}});
  waiting_ = core_.take_effects();
  for (auto& each : waiting_)
    if (auto* told = std::get_if<outgoing::joined>(&each))
      door{*this}(*told);
    else if (auto* no = std::get_if<outgoing::join_refused>(&each))
      door{*this}(*no);
  if (newcomer_ != 0) {
    players_[room_.sender().id] = newcomer_;
    connections_[newcomer_] = room_.sender().id;
    return;
  }
  for (auto& each : std::exchange(waiting_, {}))
    std::visit(door{*this}, each);
  throw refused{refusal_.value_or("the room has no seat for this token")};
}

void room_host::joined() {
  for (auto& each : std::exchange(waiting_, {}))
    std::visit(door{*this}, each);
}

void room_host::left() {
  const auto found = players_.find(room_.sender().id);
  if (found == players_.end())
    return;
  const auto why = room_.sender().is_connected ? leave_reason::asked : leave_reason::dropped;
  apply(incoming::leave{.who = found->second, .why = why});
  forget_state(found->second);
  connections_.erase(found->second);
  players_.erase(found);
  carry_out();
}

void room_host::show_state() {
  const auto found = players_.find(room_.sender().id);
  if (found == players_.end())
    return;
  room_.to(found->first).emit("room.you", found->second);
  if (state_)
    state_->add(found->second, found->first);
  else
    room_.to(found->first).emit("state.schema", raw_bytes{});
}

void room_host::forget_state(player_id who) {
  if (state_)
    state_->remove(who);
}

void room_host::confirmed(std::uint64_t tick) {
  const auto found = players_.find(room_.sender().id);
  if (state_ && found != players_.end())
    state_->confirmed(found->second, tick);
}

void room_host::drop(connection_id who) {
  if (const auto found = players_.find(who); found != players_.end())
    apply(incoming::drop{found->second});
  carry_out();
}

void room_host::reconnect(connection_id who) {
  if (const auto found = players_.find(who); found != players_.end())
    apply(incoming::reconnect{found->second});
  carry_out();
}

void room_host::input(std::string_view name, byte_view what, std::uint64_t sequence,
                      std::uint64_t tick) {
  const auto number = core_.input_number(name);
  const auto found = players_.find(room_.sender().id);
  if (found == players_.end() || !number)
    throw refused{"a room of kind " + core_.kind().name + " takes no such input"};
  meter_.bytes_came(what.size());
  apply(incoming::input{.from = found->second,
                        .tick = tick,
                        .sequence = sequence,
                        .kind = *number,
                        .what = {.bytes = {what.begin(), what.end()}}});
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
    core_.apply({.at = now(), .what = incoming::tick{}});
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

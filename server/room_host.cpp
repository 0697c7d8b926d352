#include "server/room_host.hpp"

#include "troupe/refused.hpp"

#include "net/uuid.hpp"
#include "server/random_token.hpp"
#include "server/room_directory.hpp"

#include <algorithm>
#include <ctime>
#include <spdlog/spdlog.h>
#include <utility>

namespace troupe::game {

using std::chrono::milliseconds;

namespace {

std::uint64_t random_seed() {
  return std::stoull(net::make_token().substr(0, 16), nullptr, 16);
}

/// Fractions of a core beyond which a room is too much: a shard serves others as well.
constexpr double busy_limit_on_shards = 0.5;
constexpr double busy_limit_on_workers = 0.9;
constexpr std::chrono::milliseconds publish_every{500};

std::chrono::nanoseconds processor_time() noexcept {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

std::chrono::nanoseconds time_on_the_wall() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch();
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

/// Of scopes within each other, the outermost counts.
class room_host::work {
public:
  using clock = std::chrono::nanoseconds (*)() noexcept;

  /// @param read  a clock. That of the thread costs a system call: for what takes long enough to be
  ///              interrupted.
  explicit work(room_host& host, clock read = time_on_the_wall) noexcept
      : host_{std::exchange(host.is_working_, true) ? nullptr : &host},
        read_{read},
        began_{host_ ? read_() : std::chrono::nanoseconds{0}} {}
  work(const work&) = delete;
  work& operator=(const work&) = delete;
  ~work() {
    if (!host_)
      return;
    host_->is_working_ = false;
    host_->meter_.worked(read_() - began_);
  }

private:
  room_host* host_;
  clock read_;
  std::chrono::nanoseconds began_;
};

/// What a room wants done, carried out.
struct room_host::door {
  room_host& host;

  void operator()(outgoing::event& what) {
    if (what.to.who == audience::kind::connection) {
      if (const auto whom = host.connection_of(what.to.id)) {
        host.meter_.bytes_went(what.content.bytes.size());
        host.room_.send_event({.who = audience::kind::connection, .id = *whom}, what.name,
                              std::move(what.content), what.how);
      }
      return;
    }
    const auto except = host.connection_of(what.to.except).value_or(0);
    const auto receivers = host.connections_.size() - (except != 0 ? 1 : 0);
    host.meter_.bytes_went(what.content.bytes.size() * receivers);
    host.room_.send_event({.who = audience::kind::room, .except = except}, what.name,
                          std::move(what.content), what.how);
  }
  void operator()(const outgoing::joined&) {} // `join` has looked for these two
  void operator()(const outgoing::join_refused&) {}
  void operator()(const outgoing::reconnected&) {}
  void operator()(const outgoing::left& what) {
    host.tickets_.erase(what.who);
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
      recording_{directory_->record(kind, room.name())},
      clock_{tick_clock::in_turn(kind.options.tick_rate, start_.time_since_epoch(), room.number(),
                                 kind.options.overrun)},
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
  recording_.apply(core_, {.at = time_of(steady_clock::now()), .what = std::move(what)});
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
  const work counted{*this};
  apply(incoming::create{.seed = random_seed(),
                         .options = how.options,
                         .metadata = how.metadata,
                         .is_private = how.is_private});
  carry_out();
  publish_costs(steady_clock::now());
  schedule_tick();
}

void room_host::reserve(const seat_token& token) {
  const work counted{*this};
  apply(incoming::reserve{hash_of(token)});
  carry_out();
}

void room_host::join(const seat_token& token, std::vector<std::byte> options,
                     std::optional<byte_view> schema) {
  const work counted{*this};
  if (state_ && schema)
    if (const auto why = state_->difference(*schema))
      throw refused{*why};
  const auto hash = hash_of(token);
  if (const auto* known = holder_of(hash))
    return come_back(known->id());
  const auto& sender = room_.sender();
  apply(incoming::join{
      .token = hash, .identity = sender.identity, .options = {.bytes = std::move(options)}});
  auto effects = core_.take_effects();
  if (const auto* granted = find_effect<outgoing::joined>(effects)) {
    meet(granted->who, sender.id);
    waiting_ = std::move(effects);
    return;
  }
  const auto* refusal = find_effect<outgoing::join_refused>(effects);
  const refused no{refusal ? refusal->text : "the room has no seat for this token"};
  carry_out(std::move(effects));
  throw no;
}

const player* room_host::holder_of(const token_hash& ticket) {
  const auto known = std::ranges::find(tickets_, ticket, [](auto& each) { return each.second; });
  const auto* who = known == tickets_.end() ? nullptr : core_.find(known->first);
  return who && who->identity() == room_.sender().identity ? who : nullptr;
}

/// Whatever has become of the connection that it had: the newest one counts.
void room_host::come_back(player_id who) {
  const auto where = room_.sender().id;
  tickets_.erase(who);
  if (const auto before = connection_of(who)) {
    forget(who, *before);
    room_.remove(*before);
  }
  apply(incoming::drop{who});
  apply(incoming::reconnect{who});
  auto effects = core_.take_effects();
  if (!core_.find(who)) {
    carry_out(std::move(effects));
    throw refused{"the room has not waited for you"};
  }
  meet(who, where);
  waiting_ = std::move(effects);
}

void room_host::joined() {
  const work counted{*this};
  carry_out(std::exchange(waiting_, {}));
}

void room_host::left() {
  const work counted{*this};
  const auto& sender = room_.sender();
  const auto who = player_of(sender.id);
  if (!who)
    return;
  forget(*who, sender.id);
  if (sender.is_lost)
    apply(incoming::drop{*who}); // its seat waits for whoever has the ticket
  else
    apply(incoming::leave{
        .who = *who, .why = sender.is_connected ? leave_reason::asked : leave_reason::dropped});
  carry_out();
}

void room_host::meet(player_id who, connection_id where) {
  players_[where] = who;
  connections_[who] = where;
}

void room_host::forget(player_id who, connection_id where) {
  if (state_)
    state_->remove(who);
  connections_.erase(who);
  players_.erase(where);
}

void room_host::show_state() {
  const work counted{*this};
  const auto where = room_.sender().id;
  const auto who = player_of(where);
  const auto* known = who ? core_.find(*who) : nullptr;
  if (!known)
    return;
  room_.to(where).emit("room.you", *who, core_.kind().options.tick_rate, new_ticket(*who),
                       known->last_input());
  if (state_)
    meter_.bytes_went(state_->add(*who, where));
  else
    room_.to(where).emit("state.schema", raw_bytes{});
}

/// In place of the one before. Empty: the room waits for nobody.
std::string room_host::new_ticket(player_id for_whom) {
  if (core_.kind().options.reconnect_grace.count() == 0)
    return {};
  const auto ticket = random_token();
  tickets_[for_whom] = hash_of(ticket);
  return ticket.text();
}

void room_host::confirmed(std::uint64_t tick) {
  const work counted{*this};
  const auto who = player_of(room_.sender().id);
  if (state_ && who)
    state_->confirmed(*who, tick);
}

void room_host::drop(connection_id where) {
  const work counted{*this};
  if (const auto who = player_of(where))
    apply(incoming::drop{*who});
  carry_out();
}

void room_host::reconnect(connection_id where) {
  const work counted{*this};
  if (const auto who = player_of(where))
    apply(incoming::reconnect{*who});
  carry_out();
}

void room_host::input(std::string_view name, std::vector<std::byte> what, std::uint64_t sequence,
                      std::uint64_t tick) {
  const work counted{*this};
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
  room_.at(steady_clock::time_point{clock_.deadline()}, [this] { run_ticks(); });
}

void room_host::run_ticks() {
  const auto due = clock_.advance(steady_clock::now().time_since_epoch());
  meter_.woke(due);
  for (std::uint64_t i = 0; i < due.ticks && !core_.is_closed(); ++i) {
    run_tick();
    report_costs();
  }
  if (!core_.is_closed())
    schedule_tick();
}

void room_host::run_tick() {
  const work counted{*this, processor_time};
  const auto began = steady_clock::now();
  recording_.apply(core_, {.at = time_of(began), .what = incoming::tick{}});
  carry_out();
  if (state_ && !core_.is_closed())
    show_patches();
  meter_.ticked(steady_clock::now() - began);
}

void room_host::show_patches() {
  meter_.bytes_went(state_->ticked(core_));
  for (const auto& each : state_->take_pressure())
    apply(each);
  carry_out();
}

// -- what it costs ------------------------------------------------------------

void room_host::report_costs() {
  if (core_.is_closed())
    return;
  const auto now = steady_clock::now();
  const auto& kind = core_.kind();
  const auto limit = kind.options.heavy ? busy_limit_on_workers : busy_limit_on_shards;
  if (const auto found = meter_.check(now.time_since_epoch(), limit))
    spdlog::warn(
        "room \"{}\" of kind {} is overloaded: busy {:.0f} % of the time, {} ticks lost in {} ms{}",
        room_.name(), kind.name, 100 * found->busy, found->lost_ticks,
        std::chrono::floor<milliseconds>(found->within).count(),
        kind.options.heavy ? "" : "; the option `heavy` would move it to a worker");
  if (now - published_at_ >= publish_every)
    publish_costs(now);
}

void room_host::publish_costs(steady_clock::time_point now) {
  published_at_ = now;
  directory_->board().pin({.room = std::string{room_.name()},
                           .kind = core_.kind().name,
                           .players = static_cast<std::uint32_t>(core_.players().size()),
                           .costs = meter_.costs(),
                           .measured_at = now});
}

} // namespace troupe::game

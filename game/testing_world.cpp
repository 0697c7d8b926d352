#include "game/testing_world.hpp"

#include <algorithm>

namespace troupe::game::testing {

using std::chrono::milliseconds;

namespace {

token_hash token_of(std::size_t number) {
  seat_token result;
  for (std::size_t i = 0; i < sizeof number; ++i)
    result.bytes[i] = static_cast<std::byte>(number >> (8 * i) & 0xFF);
  return hash_of(result);
}

/// Calls `handle` if `what` is one of its kind.
template <class Kind, class Handle>
void handle(const effect& what, Handle handle) {
  if (const auto* const found = std::get_if<Kind>(&what))
    handle(*found);
}

} // namespace

world::implementation::implementation(room_kind the_kind, const conditions& the_network,
                                      payload create_options)
    : kind{std::move(the_kind)},
      network{the_network},
      chance{the_network.seed, 1},
      to{[this](byte_view more) { recording.insert(recording.end(), more.begin(), more.end()); },
         kind},
      core{kind} {
  apply(incoming::create{.seed = network.seed, .options = std::move(create_options)});
}

milliseconds world::implementation::delay() {
  const auto most = static_cast<std::uint32_t>(network.jitter.count());
  return network.latency + milliseconds{chance.below(most + 1)};
}

void world::implementation::apply(entry::type what) {
  to.apply(core, {now, std::move(what)});
  for (const auto& each : core.take_effects())
    carry_out(each);
}

// -- the way to the room ------------------------------------------------------

void world::implementation::send(client& from, fate on_cut, std::function<entry::type()> what) {
  auto& last = from.implementation_->last_sent;
  last = std::max(last, now + delay());
  arriving_.emplace(std::pair{last, ++last_message_}, message{&from, on_cut, std::move(what)});
}

void world::implementation::lose(client& whose) {
  std::erase_if(arriving_, [&](const auto& each) {
    return each.second.from == &whose && each.second.on_cut == fate::lost_with_connection;
  });
}

client& world::implementation::join(std::string identity, payload options) {
  const auto number = clients.size() + 1;
  auto& made = *clients.emplace_back(new client{std::make_unique<client::implementation>(
      client::implementation{*this, identity, random_source{network.seed, 100 + number}})});
  const auto token = made.implementation_->token = token_of(number);
  send(made, fate::certain, [token] { return incoming::reserve{token}; });
  send(made, fate::certain, [=, options = std::move(options)] {
    return incoming::join{token, identity, options};
  });
  return made;
}

void world::implementation::play(client& who) {
  auto& state = *who.implementation_;
  while (state.is_connected && !state.inbox.empty() && state.inbox.front().first <= now) {
    state.inbox.front().second();
    state.inbox.pop_front();
  }
  if (state.back_at && *state.back_at <= now)
    who.come_back();
  if (!who.is_in() || !state.is_connected)
    return;
  if (chance.chance(network.cuts_per_minute / 60 / kind.options.tick_rate)) {
    who.cut();
    state.back_at = now + network.away;
  } else if (state.script) {
    state.script(who);
  }
}

void world::implementation::step() {
  const auto next = core.tick() + 1;
  now = milliseconds{next * 1'000 / kind.options.tick_rate};
  for (std::size_t i = 0; i < clients.size(); ++i) // a script may let others join
    play(*clients[i]);
  while (!arriving_.empty() && arriving_.begin()->first.first <= now) {
    const auto what = std::move(arriving_.begin()->second.what);
    arriving_.erase(arriving_.begin());
    apply(what());
  }
  apply(incoming::tick{});
}

// -- and back -----------------------------------------------------------------

client* world::implementation::find(player_id who) noexcept {
  const auto found = std::ranges::find_if(
      clients, [&](const auto& each) { return each->implementation_->seated == who; });
  return found == clients.end() ? nullptr : found->get();
}

client* world::implementation::find(const token_hash& token) noexcept {
  const auto found = std::ranges::find_if(
      clients, [&](const auto& each) { return each->implementation_->token == token; });
  return found == clients.end() ? nullptr : found->get();
}

void world::implementation::hear(client& who, std::function<void()> what) {
  auto& state = *who.implementation_;
  state.last_heard = std::max(state.last_heard, now + delay());
  state.inbox.emplace_back(state.last_heard, std::move(what));
}

void world::implementation::carry_out(const outgoing::event& what) {
  const bool is_for_one = what.to.who == audience::kind::connection;
  for (const auto& player : core.players()) {
    const bool is_for_it = is_for_one ? player.id() == what.to.id : player.id() != what.to.except;
    auto* const who = is_for_it ? find(player.id()) : nullptr;
    if (who)
      hear(*who, [&state = *who->implementation_, this, name = what.name, content = what.content] {
        state.heard.push_back({now, name, content});
      });
  }
}

void world::implementation::carry_out(const effect& what) {
  handle<outgoing::event>(what, [this](auto& event) { carry_out(event); });
  handle<outgoing::failed>(what, [this](auto& failed) { failures.push_back(failed.text); });
  handle<outgoing::joined>(what, [this](auto& joined) {
    auto& who = *find(joined.token);
    auto& state = *who.implementation_;
    state.seated = joined.who;
    hear(who, [&state, id = joined.who] { state.id = id; });
  });
  handle<outgoing::join_refused>(what, [this](auto& refused) {
    auto& who = *find(refused.token);
    hear(who, [&state = *who.implementation_, text = refused.text] { state.refusal = text; });
  });
  handle<outgoing::left>(what, [this](auto& left) {
    auto& who = *find(left.who);
    auto& state = *who.implementation_;
    state.seated = 0;
    hear(who, [&state, why = left.why] { state.left = why; });
  });
  handle<outgoing::input_refused>(what, [this](auto& refused) {
    auto& who = *find(refused.who);
    hear(who, [&state = *who.implementation_] { ++state.refused_inputs; });
  });
}

} // namespace troupe::game::testing

#include "tools/load_arena_bot.hpp"

#include "troupe/game/room_values.hpp"
#include "troupe/game/seat_reservation.hpp"

#include "net/client_state.hpp"
#include "protocol/native_encode.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace troupe::load {

namespace {

using kind = bot_news::kind;
using protocol::operation;

constexpr double good_aim = 0.15;   // radians
constexpr double range = 500;       // of shots, about
constexpr double near_enough = 150; // to stop flying there
constexpr nanoseconds patience = std::chrono::seconds{2};
constexpr std::uint64_t seat_ask = 1, join_ask = 2;

struct way {
  double x = 0;
  double y = 0;
  double length() const { return std::hypot(x, y); }
};

/// The short way, across the edges.
template <class From, class To>
way between(const From& from, const To& to) {
  return {std::remainder(to.x - from.x, arena::width),
          std::remainder(to.y - from.y, arena::height)};
}

bot_news failed(std::string text) {
  return {.what = kind::failed, .text = std::move(text)};
}

} // namespace

bot_news arena_bot::receive(byte_view message, instant now) {
  const auto decoded = protocol::decode_server(message);
  if (!decoded)
    return failed(decoded.error().text());
  switch (decoded->op) {
  case operation::hello:
    events_ = net::read_hello(*decoded).events;
    outgoing_.push_back(protocol::to_message(
        protocol::encode_ask(seat_ask, {.number = 0, .text = "rooms.join_or_create"},
                             content_kind::arguments),
        game::to_payload(game::room_request{.kind = "arena"}).bytes));
    return {};
  case operation::reply:
    return take_seat(decoded->payload);
  case operation::joined:
    room_ = decoded->room;
    publish("state.begin");
    return {};
  case operation::room_event:
    return hear(*decoded, now);
  case operation::error:
    return failed(std::string{to_string(decoded->code)} + ": " + std::string{decoded->text});
  case operation::left:
    return failed("the server ended the game");
  default:
    return {};
  }
}

bot_news arena_bot::take_seat(byte_view reply) {
  const auto seat =
      unpack_args<std::tuple<game::seat_reservation>>({reply, content_kind::arguments});
  if (!seat || std::get<0>(*seat).tokens.empty())
    return failed("the answer is no seat");
  const auto& [room, tokens] = std::get<0>(*seat);
  if (!protocol::is_valid_name(room))
    return failed("the answer is no seat");
  outgoing_.push_back(protocol::to_message(protocol::encode_join(join_ask, room),
                                           copy_.join_arguments(tokens.front(), name_).bytes));
  return {};
}

bot_news arena_bot::hear(const protocol::message& from, instant now) {
  const bool was_playing = is_playing();
  auto news = copy_.receive(name_of(from.name), {from.payload, from.content});
  if (news.confirm)
    publish("state.confirm", *news.confirm);
  using room_kind = game::room_news::kind;
  switch (news.what) {
  case room_kind::patched:
    return {.what = was_playing ? kind::patched : kind::playing, .seen = look(now)};
  case room_kind::unchanged:
    return {.what = news.confirm == 0 ? kind::resync : kind::nothing};
  case room_kind::input_refused:
    return {.what = kind::refused, .text = std::move(news.text)};
  case room_kind::malformed:
    return failed(std::move(news.text));
  default:
    return {};
  }
}

const arena::ship* arena_bot::own() const {
  const auto& ships = copy_.mirror().state().ships;
  const auto found = ships.find(static_cast<std::uint32_t>(copy_.player()));
  return found == ships.end() ? nullptr : &found->second;
}

/// A ship that is shot down has no flame: what was pending then is never seen.
std::optional<nanoseconds> arena_bot::look(instant now) {
  const auto* const ship = own();
  if (!ship || !ship->is_alive)
    pending_.reset();
  if (!pending_ || ship->thrusts != pending_->thrusts)
    return std::nullopt;
  const auto waited = now - pending_->due;
  pending_.reset();
  return waited;
}

bool arena_bot::steer(instant due) {
  const auto* const ship = own();
  if (!ship)
    return true;
  const bool is_lost = pending_ && due - pending_->due > patience;
  if (is_lost)
    pending_.reset();
  auto next = wish();
  if (ship->is_alive && !pending_) {
    next.thrust = !ship->thrusts;
    pending_ = pending_input{.thrusts = next.thrust, .due = due};
  } else {
    next.thrust = pending_ && pending_->thrusts;
  }
  publish("steer", next, ++sequence_);
  return !is_lost;
}

/// Towards the next ship, firing when it is ahead.
arena::steer arena_bot::wish() const {
  const auto& me = *own();
  std::optional<way> nearest;
  for (const auto& [id, other] : copy_.mirror().state().ships) {
    const auto there = between(me, other);
    if (id != copy_.player() && other.is_alive && (!nearest || there.length() < nearest->length()))
      nearest = there;
  }
  const auto goal = nearest.value_or(way{arena::width, arena::height});
  const auto turn = std::remainder(std::atan2(goal.y, goal.x) - me.heading, 2 * std::numbers::pi);
  const auto distance = goal.length();
  return {.turn = distance < near_enough ? 0 : std::clamp(turn * 2, -1.0, 1.0),
          .fire = std::abs(turn) < good_aim && distance < range};
}

std::string arena_bot::name_of(const protocol::event_name& name) const {
  if (!name.is_number())
    return std::string{name.text};
  return name.number < events_.size() ? events_[name.number] : std::string{};
}

template <class... Args>
void arena_bot::publish(std::string_view event, const Args&... args) {
  const auto number = std::ranges::find(events_, event);
  const protocol::event_name name =
      number == events_.end()
          ? protocol::event_name{.number = 0, .text = event}
          : protocol::event_name{.number = static_cast<std::uint64_t>(number - events_.begin()),
                                 .text = {}};
  const auto content = make_payload(args...);
  outgoing_.push_back(protocol::to_message(
      protocol::encode_publish(room_, name, content_kind::arguments), content.bytes));
}

} // namespace troupe::load

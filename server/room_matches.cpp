#include "server/room_matches.hpp"

#include "troupe/describe.hpp"

#include "server/random_token.hpp"
#include "server/room_values.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace troupe::game {

namespace {

void check(const std::string& kind, const match_rules& rules, std::uint32_t max_players) {
  const auto fail = [&](const std::string& why) {
    throw std::invalid_argument{"The matches of \"" + kind + "\" " + why};
  };
  const auto players = std::uint64_t{rules.teams} * rules.team_size;
  if (players == 0 || players > max_players)
    fail("have " + std::to_string(players) + " players; rooms have 1 to "
         + std::to_string(max_players) + ".");
  for (const auto band : {rules.band, rules.band_per_second, rules.widest_band})
    if (!(band >= 0))
      fail("have a band that is not 0 or more.");
  if (rules.least_players == 0 || rules.least_players > players)
    fail("cannot start with " + std::to_string(rules.least_players) + " players.");
}

} // namespace

room_matches::room_matches(endpoint& at, std::shared_ptr<room_directory> rooms)
    : endpoint_{at}, rooms_{std::move(rooms)}, desk_{random_token} {}

void room_matches::define(const std::string& kind, const match_rules& rules) {
  check(kind, rules, rooms_->keep_for_matches(kind));
  desk_.define(kind, rules);
}

std::chrono::milliseconds room_matches::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

match_desk::taken room_matches::add(const match_wish& wish, connection_id owner) {
  const std::lock_guard guard{lock_};
  return desk_.add(wish, owner, now());
}

bool room_matches::cancel(std::string_view ticket) {
  const std::lock_guard guard{lock_};
  return desk_.cancel(ticket);
}

std::optional<match_status> room_matches::look(std::string_view ticket) {
  run();
  const std::lock_guard guard{lock_};
  return desk_.look(ticket, now());
}

void room_matches::run() {
  const std::lock_guard guard{lock_};
  const auto time = now();
  if (time < next_run_)
    return;
  next_run_ = time + period;
  const auto told =
      desk_.run(time, [this](auto& kind, auto& teams) { return make_room(kind, teams); });
  for (const auto& [whom, ticket, made] : told)
    endpoint_.to(whom).emit("rooms.matched", to_payload(made));
}

std::optional<seat_reservation> room_matches::make_room(const std::string& kind,
                                                        const match_teams& teams) {
  room_request wanted{.kind = kind, .options = make_payload(teams), .is_private = true};
  wanted.seats = 0;
  for (const auto& team : teams.teams)
    wanted.seats += static_cast<std::uint32_t>(team.size());
  const auto made = rooms_->create_for_match(wanted);
  return made ? std::optional{*made} : std::nullopt;
}

} // namespace troupe::game

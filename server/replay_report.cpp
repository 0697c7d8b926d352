#include "server/replay_report.hpp"

#include "troupe/game/state_json.hpp"

#include <boost/describe.hpp>

#include <iomanip>
#include <ostream>
#include <vector>

namespace troupe::game {

namespace {

struct shown_player {
  player_id id = 0;
  std::string identity;
  bool is_connected = true;
};
BOOST_DESCRIBE_STRUCT(shown_player, (), (id, identity, is_connected))

struct shown_room {
  std::uint64_t tick = 0;
  bool is_closed = false;
  std::vector<shown_player> players;
};
BOOST_DESCRIBE_STRUCT(shown_room, (), (tick, is_closed, players))

/// `1 h 2 min 3.4 s`
void write_time(double seconds, std::ostream& to) {
  const auto minutes = static_cast<std::uint64_t>(seconds / 60);
  if (minutes >= 60)
    to << minutes / 60 << " h ";
  if (minutes > 0)
    to << minutes % 60 << " min ";
  to << std::fixed << std::setprecision(1) << seconds - 60.0 * static_cast<double>(minutes) << " s";
}

std::string_view to_text(recording_reader::end ending) noexcept {
  switch (ending) {
  case recording_reader::end::none:
    return "more follows";
  case recording_reader::end::whole:
    return "whole";
  case recording_reader::end::torn:
    return "torn: the last record is not complete, as when its writer was killed";
  case recording_reader::end::damaged:
    return "damaged: what follows was not replayed";
  }
  return "";
}

} // namespace

void write_report(const replay& of, std::chrono::duration<double> took,
                  const replay_options& options, std::ostream& to) {
  const auto& kind = of.kind();
  to << "room      " << kind.name << ", up to " << kind.options.max_players << " players, "
     << kind.options.tick_rate << " ticks/s\n";
  to << "replayed  " << of.ticks() << " ticks (";
  write_time(static_cast<double>(of.ticks()) / kind.options.tick_rate, to);
  to << "), " << of.entries() << " entries, in " << std::setprecision(2) << took.count() << " s\n";
  to << "ending    " << to_text(of.ending()) << '\n';
  to << "state     ";
  if (!options.verifies)
    to << "not compared\n";
  else if (const auto tick = of.first_difference())
    to << "differs from the recorded one after tick " << *tick << '\n';
  else
    to << "the recorded one after every tick\n";
}

std::string state_json(room_core& of) {
  shown_room shown{of.tick(), of.is_closed(), {}};
  for (const auto& each : of.players())
    shown.players.push_back({each.id(), std::string{each.identity()}, each.is_connected()});
  auto text = to_json(shown);
  text.pop_back();
  const auto& make_feed = of.kind().make_feed;
  return text + ",\"state\":" + (make_feed ? make_feed()->json(of.user()) : "null") + "}";
}

} // namespace troupe::game

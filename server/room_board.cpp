#include "server/room_board.hpp"

#include "troupe/describe.hpp"
#include "troupe/json.hpp"
#include "troupe/payload_sink.hpp"

#include <cstdint>
#include <utility>

namespace troupe::game {

// -- what is shown ------------------------------------------------------------

struct shown_times {
  std::int64_t p50 = 0, p99 = 0, p999 = 0, max = 0; // microseconds
};
BOOST_DESCRIBE_STRUCT(shown_times, (), (p50, p99, p999, max))

struct shown_costs {
  std::uint64_t players = 0;
  std::uint64_t ticks = 0;
  std::uint64_t lost_ticks = 0;
  std::uint64_t overruns = 0;
  std::int64_t cpu_us = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  shown_times tick_us;
  shown_times late_us;
};
BOOST_DESCRIBE_STRUCT(shown_costs, (),
                      (players, ticks, lost_ticks, overruns, cpu_us, bytes_in, bytes_out, tick_us,
                       late_us))

struct shown_room : shown_costs {
  std::string id;
  std::string kind;
  std::int64_t age_ms = 0;
};
BOOST_DESCRIBE_STRUCT(shown_room, (shown_costs), (id, kind, age_ms))

struct shown_kind : shown_costs {
  std::string kind;
  std::uint64_t rooms = 0;
};
BOOST_DESCRIBE_STRUCT(shown_kind, (shown_costs), (kind, rooms))

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

shown_times show(const duration_histogram& times) {
  const auto at = [&](double fraction) {
    return duration_cast<microseconds>(times.quantile(fraction)).count();
  };
  return {.p50 = at(0.5), .p99 = at(0.99), .p999 = at(0.999), .max = at(1)};
}

shown_costs show(const room_costs& costs, std::uint64_t players) {
  return {.players = players,
          .ticks = costs.ticks(),
          .lost_ticks = costs.lost_ticks,
          .overruns = costs.overruns,
          .cpu_us = duration_cast<microseconds>(costs.cpu).count(),
          .bytes_in = costs.bytes_in,
          .bytes_out = costs.bytes_out,
          .tick_us = show(costs.tick_duration),
          .late_us = show(costs.tick_jitter)};
}

/// The sums of one kind.
struct kind_sum {
  std::uint64_t rooms = 0;
  std::uint64_t players = 0;
  room_costs costs{};

  void add(const room_stats& one) {
    ++rooms;
    players += one.players;
    costs.cpu += one.costs.cpu;
    costs.bytes_in += one.costs.bytes_in;
    costs.bytes_out += one.costs.bytes_out;
    costs.lost_ticks += one.costs.lost_ticks;
    costs.overruns += one.costs.overruns;
    costs.tick_duration.merge(one.costs.tick_duration);
    costs.tick_jitter.merge(one.costs.tick_jitter);
  }
};

/// Appends one element of an array.
template <class Shown>
void append(std::string& to, const Shown& what) {
  payload_sink sink;
  payload_packer packer{sink};
  packer.pack(what);
  const auto text = msgpack_to_json(sink.take());
  if (!to.ends_with('['))
    to += ',';
  to += text ? *text : "null";
}

} // namespace

std::string to_json(const room_figures& rooms, std::chrono::steady_clock::time_point now) {
  std::map<std::string_view, kind_sum> kinds;
  std::string text = R"({"rooms":[)";
  for (const auto& each : rooms) {
    kinds[each->kind].add(*each);
    append(text, shown_room{show(each->costs, each->players), each->room, each->kind,
                            duration_cast<milliseconds>(now - each->measured_at).count()});
  }
  text += R"(],"kinds":[)";
  for (const auto& [name, sum] : kinds)
    append(text, shown_kind{show(sum.costs, sum.players), std::string{name}, sum.rooms});
  return text += "]}";
}

// -- the board ----------------------------------------------------------------

void room_board::pin(room_stats figures) {
  auto pinned = std::make_shared<const room_stats>(std::move(figures));
  const std::lock_guard guard{lock_};
  auto& place = rooms_[pinned->room];
  place.swap(pinned); // the old figures go after the lock
}

void room_board::take_down(std::string_view room) {
  const std::lock_guard guard{lock_};
  if (const auto found = rooms_.find(room); found != rooms_.end())
    rooms_.erase(found);
}

room_figures room_board::all() const {
  const std::lock_guard guard{lock_};
  room_figures result;
  result.reserve(rooms_.size());
  for (const auto& [id, figures] : rooms_)
    result.push_back(figures);
  return result;
}

} // namespace troupe::game

// `--record` over real sockets, and in a process that is killed.
#include "game/replay.hpp"
#include "tests/integration/support/bather.hpp"
#include "tests/integration/support/child_process.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <csignal>
#include <iterator>
#include <thread>

namespace troupe::test {

using namespace std::chrono_literals;
using recording_end = game::recording_reader::end;

namespace {

/// The only recording in a folder, replayed to its end.
struct only_recording {
  std::string bytes;
  game::replay again;

  explicit only_recording(const std::filesystem::path& folder)
      : bytes{read(folder)}, again{pond_kind(), as_bytes(bytes)} {
    REQUIRE(again.problem().empty());
    again.run();
  }
  /// Whether the state was so after any tick.
  template <class Predicate>
  bool was(Predicate is_so) const {
    game::replay steps{pond_kind(), as_bytes(bytes)};
    for (std::uint64_t tick = 1; tick <= again.ticks(); ++tick) {
      steps.run(tick);
      if (is_so(static_cast<pond&>(steps.room().user()).state()))
        return true;
    }
    return false;
  }
  water state() { return static_cast<pond&>(again.room().user()).state(); }

  static std::string read(const std::filesystem::path& folder) {
    const auto first = std::filesystem::directory_iterator{folder};
    REQUIRE(std::distance(first, {}) == 1);
    std::ifstream from{std::filesystem::directory_iterator{folder} -> path(), std::ios::binary};
    return {std::istreambuf_iterator<char>{from}, {}};
  }
};

/// One step at a time, until it sees itself there.
void swim_by(bather& who, int steps) {
  const auto place = [](const water& all) {
    return all.swimmers.empty() ? 0 : all.swimmers.begin()->second.x;
  };
  const auto target = place(who.mirror.state()) + steps;
  for (int i = 0; i < steps; ++i)
    who.client.publish(who.room, "swim", swim{1});
  who.wait_for([&](const water& all) { return place(all) == target; });
}

} // namespace

TEST_CASE("recordings: what players did replays with the same state", "[integration][game]") {
  const temporary_folder folder;
  auto settings = quick_config();
  settings.record = folder.path() / "games";
  {
    running_server server{settings, add_ponds};
    bather ann{server.port()};
    bather bob{server.port()};
    ann.join_or_create("ann");
    bob.join_or_create("bob");
    swim_by(ann, 20);
    bob.client.leave(bob.room);
    ann.wait_event("went");
    swim_by(ann, 10);
  }
  only_recording room{folder.path() / "games"};
  CHECK(room.again.ticks() > 3);
  CHECK(!room.again.first_difference());
  CHECK(room.again.ending() == recording_end::whole);
  CHECK(room.was([](const water& all) { // later they left, unless the server was faster
    const auto ann = all.swimmers.begin();
    return all.swimmers.size() == 1 && ann->second.name == "ann" && ann->second.x == 30;
  }));
}

TEST_CASE("recordings: end with their room", "[integration][game]") {
  const temporary_folder folder;
  auto settings = quick_config();
  settings.record = folder.path();
  running_server server{settings, add_ponds};
  {
    bather ann{server.port()};
    ann.join_or_create("ann");
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  bool is_closed = false;
  while (!is_closed && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(50ms);
    if (std::filesystem::is_empty(folder.path()))
      continue;
    only_recording room{folder.path()};
    is_closed = room.again.room().is_closed() && room.again.ending() == recording_end::whole;
  }
  CHECK(is_closed);
}

TEST_CASE("recordings: a killed process leaves all but the last moment", "[integration][game]") {
  const temporary_folder folder;
  child_process child{{"--record", folder.path().string(), "--threads", "1"}};
  bather ann{child.port()};
  ann.join_or_create("ann");
  swim_by(ann, 10);
  std::this_thread::sleep_for(600ms); // more than it lies in memory
  child.signal(SIGKILL);
  REQUIRE(child.wait(patience) == 128 + SIGKILL);
  only_recording room{folder.path()};
  CHECK(room.again.ticks() > 20);
  CHECK(!room.again.first_difference());
  CHECK(
      (room.again.ending() == recording_end::whole || room.again.ending() == recording_end::torn));
  CHECK(room.state().swimmers.begin()->second.x == 10);
}

TEST_CASE("recordings: SIGTERM finishes them", "[integration][game]") {
  const temporary_folder folder;
  child_process child{{"--record", folder.path().string(), "--drain-timeout", "100ms"}};
  bather ann{child.port()};
  ann.join_or_create("ann");
  swim_by(ann, 10);
  child.signal(SIGTERM);
  REQUIRE(child.wait(patience) == 0);
  only_recording room{folder.path()};
  CHECK(!room.again.first_difference());
  CHECK(room.again.ending() == recording_end::whole);
}

TEST_CASE("recordings: a directory that cannot be used ends the start", "[integration][game]") {
  const temporary_folder folder;
  folder.write("file", "");
  auto settings = quick_config();
  settings.record = folder.path() / "file";
  CHECK_THROWS_AS(running_server(settings, add_ponds), std::runtime_error);
}

} // namespace troupe::test

#include "server/replay_command.hpp"

#include "troupe/game/replay_main.hpp"
#include "troupe/game/testing.hpp"

#include "game/recording.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pond.hpp"
#include "tests/support/temporary_folder.hpp"

#include <sstream>

using namespace troupe;
using namespace troupe::game;
using namespace troupe::test;

namespace {

struct outcome {
  int status = -1;
  std::string out;
  std::string err;

  bool says(std::string_view text) const { return out.find(text) != std::string::npos; }
  bool complains(std::string_view text) const { return err.find(text) != std::string::npos; }
};

/// A recording of a pond in which somebody swims 1 to the right in each of 50 ticks.
std::string recorded_pond() {
  game::testing::world world{pond_kind()};
  world.join("ann", std::string{"Ann"}).each_tick([](auto& me) { me.send(swim{1}); });
  world.run(50);
  return std::string{as_text(world.recording())};
}

/// The same steps, with the hash of one tick changed.
std::string with_another_hash(const std::string& recording, std::uint64_t tick) {
  std::string changed;
  recorder to{[&](byte_view more) { changed += as_text(more); }, pond_kind()};
  recording_reader reader{as_bytes(recording)};
  for (recorded_step step; reader.next(step);) {
    for (const auto& each : step.entries)
      to.entered(each);
    to.ticked(step.tick, step.tick == tick ? step.hash + 1 : step.hash);
  }
  return changed;
}

outcome run(const std::string& content, replay_options options = {},
            const std::vector<room_kind>& kinds = {pond_kind()}) {
  const temporary_folder folder;
  folder.write("it.recording", content);
  options.file = folder.path() / "it.recording";
  std::ostringstream out;
  std::ostringstream err;
  const auto status = run_replay(options, kinds, out, err);
  return {status, out.str(), err.str()};
}

} // namespace

TEST_CASE("replay: reports what was replayed", "[server][replay]") {
  const auto told = run(recorded_pond(), {.verifies = true});
  CHECK(told.status == 0);
  CHECK(told.err.empty());
  CHECK(told.says("room      pond, up to 2 players, 100 ticks/s\n"));
  CHECK(told.says("replayed  50 ticks (0.5 s), "));
  CHECK(told.says("ending    whole\n"));
  CHECK(told.says("state     the recorded one after every tick\n"));
  CHECK(run(recorded_pond()).says("state     not compared\n"));
}

TEST_CASE("replay: names the first tick whose state differs", "[server][replay]") {
  const auto other = with_another_hash(recorded_pond(), 17);
  const auto told = run(other, {.verifies = true});
  CHECK(told.status == 1);
  CHECK(told.says("differs from the recorded one after tick 17\n"));
  CHECK(run(other).status == 0);
  CHECK(run(other, {.to_tick = 16, .verifies = true}).status == 0);
}

TEST_CASE("replay: prints the state at a tick as JSON, and nothing else", "[server][replay]") {
  const auto told = run(recorded_pond(), {.to_tick = 20});
  CHECK(told.status == 0);
  CHECK(told.out.starts_with("{\"tick\":20,\"is_closed\":false,\"players\":[{\"id\":1,\"identity\":"
                             "\"ann\",\"is_connected\":true}],\"state\":{\"waves\":20,"));
  CHECK(told.says("\"name\":\"Ann\""));
  CHECK(told.out.ends_with("}}}}\n"));
  CHECK(told.complains("replayed  20 ticks"));
  CHECK(told.complains("more follows"));
  const auto late = run(recorded_pond(), {.to_tick = 51});
  CHECK(late.status == 1);
  CHECK(late.out.empty());
  CHECK(late.complains("has no tick 51: it ends with tick 50"));
}

TEST_CASE("replay: tells a torn recording from a damaged one", "[server][replay]") {
  const auto whole = recorded_pond();
  const auto torn = run(whole.substr(0, whole.size() - 3), {.verifies = true});
  CHECK(torn.status == 0);
  CHECK(torn.says("replayed  49 ticks"));
  CHECK(torn.says("ending    torn"));
  auto changed = whole;
  changed[whole.size() - 3] ^= 1;
  const auto damaged = run(changed);
  CHECK(damaged.status == 1);
  CHECK(damaged.says("ending    damaged"));
}

TEST_CASE("replay: says why there is nothing to replay", "[server][replay]") {
  const auto recording = recorded_pond();
  CHECK(run("").complains("This is no recording"));
  CHECK(run("<html>").complains("This is no recording"));
  CHECK(run(recording.substr(0, 20)).complains("ends there"));
  CHECK(run(recording, {}, {}).complains("kind \"pond\", which this program does not know"));
  auto other = pond_kind();
  other.inputs.pop_back();
  const auto told = run(recording, {}, {other});
  CHECK(told.complains("inputs of the recorded room were swim, splash; those of this program are "
                       "swim."));
  CHECK(told.status == 2);
  CHECK(told.out.empty());
}

TEST_CASE("replay: says that the version is another one", "[server][replay]") {
  std::string recording = "TROUPREC";
  // a record with the content 04: the length, its CRC-32, and version 4 of whatever follows
  recording += std::string("\x01\x00\x00\x00\x94\x2B\x6F\xD5\x04", 9);
  CHECK(run(recording).complains("has version 4 of the format; this program reads version 3."));
}

TEST_CASE("replay: files that cannot be read are named", "[server][replay]") {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_replay({.file = "/nowhere/a.recording"}, {}, out, err) == 2);
  CHECK(err.str().find("/nowhere/a.recording") != std::string::npos);
  CHECK(err.str().find("No such file") != std::string::npos);
  err.str({});
  CHECK(run_replay({.file = "/"}, {}, out, err) == 2);
  CHECK(err.str().find("directory") != std::string::npos);
}

TEST_CASE("replay: programs offer it for their own kinds", "[server][replay]") {
  const temporary_folder folder;
  folder.write("it.recording", recorded_pond());
  std::vector<std::string> words{"replay", (folder.path() / "it.recording").string(), "--verify"};
  std::vector<char*> arguments;
  for (auto& each : words)
    arguments.push_back(each.data());
  CHECK(replay_main(3, arguments.data(), {pond_kind()}) == 0);
  CHECK(replay_main(3, arguments.data(), {}) == 2);
  CHECK(replay_main(1, arguments.data(), {}) == 2);
}

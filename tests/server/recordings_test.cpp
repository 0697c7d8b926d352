#include "server/recordings.hpp"

#include "game/replay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pond.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <iterator>
#include <spdlog/spdlog.h>

using namespace troupe::game;
using namespace troupe::test;

namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream from{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{from}, {}};
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> result;
  for (const auto& each : std::filesystem::directory_iterator{folder})
    result.push_back(each.path());
  std::ranges::sort(result);
  return result;
}

struct file_fixture {
  temporary_folder folder;
  std::shared_ptr<recording_backlog> all = std::make_shared<recording_backlog>(10'000'000);
  std::filesystem::path path = folder.path() / "a.recording";
  recording_file file{path, all};

  file_fixture() { spdlog::set_level(spdlog::level::off); }
  void append(std::string_view text) { file.append(troupe::as_bytes(text)); }
};

/// Ticks of a pond with one swimmer.
void play(room_recording& to, room_core& core, int ticks) {
  to.apply(core, {{}, incoming::create{.seed = 1}});
  to.apply(core, {{}, incoming::reserve{}});
  to.apply(core, {{}, incoming::join{.identity = "ann"}});
  for (int i = 0; i < ticks; ++i)
    to.apply(core, {std::chrono::milliseconds{10 * i}, incoming::tick{}});
}

} // namespace

TEST_CASE("recording_file: writes what was appended, in order", "[server][recordings]") {
  file_fixture fixture;
  fixture.append("one ");
  fixture.append("two ");
  CHECK(!std::filesystem::exists(fixture.path));
  fixture.file.write();
  CHECK(content_of(fixture.path) == "one two ");
  fixture.append("three");
  fixture.file.write();
  fixture.file.write();
  CHECK(content_of(fixture.path) == "one two three");
  CHECK(fixture.all->bytes == 0);
  using std::filesystem::perms;
  CHECK((std::filesystem::status(fixture.path).permissions() & perms::others_all) == perms::none);
}

TEST_CASE("recording_file: never touches a file that is there", "[server][recordings]") {
  file_fixture fixture;
  fixture.folder.write("a.recording", "older");
  fixture.folder.write("a-2.recording", "old");
  fixture.append("new");
  fixture.file.write();
  CHECK(content_of(fixture.path) == "older");
  CHECK(content_of(fixture.folder.path() / "a-2.recording") == "old");
  CHECK(content_of(fixture.folder.path() / "a-3.recording") == "new");
}

TEST_CASE("recording_file: stops behind a whole record when nobody writes",
          "[server][recordings]") {
  file_fixture fixture;
  const std::string record(recording_file::most_waiting / 4 + 1, 'x');
  for (int i = 0; i < 3; ++i)
    fixture.append(record);
  CHECK(!fixture.file.is_stopped());
  fixture.append(record);
  CHECK(fixture.file.is_stopped());
  fixture.append("too late");
  CHECK(fixture.all->bytes == 3 * record.size());
  fixture.file.write();
  CHECK(std::filesystem::file_size(fixture.path) == 3 * record.size());
  CHECK(fixture.all->bytes == 0);
}

TEST_CASE("recording_file: all rooms together have a bound", "[server][recordings]") {
  file_fixture fixture;
  {
    recording_file other{fixture.folder.path() / "b.recording", fixture.all};
    other.append(troupe::as_bytes(std::string(4'000'000, 'x')));
    recording_file third{fixture.folder.path() / "c.recording", fixture.all};
    third.append(troupe::as_bytes(std::string(4'000'000, 'x')));
    fixture.append(std::string(3'000'000, 'x'));
    CHECK(fixture.file.is_stopped());
    CHECK(!other.is_stopped());
  }
  CHECK(fixture.all->bytes == 0); // given back by those who never wrote
}

TEST_CASE("recording_file: stops when it cannot be written", "[server][recordings]") {
  file_fixture fixture;
  recording_file file{fixture.folder.path() / "missing" / "a.recording", fixture.all};
  file.append(troupe::as_bytes("x"));
  CHECK(!file.is_stopped());
  file.write();
  CHECK(file.is_stopped());
  file.append(troupe::as_bytes("y"));
  file.write();
  CHECK(fixture.all->bytes == 0);
}

TEST_CASE("recordings: a directory that cannot be used is refused by its name",
          "[server][recordings]") {
  spdlog::set_level(spdlog::level::off);
  const temporary_folder folder;
  folder.write("file", "");
  recordings all{folder.path() / "file" / "below", 1 << 20};
  try {
    all.start();
    FAIL("it must throw");
  } catch (const std::runtime_error& error) {
    CHECK(std::string{error.what()}.find("file/below\" cannot take recordings: ")
          != std::string::npos);
  }
}

TEST_CASE("recordings: each room has a file that replays", "[server][recordings]") {
  spdlog::set_level(spdlog::level::off);
  const temporary_folder folder;
  const auto kind = pond_kind();
  room_core core{kind};
  {
    recordings all{folder.path() / "made" / "for it", 1 << 20};
    all.start();
    auto room = all.record(kind, "../a room");
    play(room, core, 50);
    room_core second{kind};
    auto other = all.record(kind, "../a room");
    play(other, second, 5);
  }
  const auto files = files_in(folder.path() / "made" / "for it");
  REQUIRE(files.size() == 2);
  CHECK(files[0].filename().string().starts_with("pond-___a_room-20"));
  auto bytes = content_of(files[0]);
  if (bytes.size() < content_of(files[1]).size())
    bytes = content_of(files[1]);
  replay again{kind, troupe::as_bytes(bytes)};
  again.run();
  CHECK(again.ticks() == 50);
  CHECK(!again.first_difference());
  CHECK(again.ending() == recording_reader::end::whole);
  CHECK(again.room().state_hash() == core.state_hash());
}

TEST_CASE("recordings: a room whose recording is full goes on", "[server][recordings]") {
  spdlog::set_level(spdlog::level::off);
  const temporary_folder folder;
  const auto kind = pond_kind();
  room_core core{kind};
  {
    recordings all{folder.path(), 1'000};
    all.start();
    auto room = all.record(kind, "room");
    play(room, core, 200);
  }
  CHECK(core.tick() == 200);
  const auto files = files_in(folder.path());
  REQUIRE(files.size() == 1);
  const auto bytes = content_of(files[0]);
  CHECK(bytes.size() <= 1'000);
  replay again{kind, troupe::as_bytes(bytes)};
  again.run();
  CHECK(again.ticks() > 5);
  CHECK(again.ticks() < 200);
  CHECK(!again.first_difference());
  CHECK(again.ending() == recording_reader::end::whole);
}

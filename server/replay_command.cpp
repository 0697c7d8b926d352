#include "server/replay_command.hpp"

#include "troupe/game/replay_main.hpp"

#include "game/replay.hpp"
#include "server/replay_report.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace troupe::game {

namespace {

constexpr int failed = 1;
constexpr int unusable = 2;

std::vector<std::byte> read_file(const std::string& path) {
  std::ifstream from{path, std::ios::binary | std::ios::ate};
  const auto size = from ? static_cast<std::streamoff>(from.tellg()) : -1;
  if (size < 0 || std::filesystem::is_directory(path))
    throw std::runtime_error{"It cannot be read: "
                             + std::generic_category().message(from ? EISDIR : errno) + "."};
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  from.seekg(0);
  from.read(reinterpret_cast<char*>(bytes.data()), size);
  bytes.resize(static_cast<std::size_t>(from.gcount()));
  return bytes;
}

/// Errors:  throws std::runtime_error with a sentence, as the next.
const room_kind& find_kind(const std::string& name, const std::vector<room_kind>& kinds) {
  const auto found = std::ranges::find(kinds, name, &room_kind::name);
  if (found != kinds.end())
    return *found;
  std::string known;
  for (const auto& each : kinds)
    known.append(known.empty() ? "\"" : ", \"").append(each.name).append("\"");
  throw std::runtime_error{"The recording is of a room of kind \"" + name
                           + "\", which this program does not know. It knows "
                           + (known.empty() ? "none" : known) + "."};
}

const room_kind& kind_of(byte_view recording, const std::vector<room_kind>& kinds) {
  const recording_reader reader{recording};
  if (!reader.is_recording())
    throw std::runtime_error{reader.problem()};
  return find_kind(reader.header().kind, kinds);
}

int replay_file(const replay_options& options, const std::vector<room_kind>& kinds,
                std::ostream& out, std::ostream& err) {
  const auto bytes = read_file(options.file);
  replay recorded{kind_of(bytes, kinds), bytes};
  if (!recorded.problem().empty())
    throw std::runtime_error{recorded.problem()};
  recorded.compare(options.verifies);
  const auto began = std::chrono::steady_clock::now();
  recorded.run(options.to_tick.value_or(UINT64_MAX));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  write_report(recorded, took, options, options.to_tick ? err : out);
  if (options.to_tick && recorded.room().tick() != *options.to_tick) {
    err << "The recording has no tick " << *options.to_tick << ": it ends with tick "
        << recorded.room().tick() << ".\n";
    return failed;
  }
  if (options.to_tick)
    out << state_json(recorded.room()) << '\n';
  const bool is_damaged = recorded.ending() == recording_reader::end::damaged;
  return is_damaged || (options.verifies && recorded.first_difference()) ? failed : 0;
}

} // namespace

int run_replay(const replay_options& options, const std::vector<room_kind>& kinds,
               std::ostream& out, std::ostream& err) {
  try {
    return replay_file(options, kinds, out, err);
  } catch (const std::exception& error) {
    err << options.file << ": " << error.what() << '\n';
    return unusable;
  }
}

void add_replay_options(CLI::App& command, replay_options& to) {
  command.add_option("file", to.file, "recording of a game room, from --record")->required();
  command.add_option("--to-tick", to.to_tick, "stop after this tick and print the state as JSON")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, UINT64_MAX));
  command.add_flag("--verify", to.verifies,
                   "compare the state with the recorded one after every tick");
}

int replay_main(int argc, char** argv, const std::vector<room_kind>& kinds) {
  CLI::App command{"Replay the recording of a game room"};
  replay_options options;
  add_replay_options(command, options);
  try {
    command.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return command.exit(error) == 0 ? 0 : unusable;
  }
  return run_replay(options, kinds, std::cout, std::cerr);
}

} // namespace troupe::game

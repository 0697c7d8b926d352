#include "server/recordings.hpp"

#include "game/room_core.hpp"
#include "server/signals.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <iterator>
#include <spdlog/spdlog.h>
#include <stdexcept>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe::game {

namespace {

constexpr auto interval = std::chrono::milliseconds{250};
constexpr std::size_t most_waiting = std::size_t{64} << 20;

[[noreturn]] void refuse(const std::filesystem::path& directory, const std::error_code& why) {
  throw std::runtime_error{"The directory \"" + directory.string()
                           + "\" cannot take recordings: " + why.message() + "."};
}

void make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    refuse(directory, error);
  if (::access(directory.c_str(), W_OK | X_OK) != 0)
    refuse(directory, {errno, std::generic_category()});
}

/// A quarter of the descriptors that the process may have: the rest is for connections.
std::size_t count_files() noexcept {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(limit.rlim_cur / 4);
}

std::string safe_name(std::string_view text) {
  constexpr std::size_t most = 64;
  constexpr std::string_view others = "0123456789-_";
  std::string result{text.substr(0, most)};
  for (auto& c : result)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != others.npos))
      c = '_';
  return result;
}

/// `20260131T235959Z`
std::string time_text() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::string text(16, ' ');
  std::strftime(text.data(), text.size() + 1, "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

} // namespace

// -- one room -----------------------------------------------------------------

room_recording::room_recording(std::shared_ptr<recording_file> to, const room_kind& kind,
                               std::uint64_t max_bytes)
    : file_{std::move(to)},
      recorder_{std::in_place, [file = file_.get()](byte_view records) { file->append(records); },
                kind, std::vector<std::byte>{}, max_bytes} {}

room_recording::~room_recording() {
  if (file_ && recorder_)
    recorder_->finish();
}

void room_recording::apply(room_core& to, const entry& what) {
  if (!recorder_)
    return to.apply(what);
  recorder_->apply(to, what);
  if (recorder_->is_full())
    spdlog::warn("the recording {} is full: the room goes on without", file_->path().string());
  if (!recorder_->is_full() && !file_->is_stopped())
    return;
  recorder_.reset();
  file_.reset();
}

// -- all rooms ----------------------------------------------------------------

recordings::recordings(std::filesystem::path directory, std::uint64_t max_bytes)
    : directory_{std::move(directory)},
      max_bytes_{max_bytes},
      backlog_{std::make_shared<recording_backlog>(most_waiting)} {}

recordings::~recordings() {
  if (!thread_.joinable())
    return;
  {
    const std::lock_guard guard{lock_};
    is_over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void recordings::start() {
  if (thread_.joinable())
    return;
  make_directory(directory_);
  most_files_ = count_files();
  thread_ = std::thread{[this] {
    block_signals();
    run();
  }};
  spdlog::info("game rooms are recorded to {}", directory_.string());
}

room_recording recordings::record(const room_kind& kind, std::string_view room) {
  auto file = add(kind, room);
  return file ? room_recording{std::move(file), kind, max_bytes_} : room_recording{};
}

std::shared_ptr<recording_file> recordings::add(const room_kind& kind, std::string_view room) {
  auto name = safe_name(kind.name) + "-" + safe_name(room) + "-" + time_text() + ".recording";
  const std::lock_guard guard{lock_};
  if (files_.size() >= most_files_) {
    spdlog::warn("room \"{}\" is not recorded: {} others are", room, files_.size());
    return nullptr;
  }
  files_.push_back(std::make_shared<recording_file>(directory_ / name, backlog_));
  changed_.notify_one();
  return files_.back();
}

void recordings::run() {
  std::unique_lock guard{lock_};
  while (!is_over_) {
    changed_.wait(guard, [this] { return is_over_ || !files_.empty(); });
    changed_.wait_for(guard, interval, [this] { return is_over_; });
    guard.unlock();
    write_all();
    guard.lock();
  }
  guard.unlock();
  write_all(); // what came while it was writing
}

void recordings::write_all() {
  for (const auto& each : take_finished())
    each->write(); // for the last time
  for (const auto& each : unfinished())
    each->write();
}

/// Rooms that are over have let go of their files.
std::vector<std::shared_ptr<recording_file>> recordings::take_finished() {
  const std::lock_guard guard{lock_};
  const auto split = std::partition(files_.begin(), files_.end(),
                                    [](const auto& each) { return each.use_count() > 1; });
  std::vector<std::shared_ptr<recording_file>> over{std::move_iterator{split},
                                                    std::move_iterator{files_.end()}};
  files_.erase(split, files_.end());
  return over;
}

std::vector<std::shared_ptr<recording_file>> recordings::unfinished() {
  const std::lock_guard guard{lock_};
  return files_;
}

} // namespace troupe::game

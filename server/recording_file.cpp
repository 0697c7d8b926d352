#include "server/recording_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe::game {

namespace {

constexpr mode_t for_its_owner = 0600; // what players say is in it

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::filesystem::path numbered(std::filesystem::path path, int number) {
  const auto name = path.stem().string() + "-" + std::to_string(number);
  return path.replace_filename(name + path.extension().string());
}

/// @returns the descriptor of a new file, or -1 with errno.
int create(const std::filesystem::path& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, for_its_owner);
}

} // namespace

recording_file::recording_file(std::filesystem::path path, std::shared_ptr<recording_backlog> all)
    : path_{std::move(path)}, all_{std::move(all)} {}

recording_file::~recording_file() {
  all_->bytes -= waiting_.size();
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

void recording_file::append(byte_view records) {
  if (is_stopped())
    return;
  const std::lock_guard guard{lock_};
  if (waiting_.size() + records.size() > most_waiting || all_->bytes + records.size() > all_->most)
    return stop("the disk is too slow");
  waiting_.insert(waiting_.end(), records.begin(), records.end());
  all_->bytes += records.size();
}

void recording_file::stop(std::string_view why) {
  if (!is_stopped_.exchange(true))
    spdlog::error("stopped the recording {}: {}", path_.string(), why);
}

std::vector<std::byte> recording_file::take_waiting() {
  const std::lock_guard guard{lock_};
  return std::exchange(waiting_, {});
}

void recording_file::write() {
  const auto bytes = take_waiting();
  if (!bytes.empty() && !has_failed_ && !(open() && write_all(bytes))) {
    has_failed_ = true;
    stop(reason(errno));
  }
  all_->bytes -= bytes.size();
}

bool recording_file::open() {
  if (descriptor_ >= 0)
    return true;
  descriptor_ = create(path_);
  for (int number = 2; descriptor_ < 0 && errno == EEXIST; ++number)
    descriptor_ = create(numbered(path_, number));
  return descriptor_ >= 0;
}

bool recording_file::write_all(byte_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR)
      return false;
    bytes = bytes.subspan(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return true;
}

} // namespace troupe::game

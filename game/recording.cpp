#include "game/recording.hpp"

#include "game/room_core.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <zlib.h>

namespace troupe::game {

namespace {

constexpr std::string_view magic = "TROUPREC";
constexpr std::size_t frame_size = 8;
constexpr std::size_t most_pending = std::size_t{1} << 20;

/// Of both, one behind the other.
std::uint32_t checksum(byte_view first, byte_view second = {}) noexcept {
  uLong sum = 0;
  for (const auto part : {first, second})
    if (!part.empty()) // zlib begins anew where there is nothing
      sum = crc32_z(sum, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  return static_cast<std::uint32_t>(sum);
}

void append_little(std::vector<std::byte>& to, std::uint32_t value) {
  for (int i = 0; i < 4; ++i)
    to.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFF));
}

std::uint32_t read_little(byte_view from) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= std::to_integer<std::uint32_t>(from[i]) << (8 * i);
  return value;
}

std::vector<std::string> names_of(const std::vector<typed_handler>& handlers) {
  std::vector<std::string> result;
  for (const auto& each : handlers)
    result.push_back(each.name);
  return result;
}

} // namespace

// -- writing ------------------------------------------------------------------

recorder::recorder(sink to, const room_kind& kind, std::vector<std::byte> snapshot,
                   std::uint64_t max_bytes)
    : to_{std::move(to)}, max_bytes_{max_bytes} {
  const recording_header header{.kind = kind.name,
                                .options = kind.options,
                                .inputs = names_of(kind.inputs),
                                .timers = names_of(kind.timers),
                                .snapshot = std::move(snapshot)};
  to_(as_bytes(magic));
  size_ += magic.size();
  head_(header);
  write_record(head_.bytes(), {});
}

void recorder::apply(room_core& to, const entry& what) {
  entered(what);
  to.apply(what);
  if (std::holds_alternative<incoming::tick>(what.what) && !is_full_)
    ticked(to.tick(), to.state_hash());
}

void recorder::entered(const entry& what) {
  if (is_full_)
    return;
  body_(what);
  ++entries_;
  if (body_.bytes().size() >= most_pending)
    write_step({});
}

void recorder::ticked(std::uint64_t tick, std::uint64_t hash) {
  write_step({.has_ticked = true, .tick = tick, .hash = hash});
}

void recorder::finish() {
  if (entries_ > 0)
    write_step({});
}

void recorder::write_step(const recorded_step& step) {
  head_.clear();
  head_(step.has_ticked, step.tick, step.hash, entries_);
  write_record(head_.bytes(), body_.bytes());
  body_.clear();
  entries_ = 0;
}

void recorder::write_record(byte_view first, byte_view second) {
  record_.clear();
  append_little(record_, static_cast<std::uint32_t>(first.size() + second.size()));
  append_little(record_, checksum(first, second));
  record_.insert(record_.end(), first.begin(), first.end());
  record_.insert(record_.end(), second.begin(), second.end());
  is_full_ = is_full_ || size_ + record_.size() > max_bytes_;
  if (is_full_)
    return;
  to_(record_);
  size_ += record_.size();
}

// -- reading ------------------------------------------------------------------

recording_reader::recording_reader(byte_view recording)
    : rest_{recording}, problem_{read_header()} {}

/// @returns why there is none.
std::string recording_reader::read_header() {
  if (!as_text(rest_).starts_with(magic))
    return "This is no recording of Troupe.";
  rest_ = rest_.subspan(magic.size());
  const auto content = next_record();
  if (!content)
    return "The recording is damaged at its beginning, or ends there.";
  recording_header header;
  if (state_reader from{*content}; from(header.version) && header.version != recording_version)
    return "The recording has version " + std::to_string(header.version)
           + " of the format; this program reads version " + std::to_string(recording_version)
           + ".";
  state_reader from{*content};
  if (!from(header) || !from.is_done())
    return "The header of the recording makes no sense.";
  header_ = std::move(header);
  return {};
}

std::optional<byte_view> recording_reader::next_record() noexcept {
  if (ending_ != end::none)
    return {};
  if (rest_.size() < frame_size || rest_.size() - frame_size < read_little(rest_)) {
    ending_ = rest_.empty() ? end::whole : end::torn;
    return {};
  }
  const auto content = rest_.subspan(frame_size, read_little(rest_));
  if (checksum(content) != read_little(rest_.subspan(4))) {
    ending_ = end::damaged;
    return {};
  }
  rest_ = rest_.subspan(frame_size + content.size());
  return content;
}

bool recording_reader::next(recorded_step& to) {
  const auto content = next_record();
  if (!content)
    return false;
  state_reader from{*content};
  if (from(to) && from.is_done())
    return true;
  ending_ = end::damaged;
  return false;
}

} // namespace troupe::game

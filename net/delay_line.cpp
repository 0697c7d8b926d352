#include "net/delay_line.hpp"

#include <algorithm>

namespace troupe::net {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t least_capacity = 16 * 1024;
constexpr std::size_t most_capacity = 256 * 1024;
constexpr auto least_retransmission = 200ms;

std::size_t capacity_for(const impairment& how) {
  if (how.bytes_per_s == 0)
    return most_capacity;
  const std::chrono::duration<double> kept = how.latency + how.jitter + 250ms;
  const auto bytes = static_cast<double>(how.bytes_per_s) * kept.count();
  return std::clamp(static_cast<std::size_t>(bytes), least_capacity, most_capacity);
}

} // namespace

delay_line::delay_line(const impairment& how, std::uint64_t seed)
    : how_{how}, capacity_{capacity_for(how)}, random_{seed} {}

void delay_line::push(byte_view bytes, time_point now) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  for (auto left = bytes.size(); left > 0;) {
    const auto size = std::min(left, packet_bytes);
    packets_.push_back({arrival_of(size, now), size});
    left -= size;
  }
}

time_point delay_line::arrival_of(std::size_t bytes, time_point now) {
  using duration = steady_clock::duration;
  sent_ = std::max(sent_, now);
  if (how_.bytes_per_s != 0)
    sent_ += std::chrono::duration_cast<duration>(std::chrono::duration<double>(
        static_cast<double>(bytes) / static_cast<double>(how_.bytes_per_s)));
  const std::chrono::duration<double, std::milli> more{
      random_.between(0.0, static_cast<double>(how_.jitter.count()))};
  auto at = sent_ + how_.latency + std::chrono::duration_cast<duration>(more);
  while (random_.chance(how_.loss))
    at += least_retransmission + 2 * how_.latency;
  return last_arrival_ = std::max(last_arrival_, at);
}

byte_view delay_line::arrived(time_point now) const noexcept {
  std::size_t count = 0;
  for (const auto& each : packets_) {
    if (each.at > now)
      break;
    count += each.bytes;
  }
  return byte_view{bytes_}.subspan(first_, count);
}

void delay_line::pop(std::size_t count) {
  first_ += count;
  while (count > 0) {
    auto& front = packets_.front();
    const auto taken = std::min(count, front.bytes);
    front.bytes -= taken;
    count -= taken;
    if (front.bytes == 0)
      packets_.pop_front();
  }
  if (first_ < bytes_.size() / 2)
    return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

void delay_line::clear() noexcept {
  bytes_.clear();
  packets_.clear();
  first_ = 0;
}

std::optional<time_point> delay_line::next_arrival() const noexcept {
  return packets_.empty() ? std::nullopt : std::optional{packets_.front().at};
}

} // namespace troupe::net

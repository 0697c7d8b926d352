#include "tools/load_run_churn.hpp"

#include <spdlog/fmt/fmt.h>

namespace troupe::load {

namespace {

/// So many failures without one success mean that there is nothing to measure.
constexpr std::uint64_t hopeless_failures = 1'000;

} // namespace

churn_run::churn_run(const options& settings, const target_address& target,
                     const std::atomic<bool>& stop)
    : run{settings, target, stop}, cycles_(settings.connections), closing_(settings.connections) {
  for (std::size_t link = 0; link < settings.connections; ++link)
    free_.push_back(link);
  if (settings.is_open_loop())
    pacing_.emplace(settings.rate, settings.burst, 1, settings.seed);
}

void churn_run::perform() {
  const auto start = clock_now();
  is_running_ = true;
  if (pacing_)
    pacing_->start(start);
  begin_phase("warm-up", std::max(settings_.warmup, nanoseconds{1}));
  loop_until(start + settings_.warmup, [&] { return is_refused_only(); });
  begin_measuring();
  loop_until(measure_start_ + settings_.duration, [&] { return is_refused_only(); });
  is_running_ = false;
  end_sampling();
  if (result_.connections.opened == 0)
    result_.ended = ending::not_connected;
}

void churn_run::begin_measuring() {
  begin_phase("churn", settings_.duration);
  measure_start_ = clock_now();
  is_measuring_ = true;
  result_.connections.handshake.clear();
  begin_sampling();
}

bool churn_run::is_refused_only() const noexcept {
  return result_.connections.opened == 0 && result_.connections.failed >= hopeless_failures;
}

void churn_run::on_ready(std::size_t link, instant now) {
  holding_.push_back({now + settings_.hold, link, cycles_[link]});
}

void churn_run::on_closed(std::size_t link, bool is_clean, instant now) {
  if (!is_clean)
    ++result_.connections.unclean;
  if (is_measuring_ && is_running_) {
    ++result_.connections.cycles;
    result_.connections.closing.record(now - closing_[link]);
  }
  free_.push_back(link);
}

void churn_run::on_turn(instant now) {
  if (!is_running_)
    return;
  close_due(now);
  connect_free(now);
}

void churn_run::close_due(instant now) {
  for (; !holding_.empty() && holding_.front().until <= now; holding_.pop_front()) {
    const auto& [until, link, cycle] = holding_.front();
    if (cycle != cycles_[link] || !swarm_.is_open(link))
      continue;
    closing_[link] = now;
    swarm_.close(link, now);
  }
}

void churn_run::connect_free(instant now) {
  // Slots that fail at once come back behind the others; each is tried once per turn.
  for (auto tries = free_.size(); tries > 0 && !free_.empty(); --tries) {
    if (pacing_ && pacing_->next().due > now)
      return;
    const auto due = pacing_ ? pacing_->next().due : now;
    if (pacing_)
      pacing_->advance();
    const std::size_t link = free_.front();
    free_.pop_front();
    ++cycles_[link];
    begin_connection(link, due, now);
  }
}

std::optional<instant> churn_run::next_turn() const {
  if (!is_running_)
    return std::nullopt;
  std::optional<instant> earliest;
  if (!holding_.empty())
    earliest = holding_.front().until;
  if (pacing_ && !free_.empty())
    earliest = std::min(earliest.value_or(instant::max()), pacing_->next().due);
  return earliest;
}

std::string churn_run::describe() const {
  return fmt::format("{} opened and closed, {} failed", format_count(result_.connections.opened),
                     format_count(result_.connections.failed));
}

} // namespace troupe::load

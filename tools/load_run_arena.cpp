#include "tools/load_run_arena.hpp"

#include <algorithm>
#include <spdlog/fmt/fmt.h>
#include <utility>

namespace troupe::load {

namespace {

/// How many inputs may go out before the sockets are read again.
constexpr std::size_t inputs_per_turn = 64;

} // namespace

arena_run::arena_run(const options& settings, const target_address& target,
                     const std::atomic<bool>& stop)
    : run{settings, target, stop} {
  for (std::size_t link = 0; link < settings.connections; ++link)
    bots_.emplace_back("bot " + std::to_string(link + 1));
}

void arena_run::perform() {
  const auto now = clock_now();
  begin_phase("warm-up", std::max(settings_.warmup, nanoseconds{1}));
  pacing_.emplace(settings_.rate, settings_.burst, settings_.connections, settings_.seed);
  pacing_->start(now);
  is_playing_ = true;
  loop_until(now + settings_.warmup, [] { return false; });
  begin_phase("playing", settings_.duration);
  measure_start_ = clock_now();
  begin_sampling();
  is_measuring_ = true;
  loop_until(measure_start_ + settings_.duration, [] { return false; });
  is_measuring_ = is_playing_ = false;
  end_sampling();
}

void arena_run::on_payload(std::size_t link, byte_view message, std::uint64_t, instant now) {
  if (!swarm_.is_open(link))
    return; // it was given up
  if (is_measuring_)
    result_.counts.delivered_bytes += message.size();
  judge(link, bots_[link].receive(message, now), now);
  send(link);
}

void arena_run::judge(std::size_t link, bot_news news, instant now) {
  using kind = bot_news::kind;
  switch (news.what) {
  case kind::nothing:
    break;
  case kind::playing:
    become_ready(link, now);
    break;
  case kind::patched:
    result_.counts.delivered += is_measuring_ ? 1 : 0;
    ++result_.arrived;
    break;
  case kind::resync:
    ++result_.resyncs;
    break;
  case kind::refused:
    ++result_.refusals[news.text];
    break;
  case kind::failed:
    drop(link, news.text, now);
    break;
  }
  if (news.seen && is_measuring_)
    result_.latency.record(*news.seen);
}

void arena_run::send(std::size_t link) {
  for (const auto& message : bots_[link].take_outgoing())
    if (swarm_.is_open(link))
      swarm_.append(link, message, {});
}

void arena_run::on_closed(std::size_t, bool is_clean, instant) {
  if (!is_clean)
    ++result_.connections.unclean;
}

void arena_run::on_turn(instant now) {
  if (!is_playing_)
    return;
  // What was due at the beginning, and of that not too much: a rate beyond our strength must not
  // keep us from reading.
  for (std::size_t count = 0; count < inputs_per_turn && pacing_->next().due <= now; ++count) {
    const auto [due, link] = pacing_->next();
    pacing_->advance();
    auto& bot = bots_[link];
    if (!swarm_.is_open(link) || !bot.is_playing()) {
      result_.skipped += is_measuring_ ? 1 : 0;
      continue;
    }
    result_.checks.lost += bot.steer(due) ? 0U : 1U;
    send(link);
    if (is_measuring_) {
      ++result_.counts.sent;
      result_.send_lag.record(std::max(now - due, nanoseconds{0}));
    }
  }
}

std::optional<instant> arena_run::next_turn() const {
  return is_playing_ ? std::optional{pacing_->next().due} : std::nullopt;
}

std::string arena_run::describe() const {
  if (result_.counts.delivered == 0)
    return fmt::format("{} bots", format_count(result_.connections.opened));
  const double elapsed = std::max(to_seconds(clock_now() - measure_start_), 1e-3);
  const auto rate =
      static_cast<std::uint64_t>(static_cast<double>(result_.counts.delivered) / elapsed);
  return fmt::format("{} patches/s, input seen p99 {}", format_count(rate),
                     format_duration(result_.latency.quantile(0.99)));
}

} // namespace troupe::load

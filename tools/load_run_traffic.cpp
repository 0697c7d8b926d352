#include "tools/load_run_traffic.hpp"

#include "tools/load_run_arena.hpp"
#include "tools/load_run_churn.hpp"

#include <random>
#include <spdlog/fmt/fmt.h>

namespace troupe::load {

namespace {

constexpr nanoseconds stall_time = std::chrono::seconds{4};
/// Open loop: how many messages may go out before the sockets are read again.
constexpr std::size_t sends_per_turn = 64;
constexpr nanoseconds drain_silence = std::chrono::milliseconds{1500};

std::uint64_t random_tag() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

traffic_settings make_traffic_settings(const options& settings) {
  return {.shape = settings.shape(),
          .rate = settings.rate,
          .window = settings.window,
          .burst = settings.burst,
          .seed = settings.seed,
          .run = random_tag()};
}

} // namespace

traffic_run::traffic_run(const options& settings, const target_address& target,
                         const std::atomic<bool>& stop)
    : run{settings, target, stop},
      traffic_{make_traffic_settings(settings)},
      body_(settings.message_bytes, std::byte{'.'}) {}

void traffic_run::perform() {
  const auto now = clock_now();
  last_arrival_ = now;
  if (settings_.has_messages()) {
    begin_phase("warm-up", std::max(settings_.warmup, nanoseconds{1}));
    traffic_.start(now);
    loop_until(now + settings_.warmup, [&] { return is_stalled(); });
  }
  measure();
  if (settings_.has_messages())
    drain();
  result_.counts = traffic_.counts();
  result_.arrived = traffic_.arrived();
  result_.skipped = traffic_.skipped();
  result_.checks = traffic_.checks();
  result_.latency = traffic_.latency();
  result_.send_lag = traffic_.send_lag();
}

void traffic_run::measure() {
  begin_phase(to_string(settings_.what), settings_.duration);
  measure_start_ = clock_now();
  traffic_.begin_measuring(measure_start_);
  begin_sampling();
  loop_until(measure_start_ + settings_.duration, [&] { return is_stalled(); });
  traffic_.stop(clock_now());
  result_.counts = traffic_.counts();
  end_sampling();
}

void traffic_run::drain() {
  begin_phase("draining", settings_.drain);
  const auto end = clock_now() + settings_.drain;
  last_arrival_ = clock_now();
  const auto is_over = [&] {
    const auto now = clock_now();
    if (traffic_.arrived() != arrived_before_)
      last_arrival_ = now;
    arrived_before_ = traffic_.arrived();
    return traffic_.is_complete() || now > last_arrival_ + drain_silence;
  };
  while (!is_over() && clock_now() < end)
    turn(clock_now(), end);
}

bool traffic_run::is_stalled() {
  if (settings_.is_open_loop() || !settings_.has_messages())
    return false;
  const auto now = clock_now();
  if (traffic_.arrived() != arrived_before_)
    last_arrival_ = now;
  arrived_before_ = traffic_.arrived();
  if (now <= last_arrival_ + stall_time)
    return false;
  result_.ended = ending::stalled;
  return true;
}

void traffic_run::on_ready(std::size_t link, instant) {
  traffic_.opened(link);
}

void traffic_run::on_closed(std::size_t, bool is_clean, instant) {
  if (!is_clean)
    ++result_.connections.unclean;
}

void traffic_run::on_payload(std::size_t link, byte_view payload, std::uint64_t sender,
                             instant now) {
  if (sender != 0)
    if (const auto value = read_stamp(payload); value && !is_from(*value, sender))
      return traffic_.count_misrouted();
  traffic_.received(link, payload, now);
}

bool traffic_run::is_from(const stamp& value, std::uint64_t sender) const noexcept {
  return value.sender >= traffic_.shape().connections() || native_->id_of(value.sender) == sender;
}

void traffic_run::on_turn(instant now) {
  if (settings_.is_open_loop())
    return send_due(now);
  while (const auto message = traffic_.next(now))
    send(*message);
}

void traffic_run::send_due(instant now) {
  // Each message goes out at once, unless its sender has more that are due as well: what waits
  // for others to be encoded would be late. A rate beyond our strength must not keep us from
  // reading, so that only what was due at the beginning is sent, and of that not too much.
  const auto beginning = now;
  std::optional<stamp> waiting;
  for (std::size_t count = 0; count < sends_per_turn; ++count) {
    const auto due = traffic_.next_due();
    if (!due || *due > beginning)
      return;
    const auto message = traffic_.next(now);
    if (!message)
      return;
    if (waiting && waiting->sender != message->sender) {
      swarm_.flush();
      now = clock_now();
    }
    send(*message);
    waiting = message;
  }
}

void traffic_run::send(const stamp& message) {
  write_stamp(std::span{body_}.first<stamp_bytes>(), message);
  if (native_) {
    const auto front = native_->envelope_for(message.sender);
    swarm_.append(message.sender, front.bytes(), body_);
  } else {
    swarm_.append(message.sender, {}, body_);
  }
}

std::string traffic_run::describe() const {
  const auto& counts = traffic_.counts();
  const double elapsed = std::max(to_seconds(clock_now() - measure_start_), 1e-3);
  if (counts.delivered == 0)
    return fmt::format("{} connections", format_count(result_.connections.opened));
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(counts.delivered) / elapsed);
  return fmt::format("{} deliveries/s, p99 {}", format_count(rate),
                     format_duration(traffic_.latency().quantile(0.99)));
}

run_result execute(const options& settings, const std::atomic<bool>& stop) {
  const auto target = resolve(settings.target);
  if (settings.source_addresses > 1 && !target.is_ipv4_loopback())
    throw usage_error{"--source-addresses needs a server on 127.0.0.0/8."};
  if (settings.what == scenario::churn)
    return churn_run{settings, target, stop}.execute();
  if (settings.what == scenario::arena)
    return arena_run{settings, target, stop}.execute();
  return traffic_run{settings, target, stop}.execute();
}

} // namespace troupe::load

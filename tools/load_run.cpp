#include "tools/load_run.hpp"

#include "tools/load_system.hpp"

#include <algorithm>
#include <unistd.h>

namespace troupe::load {

namespace {
constexpr nanoseconds tick = std::chrono::milliseconds{50};
constexpr nanoseconds close_deadline = std::chrono::seconds{3};
} // namespace

std::string to_string(ending value) {
  switch (value) {
  case ending::finished:
    return "finished";
  case ending::interrupted:
    return "interrupted";
  case ending::stalled:
    return "stalled";
  case ending::not_connected:
    break;
  }
  return "not connected";
}

run::run(const options& settings, const target_address& target, const std::atomic<bool>& stop)
    : settings_{settings},
      swarm_{settings, target, *this},
      stop_{stop},
      progress_{!settings.quiet},
      began_(settings.shape().connections()),
      is_ready_(settings.shape().connections()) {
  if (settings.protocol == wire::native && settings.what != scenario::arena)
    native_.emplace(settings);
  result_.settings = settings;
  result_.connections.wanted = settings.shape().connections();
  if (!settings.pids.empty())
    result_.server.emplace();
}

run_result run::execute() {
  if (result_.server) {
    result_.server->memory_before = memory_of(settings_.pids);
    server_cpu_ = cpu_time_of(settings_.pids);
  }
  if (connects_first())
    connect_all();
  if (connects_first() && result_.connections.opened == 0)
    result_.ended = ending::not_connected;
  else if (!is_stopped())
    perform();
  if (is_stopped())
    result_.ended = ending::interrupted;
  if (native_)
    result_.announced_rate = native_->announced_rate();
  close_all();
  progress_.clear();
  return std::move(result_);
}

void run::connect_all() {
  const std::size_t wanted = result_.connections.wanted;
  begin_phase("connecting", std::max(settings_.ramp, nanoseconds{1}));
  is_connecting_ = true;
  connect_start_ = last_settled_ = clock_now();
  // A server that upgrades and then says nothing must not keep us: give up without progress.
  const auto is_over = [&] {
    const bool is_silent = next_connection_ == wanted
                           && clock_now() > last_settled_ + settings_.connect_timeout + tick;
    return settled() == wanted || is_silent;
  };
  loop_until(instant::max(), is_over);
  is_connecting_ = false;
  give_up_unready(settled());
  result_.connections.connect_time = last_settled_ - connect_start_;
  if (!result_.server)
    return;
  result_.server->connect_cpu = cpu_time_of(settings_.pids) - server_cpu_;
  result_.server->memory_after = memory_of(settings_.pids);
}

void run::give_up_unready(std::size_t settled_count) {
  const std::size_t silent = next_connection_ - settled_count;
  if (silent == 0 || is_stopped())
    return;
  result_.connections.failed += silent;
  result_.connections.problems["no hello or joined message in time"] += silent;
}

void run::close_all() {
  begin_phase("closing", close_deadline);
  const auto now = clock_now();
  for (std::size_t link = 0; link < began_.size(); ++link)
    if (swarm_.is_open(link))
      swarm_.close(link, now);
  swarm_.flush();
  const auto end = now + close_deadline;
  while (swarm_.busy() > 0 && clock_now() < end)
    turn(clock_now(), end);
  swarm_.drop_all();
}

void run::turn(instant now, instant deadline) {
  if (now >= next_tick_) {
    next_tick_ = now + tick;
    swarm_.enforce_deadlines(now);
    if (progress_.is_due(now)) {
      const double done = to_seconds(now - phase_start_) / to_seconds(phase_length_);
      const double ready = static_cast<double>(settled()) / static_cast<double>(began_.size());
      progress_.show(phase_, is_connecting_ ? ready : done, describe(), now);
    }
  }
  instant wake = std::min(deadline, next_tick_);
  if (const auto due = next_turn())
    wake = std::min(wake, *due);
  if (is_connecting_ && next_connection_ < began_.size())
    wake =
        std::min(wake, std::max(connect_due(next_connection_), now + std::chrono::milliseconds{1}));
  swarm_.poll(wake);
  const auto after = clock_now();
  start_due_connections(after);
  on_turn(after);
  swarm_.flush();
}

void run::begin_phase(std::string name, nanoseconds expected) {
  phase_ = std::move(name);
  phase_start_ = clock_now();
  phase_length_ = expected;
}

void run::start_due_connections(instant now) {
  while (is_connecting_ && next_connection_ < began_.size() && connect_due(next_connection_) <= now
         && next_connection_ - settled() < settings_.concurrent_handshakes)
    begin_connection(next_connection_++, now, now);
}

instant run::connect_due(std::size_t link) const noexcept {
  const auto count = static_cast<nanoseconds::rep>(began_.size());
  return connect_start_ + settings_.ramp * static_cast<nanoseconds::rep>(link) / count;
}

std::size_t run::settled() const noexcept {
  return result_.connections.opened + result_.connections.failed;
}

void run::begin_connection(std::size_t link, instant due, instant now) {
  began_[link] = due;
  is_ready_[link] = false;
  if (native_)
    native_->reset(link);
  swarm_.connect(link, now);
}

void run::on_open(std::size_t link, instant now) {
  if (!native_)
    become_ready(link, now);
}

void run::become_ready(std::size_t link, instant now) {
  is_ready_[link] = true;
  last_settled_ = now;
  ++result_.connections.opened;
  result_.connections.handshake.record(now - began_[link]);
  on_ready(link, now);
}

void run::on_message(std::size_t link, byte_view message, instant now) {
  if (!native_)
    return on_payload(link, message, 0, now);
  const auto event = native_->receive(link, message);
  switch (event.what) {
  case native_event::kind::ignored:
    break;
  case native_event::kind::answer:
    swarm_.append(link, event.reply, {});
    break;
  case native_event::kind::ready:
    if (!is_ready_[link])
      become_ready(link, now);
    break;
  case native_event::kind::payload:
    on_payload(link, event.payload, event.sender, now);
    break;
  case native_event::kind::refused:
    ++result_.refusals[std::string{to_string(event.code)}];
    break;
  }
}

void run::on_failed(std::size_t link, const std::string& reason) {
  last_settled_ = clock_now();
  ++result_.connections.failed;
  ++result_.connections.problems[reason];
  on_gone(link);
}

void run::on_lost(std::size_t link, const std::string& reason) {
  if (!is_ready_[link])
    return on_failed(link, reason);
  is_ready_[link] = false;
  ++result_.connections.lost;
  ++result_.connections.problems[reason];
  on_gone(link);
}

void run::drop(std::size_t link, const std::string& reason, instant now) {
  on_lost(link, reason);
  swarm_.close(link, now);
}

void run::begin_sampling() {
  sampled_at_ = clock_now();
  sampled_counts_ = swarm_.counts();
  own_cpu_ = own_cpu_time();
  own_waiting_ = waiting_time_of({getpid()});
  server_waiting_ = waiting_time_of(settings_.pids);
  server_cpu_ = cpu_time_of(settings_.pids);
}

void run::end_sampling() {
  const auto wall = clock_now() - sampled_at_;
  const auto cpu = own_cpu_time() - own_cpu_;
  const auto waited = swarm_.counts().waited - sampled_counts_.waited;
  const auto reads = static_cast<double>(swarm_.counts().reads - sampled_counts_.reads);
  result_.measured = wall;
  result_.client.cpu_share = to_seconds(cpu) / to_seconds(wall);
  result_.client.busy_share = 1 - to_seconds(waited) / to_seconds(wall);
  result_.client.deliveries_per_read =
      reads == 0 ? 0 : static_cast<double>(result_.counts.delivered) / reads;
  result_.client.starved_share =
      to_seconds(waiting_time_of({getpid()}) - own_waiting_) / to_seconds(wall);
  if (!result_.server)
    return;
  result_.server->cpu = cpu_time_of(settings_.pids) - server_cpu_;
  result_.server->starved = waiting_time_of(settings_.pids) - server_waiting_;
}

} // namespace troupe::load

#include "tools/load_traffic.hpp"

namespace troupe::load {

traffic::traffic(const traffic_settings& settings)
    : settings_{settings},
      checker_{settings.shape, settings.run},
      is_open_(settings.shape.connections()),
      group_open_(settings.shape.groups),
      sent_(settings.shape.senders()) {
  if (settings.rate > 0)
    pacing_.emplace(settings.rate, settings.burst, settings.shape.senders(), settings.seed);
  else
    window_.emplace(settings.shape, settings.window);
}

void traffic::opened(std::size_t connection) {
  is_open_[connection] = true;
  ++group_open_[shape().group_of(connection)];
  checker_.admit(connection);
}

void traffic::closed(std::size_t connection) {
  if (!is_open_[connection])
    return;
  is_open_[connection] = false;
  const std::size_t group = shape().group_of(connection);
  --group_open_[group];
  const std::size_t first = group * shape().group_size;
  for (std::size_t sender = first; window_ && sender < first + shape().senders_per_group; ++sender)
    window_->for_each_outstanding(sender, [&](std::uint32_t sequence) {
      const bool was_receiver = sender != connection || shape().senders_receive;
      if (was_receiver && !checker_.has_seen(connection, sender, sequence))
        window_->delivered(sender, sequence);
    });
  expected_ -= checker_.dismiss(connection, sent_);
}

void traffic::start(instant now) {
  is_started_ = true;
  if (pacing_)
    pacing_->start(now);
}

std::optional<stamp> traffic::next(instant now) {
  if (!is_started_ || now >= stopped_at_)
    return std::nullopt;
  return pacing_ ? next_by_clock(now) : next_by_window(now);
}

std::optional<instant> traffic::next_due() const noexcept {
  if (!pacing_ || !is_started_ || stopped_at_ != never)
    return std::nullopt;
  return pacing_->next().due;
}

std::optional<stamp> traffic::next_by_clock(instant now) {
  for (auto slot = pacing_->next(); slot.due <= now; slot = pacing_->next()) {
    pacing_->advance();
    const std::size_t sender = shape().connection_of_sender(slot.sender);
    if (is_open_[sender])
      return make_message(sender, slot.due, now);
    ++skipped_;
  }
  return std::nullopt;
}

std::optional<stamp> traffic::next_by_window(instant now) {
  while (const auto sender = window_->next_sender()) {
    if (is_open_[*sender]) {
      const stamp message = make_message(*sender, now, now);
      window_->sent(*sender, message.sequence, receivers_of(*sender));
      return message;
    }
    window_->pass(*sender);
  }
  return std::nullopt;
}

stamp traffic::make_message(std::size_t sender, instant due, instant now) {
  expected_ += receivers_of(sender);
  if (is_measured(now))
    ++counts_.sent;
  if (pacing_ && is_measured(due))
    send_lag_.record(now - due);
  const std::uint32_t sequence = sent_[shape().sender_number(sender)]++;
  return {static_cast<std::uint32_t>(sender), sequence, due, settings_.run};
}

std::uint32_t traffic::receivers_of(std::size_t sender) const noexcept {
  return group_open_[shape().group_of(sender)] - (shape().senders_receive ? 0 : 1);
}

verdict traffic::received(std::size_t receiver, byte_view message, instant now) noexcept {
  const auto value = read_stamp(message);
  if (!value) {
    checker_.count_foreign();
    return verdict::foreign;
  }
  const verdict judged = checker_.accept(receiver, *value);
  if (judged != verdict::delivered)
    return judged;
  ++arrived_;
  if (window_)
    window_->delivered(value->sender, value->sequence);
  if (is_measured(value->due))
    latency_.record(now - value->due);
  if (is_measured(now)) {
    ++counts_.delivered;
    counts_.delivered_bytes += message.size();
  }
  return judged;
}

} // namespace troupe::load

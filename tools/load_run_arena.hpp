#pragma once
#include "tools/load_arena_bot.hpp"
#include "tools/load_pacing.hpp"
#include "tools/load_run.hpp"

#include <deque>
#include <optional>

namespace troupe::load {

/// Bots that play examples/arena: each takes a seat where one is free, steers at its rate and
/// follows the state of its room. A connection is ready when its first state is there.
///
/// Threading:  as `run`.
class arena_run final : public run {
public:
  arena_run(const options& settings, const target_address& target, const std::atomic<bool>& stop);

private:
  void on_open(std::size_t, instant) override {} // the server speaks first
  void perform() override;
  bool connects_first() const noexcept override { return true; }
  void on_ready(std::size_t, instant) override {}
  void on_payload(std::size_t link, byte_view message, std::uint64_t, instant now) override;
  void on_gone(std::size_t) override {}
  void on_closed(std::size_t link, bool is_clean, instant now) override;
  void on_turn(instant now) override;
  std::optional<instant> next_turn() const override;
  std::string describe() const override;

  void judge(std::size_t link, bot_news news, instant now);
  void send(std::size_t link);

  std::deque<arena_bot> bots_; ///< by link
  std::optional<pacing> pacing_;
  bool is_playing_ = false;
  bool is_measuring_ = false;
  instant measure_start_{};
};

} // namespace troupe::load

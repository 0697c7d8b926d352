#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "actors/gather_policy.hpp"
#include "net/reactor.hpp"

#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>

namespace troupe::actors {

class hub_actor;

/// Lets the calling thread run only when no other wants the processor: for workers, so that
/// shards need not wait for them.
void give_way() noexcept;

/// One thread of the server: event loop, timers, and the actors that are pinned to it. A worker is a
/// shard without connections.
///
/// A turn dispatches one batch of socket events, fires timers, runs actors, and then writes every
/// outbox that has something to say: nothing is written in the middle of a turn.
///
/// Threading:  `run` belongs to one thread; `exec_later`, `post` and `stop` may be called on any.
/// Lifetime:   outlives the actors pinned to it.
class shard final : public caf::execution_unit {
public:
  /// Messages an actor may handle before it has to let others run.
  static constexpr std::size_t messages_per_resume = 50;
  /// Resumes between two looks at the sockets.
  static constexpr std::size_t resumes_per_turn = 512;

  shard(caf::actor_system& system, std::size_t index);

  std::size_t index() const noexcept { return index_; }
  net::reactor& reactor() noexcept { return reactor_; }
  hub_actor& hub() noexcept { return *hub_; }
  void set_hub(hub_actor& hub) noexcept { hub_ = &hub; }

  /// The shard whose thread this is; null on other threads.
  static shard* current() noexcept;

  /// Runs turns until `stop`.
  void run();
  void stop() noexcept;
  /// Runs what is still ready to run, after `run` has returned, on the thread that ends the server.
  void shut_down();

  /// Runs `job` on the shard's thread: at once if this is it, else in its next turn.
  void post(std::function<void()> job);
  /// Takes over one reference to `job`.
  void exec_later(caf::resumable* job) override;

  /// Work for the load balancer: connections plus rooms.
  std::size_t load() const noexcept { return load_.load(std::memory_order_relaxed); }
  void add_load(std::ptrdiff_t change) noexcept {
    load_.fetch_add(static_cast<std::size_t>(change), std::memory_order_relaxed);
  }

private:
  void turn();
  void work(std::optional<net::time_point> deadline);
  void gather();
  void take_foreign();
  void run_actors();
  void resume(caf::resumable& job);

  const std::size_t index_;
  net::reactor reactor_;
  hub_actor* hub_ = nullptr;
  gather_policy gathering_;
  std::deque<caf::resumable*> ready_;
  std::vector<caf::resumable*> taken_jobs_;
  std::vector<std::function<void()>> taken_posts_;

  std::atomic<bool> is_stopping_{false};
  std::atomic<std::size_t> load_{0};
  std::atomic<bool> has_foreign_{false};
  std::mutex mutex_; // guards the two below
  std::vector<caf::resumable*> foreign_jobs_;
  std::vector<std::function<void()>> foreign_posts_;
};

} // namespace troupe::actors

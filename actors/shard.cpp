#include "actors/shard.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include <sched.h>
#include <sys/prctl.h>

namespace troupe::actors {

namespace {

thread_local shard* this_shard = nullptr;

} // namespace

void give_way() noexcept {
  // Unlike a thread that is merely nice, one of this class is preempted in the moment in which
  // another wakes up.
  const sched_param none{};
  ::sched_setscheduler(0, SCHED_IDLE, &none);
}

shard::shard(caf::actor_system& system, std::size_t index)
  : caf::execution_unit{&system}, index_{index} {}

shard* shard::current() noexcept {
  return this_shard;
}

void shard::run() {
  this_shard = this;
  ::prctl(PR_SET_TIMERSLACK, 1UL); // ns; by default the kernel adds 50 us to every wait
  while (!is_stopping_.load(std::memory_order_relaxed))
    turn();
  this_shard = nullptr;
}

void shard::stop() noexcept {
  is_stopping_.store(true);
  reactor_.loop.wake();
}

void shard::shut_down() {
  this_shard = this;
  take_foreign();
  while (!ready_.empty())
    run_actors();
  this_shard = nullptr;
}

void shard::turn() {
  work(reactor_.timers.next_wakeup());
  gather();
  reactor_.flush();
}

void shard::work(std::optional<net::time_point> deadline) {
  auto is_idle = ready_.empty() && !has_foreign_.load();
  reactor_.wait(is_idle ? deadline : net::time_point{});
  reactor_.timers.advance(reactor_.now());
  take_foreign();
  run_actors();
}

void shard::gather() {
  if (!gathering_.is_worthwhile(reactor_.fan_out()))
    return;
  auto before = reactor_.fan_out();
  auto end = reactor_.now() + gather_policy::longest;
  for (auto last = std::size_t{0}; last != reactor_.fan_out() && reactor_.now() < end;) {
    last = reactor_.fan_out();
    work(reactor_.now() + gather_policy::silence);
  }
  gathering_.learn(reactor_.fan_out() != before);
}

void shard::post(std::function<void()> job) {
  if (this_shard == this)
    return job();
  {
    std::lock_guard guard{mutex_};
    foreign_posts_.push_back(std::move(job));
    has_foreign_.store(true);
  }
  reactor_.loop.wake();
}

void shard::exec_later(caf::resumable* job) {
  if (this_shard == this)
    return ready_.push_back(job);
  {
    std::lock_guard guard{mutex_};
    foreign_jobs_.push_back(job);
    has_foreign_.store(true);
  }
  reactor_.loop.wake();
}

void shard::take_foreign() {
  if (!has_foreign_.load())
    return;
  {
    std::lock_guard guard{mutex_};
    taken_jobs_.swap(foreign_jobs_);
    taken_posts_.swap(foreign_posts_);
    has_foreign_.store(false);
  }
  ready_.insert(ready_.end(), taken_jobs_.begin(), taken_jobs_.end());
  taken_jobs_.clear();
  for (auto& job : taken_posts_) {
    try {
      job();
    } catch (const std::exception& error) {
      spdlog::error("posted work failed: {}", error.what());
    }
  }
  taken_posts_.clear();
}

void shard::run_actors() {
  for (std::size_t i = 0; i < resumes_per_turn && !ready_.empty(); ++i) {
    auto* job = ready_.front();
    ready_.pop_front();
    resume(*job);
  }
}

void shard::resume(caf::resumable& job) {
  switch (job.resume(this, messages_per_resume)) {
    case caf::resumable::resume_later:
      ready_.push_back(&job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
    case caf::resumable::shutdown_execution_unit:
      intrusive_ptr_release(&job);
      break;
  }
}

} // namespace troupe::actors

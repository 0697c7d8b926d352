#include "actors/shard.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace troupe::actors {

namespace {

thread_local shard* this_shard = nullptr;

} // namespace

shard::shard(caf::actor_system& system, std::size_t index)
  : caf::execution_unit{&system}, index_{index} {}

shard* shard::current() noexcept {
  return this_shard;
}

void shard::run() {
  this_shard = this;
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
  auto deadline = ready_.empty() && !has_foreign_.load() ? reactor_.timers.next_wakeup()
                                                         : std::optional{net::time_point{}};
  reactor_.wait(deadline);
  reactor_.timers.advance(reactor_.now());
  take_foreign();
  run_actors();
  reactor_.flush();
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

#include "net/outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/outbox_model.hpp"

#include <array>
#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace troupe;

namespace {

/// Does the same at random to an outbox and to its model.
class comparison {
public:
  explicit comparison(std::uint32_t seed) : random_{seed} {}
  ~comparison() { box_.clear(pool_); }
  comparison(const comparison&) = delete;
  comparison& operator=(const comparison&) = delete;

  void step() {
    now_ += std::chrono::milliseconds{below(3)};
    switch (below(12)) {
    case 0:
      box_.expire(now_, pool_);
      model_.expire(now_);
      break;
    case 1:
      if (below(10) == 0) {
        box_.keep_only_started(pool_);
        model_.keep_only_started();
      }
      break;
    case 2:
    case 3:
    case 4:
      write();
      break;
    default:
      push();
    }
    is_right = is_right && box_.bytes() == model_.size()
               && box_.is_empty() == model_.entries.empty() && queued() == model_.wire()
               && box_.bytes() <= bound;
  }

  static constexpr std::size_t bound = 400;
  bool is_right = true;

private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

  delivery draw_delivery() {
    switch (below(3)) {
    case 0:
      return ordered();
    case 1:
      return latest(below(6));
    default:
      return droppable(static_cast<std::uint8_t>(below(4)), std::chrono::milliseconds{below(40)});
    }
  }

  void push() {
    std::string bytes(1 + below(60), static_cast<char>('a' + below(26)));
    auto how = draw_delivery();
    auto real = box_.push(test::text_frame(bytes), how, now_, bound, pool_);
    is_right = is_right && real == model_.push(bytes, how, now_, bound);
  }

  void write() {
    auto count = below(static_cast<std::uint32_t>(box_.bytes()) + 1);
    auto sent = queued().substr(0, count);
    box_.consume(count, pool_);
    is_right = is_right && sent == model_.consume(count);
  }

  std::string queued() const {
    std::array<byte_view, 512> parts;
    std::string result;
    for (std::size_t i = 0, count = box_.gather(parts); i < count; ++i)
      result += as_text(parts[i]);
    return result;
  }

  std::mt19937 random_;
  net::time_point now_ = net::time_point{} + 1h;
  net::outbox_pool pool_;
  net::outbox box_;
  test::outbox_model model_;
};

} // namespace

TEST_CASE("outbox: does what a vector of strings would do", "[net][outbox]") {
  auto seed = std::random_device{}();
  CAPTURE(seed);
  comparison both{seed};
  int step = 0;
  while (step < 30'000 && both.is_right) {
    both.step();
    ++step;
  }
  CAPTURE(step);
  CHECK(both.is_right);
}

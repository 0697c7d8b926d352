#include "protocol/frame.hpp"

#include "tests/support/catch.hpp"

#include <cstring>
#include <thread>
#include <vector>

using troupe::protocol::frame_ptr;

TEST_CASE("frame_ptr: counts its references", "[protocol][frame]") {
  auto first = frame_ptr::allocate(8);
  CHECK(first.is_unique());
  {
    auto second = first;
    CHECK(!first.is_unique());
    CHECK(&*second == &*first);
    auto third = std::move(second);
    CHECK(!second);
    third = third; // NOLINT: on purpose
    CHECK(third);
  }
  CHECK(first.is_unique());
  first = {};
  CHECK(!first);
}

TEST_CASE("frame_ptr: content grows into its capacity", "[protocol][frame]") {
  auto frame = frame_ptr::allocate(4);
  CHECK(frame->size() == 0);
  CHECK(frame->capacity() == 4);
  std::memcpy(frame.spare().data(), "ab", 2);
  frame.grow(2);
  CHECK(frame.spare().size() == 2);
  std::memcpy(frame.spare().data(), "cd", 2);
  frame.grow(2);
  CHECK(frame.spare().empty());
  CHECK(troupe::as_text(frame->bytes()) == "abcd");
}

TEST_CASE("frame_ptr: threads may share a frame", "[protocol][frame]") {
  auto frame = frame_ptr::allocate(1);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([frame] {
      for (int k = 0; k < 10'000; ++k) {
        auto copy = frame;
        auto moved = std::move(copy);
      }
    });
  for (auto& thread : threads)
    thread.join();
  threads.clear();
  CHECK(frame.is_unique());
}

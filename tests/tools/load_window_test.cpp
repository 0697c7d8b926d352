#include "tools/load_window.hpp"

#include "tests/support/catch.hpp"

#include <vector>

using namespace troupe::load;

namespace {

constexpr topology two_groups_of_three{2, 3, 2, true};

std::vector<std::size_t> take_all(send_window& window) {
  std::vector<std::size_t> senders;
  while (const auto sender = window.next_sender())
    senders.push_back(*sender);
  return senders;
}

} // namespace

TEST_CASE("window: each group gets as many places as the window has", "[tools][load]") {
  send_window window{two_groups_of_three, 3};
  // Groups take turns, and so do the two senders of each.
  CHECK(take_all(window) == std::vector<std::size_t>{0, 3, 1, 4, 0, 3});
  CHECK(take_all(window).empty());
}

TEST_CASE("window: a place is free when all receivers have the message", "[tools][load]") {
  send_window window{two_groups_of_three, 1};
  take_all(window);
  window.sent(0, 0, 3);
  window.delivered(0, 0);
  window.delivered(0, 0);
  CHECK(take_all(window).empty());
  window.delivered(0, 0);
  CHECK(take_all(window) == std::vector<std::size_t>{1});
}

TEST_CASE("window: deliveries of unknown or completed messages are ignored", "[tools][load]") {
  send_window window{two_groups_of_three, 1};
  take_all(window);
  window.sent(0, 0, 1);
  window.delivered(0, 0);
  CHECK(take_all(window).size() == 1);
  window.delivered(0, 0);
  window.delivered(1, 9);
  CHECK(take_all(window).empty());
}

TEST_CASE("window: a lost message blocks one place only until its turn comes again",
          "[tools][load]") {
  send_window window{{1, 1, 1, true}, 2};
  CHECK(take_all(window).size() == 2);
  window.sent(0, 0, 1); // never arrives
  window.sent(0, 1, 1);
  window.delivered(0, 1);
  CHECK(take_all(window).size() == 1);
  window.sent(0, 2, 1); // takes the place of message 0, which is given up
  CHECK(take_all(window).size() == 1);
}

TEST_CASE("window: a group whose senders are all gone stops asking", "[tools][load]") {
  send_window window{two_groups_of_three, 1};
  CHECK(window.next_sender() == 0U);
  CHECK(window.pass(0));
  CHECK(window.next_sender() == 3U);
  CHECK(window.next_sender() == 1U);
  CHECK_FALSE(window.pass(1));
  CHECK_FALSE(window.next_sender().has_value());
}

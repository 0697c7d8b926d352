#include "net/admission.hpp"

#include "tests/support/catch.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using troupe::net::admission;
using troupe::net::admission_ticket;

TEST_CASE("admission: bounds connections in total", "[net][admission]") {
  admission desk{2, 0};
  auto a = desk.admit("a");
  auto b = desk.admit("b");
  CHECK((a && b));
  CHECK(!desk.admit("c"));
  a.reset();
  CHECK(desk.total() == 1);
  CHECK(desk.admit("c"));
}

TEST_CASE("admission: bounds connections per address", "[net][admission]") {
  admission desk{0, 2};
  auto first = desk.admit("a");
  auto second = desk.admit("a");
  CHECK(!desk.admit("a"));
  auto other = desk.admit("b");
  CHECK(other);
  second.reset();
  CHECK(desk.admit("a"));
  CHECK(desk.total() == 2);
}

TEST_CASE("admission: 0 means unlimited", "[net][admission]") {
  admission desk{0, 0};
  std::vector<admission_ticket> tickets;
  for (int i = 0; i < 1'000; ++i)
    tickets.push_back(desk.admit("a").value());
  CHECK(desk.total() == 1'000);
  tickets.clear();
  CHECK(desk.total() == 0);
}

TEST_CASE("admission: a moved ticket counts once", "[net][admission]") {
  admission desk{0, 1};
  admission_ticket kept;
  {
    auto given = desk.admit("a");
    admission_ticket moved{std::move(*given)};
    kept = std::move(moved);
  }
  CHECK(desk.total() == 1);
  CHECK(!desk.admit("a"));
  SECTION("assigning gives the old one back") {
    kept = desk.admit("b").value();
    CHECK(desk.total() == 1);
    CHECK(desk.admit("a"));
  }
  SECTION("an empty one gives nothing back") {
    kept = admission_ticket{};
    CHECK(desk.total() == 0);
    kept = admission_ticket{};
    CHECK(desk.total() == 0);
  }
}

TEST_CASE("admission: counts right with many threads", "[net][admission]") {
  constexpr std::size_t bound = 3;
  admission desk{bound, 2};
  std::atomic<std::size_t> admitted{0};
  std::atomic<bool> is_exceeded{false};
  auto work = [&](const std::string& address) {
    for (int i = 0; i < 2'000; ++i)
      if (auto ticket = desk.admit(address)) {
        if (desk.total() > bound)
          is_exceeded = true;
        admission_ticket moved{std::move(*ticket)};
        ++admitted;
      }
  };
  std::vector<std::thread> threads;
  for (auto* address : {"a", "a", "b", "b"})
    threads.emplace_back(work, address);
  for (auto& thread : threads)
    thread.join();
  CHECK(!is_exceeded);
  CHECK(admitted > 0);
  CHECK(desk.total() == 0);
  CHECK(desk.admit("a"));
}

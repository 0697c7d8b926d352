#include "troupe/endpoint.hpp"

#include "actors/outgoing.hpp"
#include "actors/restart_limit.hpp"
#include "tests/support/catch.hpp"

#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
using namespace troupe;

TEST_CASE("endpoint: numbers its events in the order they are named", "[actors][endpoint]") {
  endpoint chat{"/chat", speaks::native};
  chat.on("say", [] {}).events({"said", "say", "gone"});
  CHECK(chat.event_names() == std::vector<std::string>{"say", "said", "gone"});
  CHECK(chat.find_event("said") == 1U);
  CHECK(!chat.find_event("other"));
  CHECK(chat.find_handler("say") != nullptr);
  CHECK(chat.find_handler("said") == nullptr);
  CHECK(chat.register_event("gone") == 2);
}

TEST_CASE("endpoint: refuses names that cannot travel", "[actors][endpoint]") {
  endpoint chat{"/chat", speaks::native};
  auto name = GENERATE(std::string{}, std::string{"two words"}, std::string{"caf\xC3\xA9"},
                       std::string(129, 'x'));
  CHECK_THROWS_AS(chat.events({name}), std::invalid_argument);
  CHECK(chat.event_names().empty());
}

TEST_CASE("endpoint: the rules with the longest prefix count", "[actors][endpoint]") {
  endpoint chat{"/chat", speaks::native};
  auto& games = chat.rooms("game:").flush_every(1ms);
  auto& chess = chat.rooms("game:chess:").flush_every(2ms);
  CHECK(&chat.rules_for("game:chess:1") == &chess);
  CHECK(&chat.rules_for("game:go:1") == &games);
  CHECK(&chat.rules_for("game:chess") == &games);
  CHECK(chat.rules_for("lobby").flush_period == 0ms);
  auto& rest = chat.rooms();
  CHECK(&chat.rules_for("lobby") == &rest);
  CHECK(&chat.rules_for("game:chess:1") == &chess);
}

TEST_CASE("latest_key: tells rooms, senders, events and keys apart", "[actors][outgoing]") {
  using actors::latest_key;
  using actors::outgoing_event;
  const outgoing_event base{
      .sender = 1, .name = {.number = 2, .text = {}}, .content = {}, .how = latest(3)};
  auto other = base;
  CHECK(latest_key(7, base) == latest_key(7, other));
  CHECK(latest_key(7, base) != latest_key(8, base));
  SECTION("senders") {
    other.sender = 2;
  }
  SECTION("events") {
    other.name.number = 3;
  }
  SECTION("names in text") {
    other.name = {.number = 0, .text = "at"};
  }
  SECTION("keys") {
    other.how.key = 4;
  }
  SECTION("fields that swap their values") {
    other.sender = 3;
    other.how.key = 1;
  }
  CHECK(latest_key(7, base) != latest_key(7, other));
}

TEST_CASE("restart_limit: allows five restarts a minute", "[actors][restart_limit]") {
  const auto start = std::chrono::steady_clock::time_point{} + 1h;
  actors::restart_limit limit;
  for (int i = 0; i < 5; ++i)
    CHECK(limit.allow(start + i * 1s));
  CHECK(!limit.allow(start + 59s));
  CHECK(limit.allow(start + 60s));  // the first is a minute ago
  CHECK(!limit.allow(start + 60s)); // the second is not
  CHECK(limit.allow(start + 61s));
}

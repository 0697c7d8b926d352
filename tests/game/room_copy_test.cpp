#include "troupe/game/room_copy.hpp"

#include "troupe/game/state_publisher.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/pond.hpp"

using namespace troupe;
using namespace troupe::game;
using namespace troupe::test;

namespace {

using kind = room_news::kind;

/// A room's side and a client's.
struct pair {
  state_publisher<water> publisher;
  water state;
  room_copy<water> copy;

  pair() {
    CHECK(copy.receive("room.you", make_payload(3, 30, "ticket", 7)).what == kind::told);
    CHECK(copy.ticket() == "ticket");
    CHECK(copy.last_input() == 7);
    CHECK_FALSE(copy.is_ready());
    CHECK(copy.receive("state.schema", make_payload(raw_bytes{schema()})).what == kind::told);
    CHECK(copy.is_ready());
  }
  static const std::vector<std::byte>& schema() { return room_copy<water>::schema(); }

  room_news tell(const state_patch& patch) {
    return copy.receive("state.patch", make_payload(raw_bytes{patch.view()}));
  }
  state_patch next(tick_number tick) {
    ++state.waves;
    publisher.publish(state, tick);
    return tick == 1 ? publisher.snapshot() : *publisher.patch_since(tick - 1);
  }
};

} // namespace

TEST_CASE("room copy: it is told who it is, and follows the state", "[game][client]") {
  pair both;
  CHECK(both.copy.player() == 3);
  CHECK(both.copy.ticks_per_s() == 30);
  for (tick_number tick = 1; tick < 10; ++tick) {
    const auto news = both.tell(both.next(tick));
    CHECK(news.what == kind::patched);
    CHECK(news.confirm == tick);
    CHECK(both.copy.mirror().state().waves == tick);
  }
}

TEST_CASE("room copy: what it cannot use it asks for again", "[game][client]") {
  pair both;
  both.tell(both.next(1));
  const auto missed = both.next(2);
  const auto news = both.tell(both.next(3));
  CHECK(news.what == kind::unchanged);
  CHECK(news.confirm == 0);
  CHECK(both.tell(both.publisher.snapshot()).confirm == 3);
  const auto late = both.tell(missed);
  CHECK(late.what == kind::unchanged);
  CHECK(late.confirm == 3);
}

TEST_CASE("room copy: nonsense changes nothing", "[game][client]") {
  pair both;
  both.tell(both.next(1));
  const std::vector<std::byte> nonsense(40, std::byte{0xff});
  const auto news = both.copy.receive("state.patch", make_payload(raw_bytes{nonsense}));
  CHECK(news.what == kind::malformed);
  CHECK(news.confirm == 0);
  CHECK_FALSE(news.text.empty());
  CHECK(both.copy.mirror().tick() == 1);
  CHECK(both.copy.receive("room.you", make_payload("me")).what == kind::malformed);
  CHECK(both.copy.receive("room.you", make_payload(0, 30, "", 0)).what == kind::malformed);
  CHECK(both.copy.receive("room.you", make_payload(1, 0, "", 0)).what == kind::malformed);
  CHECK(both.copy.receive("input.refused", make_payload()).what == kind::malformed);
  CHECK(both.copy.receive("state.schema", make_payload(raw_bytes{nonsense})).what
        == kind::malformed);
  CHECK(both.copy.player() == 3);
}

TEST_CASE("room copy: another state is refused by its member", "[game][client]") {
  room_copy<swimmer> copy;
  const auto news = copy.receive("state.schema", make_payload(raw_bytes{pair::schema()}));
  CHECK(news.what == kind::malformed);
  CHECK(news.text.find("waves") != std::string::npos);
  CHECK_FALSE(copy.is_ready());
}

TEST_CASE("room copy: refused inputs and the game's own events", "[game][client]") {
  pair both;
  const auto news = both.copy.receive("input.refused", make_payload(17, "too early"));
  CHECK(news.what == kind::input_refused);
  CHECK(news.sequence == 17);
  CHECK(news.text == "too early");
  CHECK(both.copy.receive("splashed", make_payload(2)).what == kind::other);
}

TEST_CASE("room copy: who comes back is ready when everything was told again", "[game][client]") {
  pair both;
  CHECK(both.copy.receive("room.you", make_payload(3, 30, "next", 9)).what == kind::told);
  CHECK_FALSE(both.copy.is_ready());
  CHECK(both.copy.ticket() == "next");
  both.copy.receive("state.schema", make_payload(raw_bytes{pair::schema()}));
  CHECK(both.copy.is_ready());
}

TEST_CASE("room copy: a room may show no state", "[game][client]") {
  room_copy<no_state> copy;
  copy.receive("room.you", make_payload(1, 60, "", 0));
  CHECK(copy.receive("state.schema", make_payload(raw_bytes{})).what == kind::told);
  CHECK(copy.is_ready());
  const auto news = copy.receive("state.patch", make_payload(raw_bytes{pair::schema()}));
  CHECK_FALSE(news.confirm);
}

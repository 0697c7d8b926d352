#include "net/client_dispatch.hpp"

#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using net::client_state;
using protocol::operation;

namespace {

/// What a room's listener is told, one word each.
struct remembering final : room_listener {
  std::string told;

  void heard(const incoming&) override { told += "heard "; }
  void lost() override { told += "lost "; }
  void joined() override { told += "joined "; }
  void left(room_change::reason why) override {
    told += "left:" + std::to_string(static_cast<int>(why)) + " ";
  }
};

/// A client that wants to be in "pond", with a listener there.
struct fixture {
  client_state state{client_options{}};
  net::client_handler_store handlers;
  net::client_dispatch dispatch{state, handlers};
  std::shared_ptr<remembering> listener = std::make_shared<remembering>();

  fixture() {
    handlers.update([this](net::client_handlers& all) { all.listeners["pond"] = listener; });
    open();
    client_state::waiter done = [](const reply&) {};
    CHECK(state.join("pond", {}, done, client_state::time_point::max()) == errc::ok);
  }
  void open() {
    state.opened({.version = 1, .connection = 7, .events = {}, .limits = {}}, {},
                 client_state::time_point::max(),
                 [this](auto room, auto& answer) { dispatch.tell_rejoined(room, answer); });
  }
  /// The id of the join that is to be sent.
  std::uint64_t join_ask() {
    const auto waiting = state.take_outgoing();
    REQUIRE(waiting.size() == 1);
    return protocol::decode_client(as_bytes(waiting.front()))->ask_id;
  }
};

} // namespace

TEST_CASE("client_dispatch: a cut while rooms are joined again is no refusal", "[net][client]") {
  fixture f;
  for (int cut = 1; cut <= 2; ++cut) {
    f.dispatch.lose(errc::connection_lost, "cut", true);
    f.open();
  }
  CHECK(f.listener->told == "lost lost ");
  f.dispatch.receive({.op = operation::joined, .ask_id = f.join_ask(), .room = 3, .text = "pond"},
                     0us);
  CHECK(f.listener->told == "lost lost joined ");
}

TEST_CASE("client_dispatch: a room that refuses to be joined again is left", "[net][client]") {
  fixture f;
  f.dispatch.lose(errc::connection_lost, "cut", true);
  f.open();
  f.dispatch.receive({.op = operation::error, .code = errc::room_refused, .ask_id = f.join_ask()},
                     0us);
  CHECK(f.listener->told == "lost left:5 ");
}

TEST_CASE("client_dispatch: a connection that is lost for good takes the rooms along",
          "[net][client]") {
  fixture f;
  f.dispatch.lose(errc::connection_lost, "cut", false);
  CHECK(f.listener->told == "left:4 ");
}

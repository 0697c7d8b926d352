#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/still_runtime.hpp"
#include "tests/support/ws_frames.hpp"

#include <memory>
#include <string>

using namespace std::chrono_literals;
using namespace troupe;

namespace {

std::string publish() {
  auto head = protocol::encode_publish(1, {.number = 0, .text = "say"}, content_kind::raw);
  return test::client_frame(test::fin | test::binary, std::string{as_text(head.bytes())} + "hi");
}

/// Clients that join a room as soon as they connect, on two shards.
struct stage {
  stage() {
    auto& rules = still->add_endpoint(speaks::native);
    rules.rooms().relay("say");
    rules.on_connect([](connection& c) { c.join("arena"); });
    rules.on_disconnect([this](connection&, const close_info&) { ++disconnected; });
    still->start(2);
  }

  net::tcp_socket connect(std::size_t shard) {
    auto client = still->connect(shard);
    still->settle();
    still->write();
    return client;
  }

  int disconnected = 0;
  std::unique_ptr<test::still_runtime> still = std::make_unique<test::still_runtime>();
};

} // namespace

TEST_CASE("runtime: an event reaches the other members on all shards", "[actors][runtime]") {
  stage s;
  auto sender = s.connect(0), near = s.connect(0), far = s.connect(1);
  test::drain(sender);
  test::drain(near);
  test::drain(far);
  test::send_all(sender, publish());
  s.still->read();
  s.still->write();
  CHECK(test::drain(sender).empty());
  auto heard = test::drain(near);
  CHECK(heard.ends_with("hi"));
  CHECK(test::drain(far) == heard);
}

TEST_CASE("runtime: a connection that is lost leaves its rooms", "[actors][runtime]") {
  stage s;
  auto stays = s.connect(0);
  auto goes = s.connect(1);
  test::drain(stays);
  CHECK(s.still->shared.shards[1]->load() >= 1);
  goes.close();
  s.still->read();
  s.still->write();
  s.still->settle();
  s.still->write();
  CHECK(s.disconnected == 1);
  CHECK(!test::drain(stays).empty()); // presence
  s.still->forget_messages();
  test::send_all(stays, publish());
  s.still->read();
  CHECK(s.still->hubs[1]->messages == 0); // nobody is there any more
}

TEST_CASE("runtime: an empty room ends after its time and its number is used again",
          "[actors][runtime]") {
  stage s;
  auto first = s.connect(0);
  first.close();
  s.still->read();
  s.still->write();
  s.still->settle();
  auto idle = s.still->shared.settings.room_idle;
  auto& home = s.still->shared.shards[0]->reactor();
  s.still->forget_messages();
  home.timers.advance(home.now() + idle + 10ms);
  s.still->settle();
  auto second = s.connect(0);
  REQUIRE(!s.still->hubs[0]->batches.empty());
  CHECK(s.still->hubs[0]->batches[0]->room->number == 1);
}

TEST_CASE("runtime: may end while rooms have events to relay", "[actors][runtime]") {
  stage s;
  auto sender = s.connect(0), other = s.connect(1);
  test::send_all(sender, publish());
  for (auto& shard : s.still->shared.shards)
    shard->reactor().wait(net::time_point{}); // read, but not yet handled
  s.still.reset();
  CHECK(s.disconnected == 0);
}

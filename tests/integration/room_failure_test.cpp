#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <thread>

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::operation;

namespace {

struct tally {
  int count = 0;
};

void add_chat(server& to) {
  auto& chat = to.endpoint("/chat");
  chat.on("echo", [](const std::string& words) { return words; });
  auto& fragile = chat.rooms("fragile");
  fragile.on_create([](room& r) { r.value<tally>().count = 100; });
  fragile.on("count", [](room& r) { r.emit("counted", ++r.value<tally>().count); });
  fragile.on("fail", [](room&) { throw std::runtime_error{"broken"}; });
  fragile.on("fail-later",
             [](room& r) { r.after(1ms, [] { throw std::runtime_error{"broken later"}; }); });
  fragile.on("timer", [](room& r) { r.after(50ms, [&r] { r.emit("late"); }); });
  chat.rooms("lobby").relay("say");
}

struct failure_fixture {
  failure_fixture() {
    room = ann.join("fragile");
    CHECK(bob.join("fragile") == room);
    CHECK(ann.next()->op == operation::presence);
  }

  running_server server{quick_config(2), add_chat};
  native_client ann{server.port()};
  native_client bob{server.port()};
  std::uint64_t room = 0;
};

void check_restarted(const native_message& message, std::uint64_t room, std::uint64_t epoch) {
  CHECK(message->op == operation::restarted);
  CHECK(message->room == room);
  CHECK(message->epoch == epoch);
}

} // namespace

TEST_CASE("room failure: the caller gets an error, the members a restarted room",
          "[integration][failure]") {
  failure_fixture fixture;
  auto& [server, ann, bob, room] = fixture;
  ann.publish(room, "count");
  CHECK(ann.next().argument<int>() == 101);
  CHECK(bob.next().argument<int>() == 101);
  ann.publish(room, "fail");
  bool is_told = false;
  bool has_error = false;
  for (int i = 0; i < 2; ++i) {
    const auto message = ann.next();
    is_told = is_told || message->op == operation::restarted;
    has_error =
        has_error || (message->op == operation::error && message->code == errc::handler_failed);
  }
  CHECK(is_told);
  CHECK(has_error);
  check_restarted(bob.next(), room, 1);
  bob.publish(room, "count"); // still members, and the room is as new
  CHECK(ann.next().argument<int>() == 101);
  CHECK(bob.next().argument<int>() == 101);
}

TEST_CASE("room failure: a timer that throws restarts the room too", "[integration][failure]") {
  failure_fixture fixture;
  auto& [server, ann, bob, room] = fixture;
  ann.publish(room, "timer");
  ann.publish(room, "fail-later");
  check_restarted(ann.next(), room, 1);
  check_restarted(bob.next(), room, 1);
  ann.publish(room, "count"); // the timer is gone: its event does not come before this one
  CHECK(ann.next().argument<int>() == 101);
}

TEST_CASE("room failure: the sixth within a minute parks the room", "[integration][failure]") {
  failure_fixture fixture;
  auto& [server, ann, bob, room] = fixture;
  for (std::uint64_t epoch = 1; epoch <= 5; ++epoch) {
    ann.publish(room, "fail");
    check_restarted(bob.next(), room, epoch);
  }
  ann.publish(room, "fail");
  for (auto* each : {&bob, &ann}) {
    const auto left = each->wait_for(operation::left);
    CHECK(left->room == room);
    CHECK(left->ask_id == 0);
    CHECK(left->reason == protocol::left_reason::room_failed);
  }
  const auto ask = bob.request_join("fragile");
  const auto error = bob.wait_for(operation::error);
  CHECK(error->ask_id == ask);
  CHECK(error->code == errc::room_parked);
  const auto lobby = bob.join("lobby"); // other rooms are well
  CHECK(ann.join("lobby") == lobby);
}

TEST_CASE("room failure: an empty room ends after its idle time and its number is used again",
          "[integration][failure]") {
  const running_server server{quick_config(), add_chat}; // 100 ms
  native_client client{server.port()};
  const auto room = client.join("fragile");
  client.publish(room, "count");
  CHECK(client.next().argument<int>() == 101);
  client.leave(room);
  CHECK(client.wait_for(operation::left)->room == room);
  SECTION("back at once: the same room") {
    CHECK(client.join("fragile") == room);
    client.publish(room, "count");
    CHECK(client.next().argument<int>() == 102);
  }
  SECTION("back later: a new one with the same number") {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::uint64_t other = 0;
    while (other != room && std::chrono::steady_clock::now() < end) {
      other = client.join("lobby"); // takes the smallest free number
      client.leave(other);
      client.wait_for(operation::left);
      std::this_thread::sleep_for(150ms); // room_idle passes for both rooms
    }
    CHECK(other == room);
    const auto again = client.join("fragile");
    client.publish(again, "count");
    CHECK(client.next().argument<int>() == 101);
  }
}

} // namespace troupe::test

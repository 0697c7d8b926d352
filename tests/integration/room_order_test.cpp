#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <atomic>
#include <future>
#include <map>

namespace troupe::test {

using protocol::operation;

namespace {

constexpr int rooms = 4;
constexpr int clients_per_room = 10;
constexpr int messages = 500;

void add_chat(server& to) {
  auto& chat = to.endpoint("/chat").without_rate_limits();
  chat.rooms().relay_to_all("number");
  chat.on_connect([](connection& c) {
    if (!c.request().query("room"))
      return;
    c.join(*c.request().query("room"));
    c.to(*c.request().query("room")).emit("hello", c.id());
  });
}

/// Counts what a member hears: for each sender the numbers must come in order, all of them once.
class listener {
public:
  void hear(const native_message& event) {
    const auto number = event.argument<int>();
    auto& next = next_[event->sender];
    is_right_ = is_right_ && number == next;
    next = number + 1;
    ++heard_;
  }
  int heard() const { return heard_; }
  bool is_right() const { return is_right_ && next_.size() == clients_per_room; }

private:
  std::map<std::uint64_t, int> next_;
  int heard_ = 0;
  bool is_right_ = true;
};

/// Publishes all numbers, a few at a time, and hears everybody's. @returns whether all was right.
bool take_part(native_client& client, std::uint64_t room) {
  constexpr int total = clients_per_room * messages;
  listener all;
  for (int sent = 0; sent < messages || all.heard() < total;) {
    for (int i = 0; i < 20 && sent < messages; ++i)
      client.publish(room, "number", sent++);
    for (int i = 0; i < 20 * clients_per_room && all.heard() < total; ++i)
      if (const auto message = client.next(); message->op == operation::room_event)
        all.hear(message);
  }
  return all.is_right();
}

} // namespace

TEST_CASE("order: two shards lose, repeat and reorder nothing per sender", "[integration][order]") {
  const running_server server{quick_config(2), add_chat};
  std::vector<std::unique_ptr<native_client>> clients;
  std::vector<std::uint64_t> room_of;
  for (int i = 0; i < rooms * clients_per_room; ++i) {
    clients.push_back(std::make_unique<native_client>(server.port()));
    room_of.push_back(clients.back()->join("room" + std::to_string(i % rooms)));
  }
  std::vector<std::future<bool>> results;
  for (std::size_t i = 0; i < clients.size(); ++i)
    results.push_back(std::async(std::launch::async, take_part, std::ref(*clients[i]), room_of[i]));
  for (auto& each : results)
    CHECK(each.get());
}

TEST_CASE("order: nothing of a room comes before the news of having joined it",
          "[integration][order]") {
  const running_server server{quick_config(2), add_chat};
  native_client speaker{server.port()};
  const auto room = speaker.join("lobby");
  std::atomic<bool> is_over = false;
  auto talking = std::async(std::launch::async, [&] {
    for (int i = 0; !is_over; ++i) {
      speaker.publish(room, "number", i);
      while (speaker.next()->op == operation::presence)
        ;
    }
  });
  for (int i = 0; i < 100; ++i) {
    native_client late{server.port()};
    late.request_join("lobby");
    const auto joined = late.next();
    REQUIRE(joined->op == operation::joined);
    auto last = late.wait_for(operation::room_event).argument<int>();
    for (int more = 0; more < 3; ++more) {
      const auto number = late.wait_for(operation::room_event).argument<int>();
      CHECK(number == ++last);
    }
  }
  is_over = true;
  talking.get();
}

TEST_CASE("order: what a handler sends to the room it joins arrives after the join",
          "[integration][order]") {
  const running_server server{quick_config(2), add_chat};
  for (int i = 0; i < 20; ++i) {
    native_client client{server.port(), "/chat?room=lobby" + std::to_string(i)};
    CHECK(client.next()->op == operation::joined);
    const auto hello = client.next();
    CHECK(hello->op == operation::room_event);
    CHECK(hello.argument<std::uint64_t>() == client.id());
  }
}

TEST_CASE("order: what a raw client says at once reaches the room it is put into",
          "[integration][order]") {
  const running_server server{quick_config(2), [](troupe::server& s) {
                                auto& crowd = s.endpoint("/crowd", speaks::raw);
                                crowd.on_connect([](connection& c) { c.join("all"); });
                                crowd.rooms().relay_everything();
                              }};
  for (int i = 0; i < 20; ++i) {
    tcp_client client{server.port()};
    std::string expected;
    auto request = upgrade("/crowd");
    for (const auto* words : {"one", "two", "three"}) {
      request += client_frame(fin | text, words);
      expected += encode({.first_byte = fin | text, .payload = words, .is_masked = false});
    }
    client.send(request);
    std::string rest;
    CHECK(read_answer(client, rest).status == 101);
    while (rest.size() < expected.size())
      rest += client.receive();
    CHECK(rest == expected);
  }
}

TEST_CASE("order: what a connection is sent directly keeps its order", "[integration][order]") {
  const running_server server{quick_config(2), [](troupe::server& s) {
                                s.endpoint("/chat").on("many", [](connection& c, int count) {
                                  for (int i = 0; i < count; ++i)
                                    c.emit("number", i);
                                });
                              }};
  native_client client{server.port()};
  client.emit("many", 5'000);
  for (int i = 0; i < 5'000; ++i)
    REQUIRE(client.next().argument<int>() == i);
}

} // namespace troupe::test

// One room whose members speak four protocols, and all of them at once.
#include "tests/integration/support/iris_client.hpp"
#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <map>

namespace troupe::test {

namespace {

constexpr int talkers_per_protocol = 3;
constexpr int talkers = 4 * talkers_per_protocol;
constexpr int messages = 400;

/// A member of the room. Lines look like "neffos1:17": who said it and how many were said before.
class talker {
public:
  virtual ~talker() = default;
  virtual void say(const std::string& line) = 0;
  /// The next message's content. Some have none that concerns the test.
  virtual std::string hear() = 0;
};

class native_talker final : public talker {
public:
  explicit native_talker(std::uint16_t port)
      : client_{port, "/mixed"}, room_{client_.wait_for(protocol::operation::joined)->room} {}

  void say(const std::string& line) override {
    client_.publish(room_, "say", raw_bytes{as_bytes(line)});
  }
  std::string hear() override {
    const auto heard = client_.wait_for(protocol::operation::room_event);
    return heard->content == content_kind::raw ? std::string{as_text(heard->payload)}
                                               : heard.argument<std::string>();
  }

private:
  native_client client_;
  std::uint64_t room_;
};

class neffos_talker final : public talker {
public:
  explicit neffos_talker(std::uint16_t port) : client_{port, "/mixed"} {
    client_.connect();
    client_.send(confirmed(client_.next_request(";default;room;_OnRoomJoin;0;0;")));
  }

  void say(const std::string& line) override { client_.emit("say", line, "room"); }
  std::string hear() override {
    const auto frame = client_.next();
    return frame.substr(frame.rfind(';') + 1);
  }

private:
  neffos_client client_;
};

class iris_talker final : public talker {
public:
  explicit iris_talker(std::uint16_t port) : client_{port, "/mixed"} { client_.emit("hello"); }

  void say(const std::string& line) override { client_.emit("say", line); }
  std::string hear() override {
    const auto event = client_.next();
    return event.substr(event.rfind(';') + 1);
  }

private:
  iris_client client_;
};

class raw_talker final : public talker {
public:
  explicit raw_talker(std::uint16_t port) : client_{port, "/mixed"} { client_.send_text("hello"); }

  void say(const std::string& line) override { client_.send_text(line); }
  std::string hear() override { return client_.next_message(); }

private:
  ws_client client_;
};

/// Says all lines, a few at a time, and hears everybody's. @returns what was heard, in order.
std::vector<std::string> take_part(talker& in, const std::string& name) {
  std::vector<std::string> heard;
  const std::size_t total = talkers * messages;
  for (int said = 0; said < messages || heard.size() < total;) {
    for (int i = 0; i < 20 && said < messages; ++i)
      in.say(name + ":" + std::to_string(said++));
    for (int i = 0; i < 20 * talkers && heard.size() < total; ++i)
      if (auto line = in.hear(); line.find(':') != std::string::npos)
        heard.push_back(std::move(line));
  }
  return heard;
}

/// Whether the lines of each speaker are all there, once each and in the order they were said.
bool is_complete(const std::vector<std::string>& heard) {
  std::map<std::string, int> next;
  for (auto& line : heard) {
    const auto colon = line.find(':');
    if (line.substr(colon + 1) != std::to_string(next[line.substr(0, colon)]++))
      return false;
  }
  return next.size() == talkers && std::all_of(next.begin(), next.end(), [](auto& each) {
           return each.second == messages;
         });
}

struct mixed_room {
  void add(server& to) {
    auto& all = to.endpoint("/mixed", speaks::native | speaks::neffos | speaks::iris | speaks::raw)
                    .without_rate_limits();
    all.on_connect([](connection& c) { c.join("room"); });
    all.on_joined([this](connection& c, std::string_view, cause) { joined.put(c.id()); });
    all.on("say", [](connection& c, payload_view line) { // of iris, which knows no rooms
      c.to("room").emit("say", make_payload(line));
    });
    all.rooms().relay_everything();
  }

  template <class Talker>
  void admit(const std::string& protocol) {
    for (int i = 0; i < talkers_per_protocol; ++i) {
      members.emplace(protocol + std::to_string(i), std::make_unique<Talker>(server.port()));
      joined.take();
    }
  }

  mailbox<connection_id> joined;
  running_server server{quick_config(2), [this](troupe::server& s) { add(s); }};
  std::map<std::string, std::unique_ptr<talker>> members;
};

} // namespace

TEST_CASE("mixed room: four protocols at once lose, repeat and reorder nothing",
          "[integration][mixed_room]") {
  mixed_room room;
  room.admit<native_talker>("native");
  room.admit<neffos_talker>("neffos");
  room.admit<iris_talker>("iris");
  room.admit<raw_talker>("raw");
  std::vector<std::future<std::vector<std::string>>> ears;
  for (auto& [name, member] : room.members)
    ears.push_back(std::async(std::launch::async, take_part, std::ref(*member), name));
  const auto first = ears.front().get();
  CHECK(is_complete(first));
  for (std::size_t i = 1; i < ears.size(); ++i) {
    CAPTURE(i);
    const auto is_same = ears[i].get() == first;
    CHECK(is_same); // a room has one order for all
  }
}

} // namespace troupe::test

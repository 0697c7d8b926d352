#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using protocol::operation;

namespace {

void add_chat(server& to) {
  auto& chat = to.endpoint("/chat");
  chat.on("whisper", [](connection& c, std::uint64_t whom, const std::string& words) {
    c.to(whom).emit("whispered", c.id(), words);
  });
  chat.on("shout",
          [](connection& c, const std::string& words) { c.to_all().emit("shouted", words); });
  chat.on("boast",
          [](connection& c, const std::string& words) { c.to_others().emit("boasted", words); });
  chat.on("echo", [](const std::string& words) { return words; });
}

struct crowd {
  crowd() {
    for (int i = 0; i < 4; ++i)
      clients.push_back(std::make_unique<native_client>(server.port()));
  }

  running_server server{quick_config(2), add_chat};
  std::vector<std::unique_ptr<native_client>> clients;
};

/// The next message is a reply to an ask sent now: nothing came before it.
void check_silent(native_client& client) {
  client.ask("echo", "nothing yet");
  const auto next = client.next();
  CHECK(next->op == operation::reply);
}

} // namespace

TEST_CASE("addressing: one connection, by its id, on any shard", "[integration][addressing]") {
  crowd all;
  auto& from = *all.clients[0];
  for (auto& each : all.clients) {
    from.emit("whisper", each->id(), "psst");
    const auto heard = each->next();
    CHECK(each->name_of(heard) == "whispered");
    CHECK(heard.arguments<std::uint64_t, std::string>()
          == std::tuple{from.id(), std::string{"psst"}});
  }
  from.emit("whisper", 999'999, "nobody");
  for (auto& each : all.clients)
    check_silent(*each);
}

TEST_CASE("addressing: everybody", "[integration][addressing]") {
  crowd all;
  all.clients[1]->emit("shout", "hello");
  for (auto& each : all.clients)
    CHECK(each->next().argument<std::string>() == "hello");
}

TEST_CASE("addressing: everybody else", "[integration][addressing]") {
  crowd all;
  all.clients[1]->emit("boast", "I won");
  for (auto& each : all.clients)
    if (each != all.clients[1])
      CHECK(each->next().argument<std::string>() == "I won");
  check_silent(*all.clients[1]);
}

TEST_CASE("addressing: from any thread through the endpoint", "[integration][addressing]") {
  crowd all;
  auto& chat = all.server->endpoint("/chat");
  chat.to(all.clients[2]->id()).emit("news", 1);
  CHECK(all.clients[2]->next().argument<int>() == 1);
  chat.to_all().emit("news", 2);
  for (auto& each : all.clients)
    CHECK(each->next().argument<int>() == 2);
  const auto room = all.clients[3]->join("lobby");
  chat.to("lobby").emit("news", 3);
  const auto heard = all.clients[3]->next();
  CHECK(heard->op == operation::room_event);
  CHECK(heard->room == room);
  CHECK(heard->sender == 0);
  CHECK(heard.argument<int>() == 3);
  chat.to("nowhere").emit("news", 4);
  check_silent(*all.clients[0]);
}

TEST_CASE("addressing: an endpoint's everybody are its own clients only",
          "[integration][addressing]") {
  const running_server server{quick_config(), [](troupe::server& s) {
                                add_chat(s);
                                s.endpoint("/other").on(
                                    "echo", [](const std::string& words) { return words; });
                              }};
  native_client here{server.port()};
  native_client there{server.port(), "/other"};
  here.emit("shout", "hello");
  CHECK(here.next().argument<std::string>() == "hello");
  check_silent(there);
}

} // namespace troupe::test

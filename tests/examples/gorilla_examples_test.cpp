// The examples of gorilla/websocket as they are here: chat, echo with its client, file watch.
#include "troupe/client.hpp"

#include "tests/examples/example_process.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <future>

namespace troupe::test {

namespace {

/// Sends `line` and waits until it has come back, so that later lines reach this client.
void say(ws_client& from, const std::string& line) {
  from.send_text(line);
  REQUIRE(from.next_message() == line);
}

} // namespace

TEST_CASE("examples: a line of the chat goes to everybody", "[examples][chat]") {
  example_process chat{"web_chat"};
  const auto page = ask_http(chat.port(), get("/"));
  CHECK(page.status == 200);
  CHECK(page.body.find("<script src=\"/chat.js\">") != std::string::npos);
  CHECK(ask_http(chat.port(), get("/chat.js")).field("Content-Type").find("javascript")
        != std::string::npos);
  ws_client ann{chat.port(), "/ws"};
  say(ann, "is anybody here?");
  ws_client bob{chat.port(), "/ws"};
  say(bob, "now, yes");
  CHECK(ann.next_message() == "now, yes");
  ann.send_text("good");
  CHECK(ann.next_message() == "good");
  CHECK(bob.next_message() == "good");
  CHECK(chat.stop() == 0);
}

TEST_CASE("examples: echo sends messages back as they came", "[examples][echo]") {
  example_process echo{"echo"};
  ws_client client{echo.port(), "/echo"};
  client.send_text("text");
  client.send_binary("bytes");
  for (const auto& [opcode, content] : {std::pair{1, "text"}, std::pair{2, "bytes"}}) {
    const auto frame = client.next_frame();
    REQUIRE(frame);
    CHECK(frame->opcode() == opcode);
    CHECK(frame->payload == content);
  }
  client.send_close(1000);
  CHECK(client.wait_close().code == 1000);
  CHECK(echo.stop() == 0);
}

TEST_CASE("examples: the client of echo prints what comes back", "[examples][echo]") {
  example_process echo{"echo"};
  const auto url = "ws://127.0.0.1:" + std::to_string(echo.port()) + "/echo";
  const auto printed = run_example("echo_client", {url, "2"});
  CHECK(printed.starts_with("received "));
  CHECK(std::count(printed.begin(), printed.end(), '\n') == 2);
  CHECK_THROWS(run_example("echo_client", {url + "/nowhere", "1"}));
}

TEST_CASE("examples: a watched file is shown whenever it changes", "[examples][file_watch]") {
  const temporary_folder folder;
  folder.write("watched.txt", "first");
  example_process watch{"file_watch", {(folder.path() / "watched.txt").string()}};
  ws_client early{watch.port(), "/ws"};
  CHECK(early.next_message() == "first");
  folder.write("watched.txt", "second");
  CHECK(early.next_message() == "second");
  ws_client late{watch.port(), "/ws"};
  CHECK(late.next_message() == "second");
  CHECK(watch.stop() == 0);
}

TEST_CASE("examples: the README's chat adds, and tells the lobby", "[examples][chat]") {
  example_process chat{"chat"};
  client user{{.url = "ws://127.0.0.1:" + std::to_string(chat.port()) + "/chat"}};
  std::promise<std::string> said;
  user.on_room("said", [&said](connection_id, std::string line) { said.set_value(line); });
  REQUIRE(user.connect());
  CHECK(*user.ask_future<int>("sum", 1, 2).get() == 3);
  user.emit("say", "hello");
  auto line = said.get_future();
  REQUIRE(line.wait_for(patience) == std::future_status::ready);
  CHECK(line.get() == "hello");
  user.close();
  CHECK(chat.stop() == 0);
}

} // namespace troupe::test

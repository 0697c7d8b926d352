// The controller of docs/controllers.md and troupe/controller.hpp.
#include "troupe/controller.hpp"

#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <string>

namespace {

class logbook {
public:
  void write(std::string_view what, troupe::connection_id who) {
    lines.put(std::string{what} + " " + std::to_string(who));
  }
  troupe::test::mailbox<std::string> lines;
};

class chat {
public:
  static constexpr std::string_view space = "chat";
  static constexpr auto events() {
    return troupe::event_list{troupe::event<&chat::say>(), troupe::event<&chat::count>("how-many")};
  }
  explicit chat(logbook& out) : out_{out} {}

  void on_connected(troupe::connection& c) { out_.write("hello", c.id()); }
  void say(troupe::connection& c, std::string_view text) {
    ++said_;
    c.to_all().emit("say", text);
  }
  int count() const { return said_; }

private:
  logbook& out_;
  int said_ = 0;
};

} // namespace

namespace troupe::test {

TEST_CASE("controllers: the one of the documentation chats", "[integration][controller]") {
  logbook out;
  running_server server{quick_config(), [&](troupe::server& to) {
                          mount<chat>(to.endpoint("/chat", speaks::neffos), std::ref(out));
                        }};
  neffos_client ann{server.port(), "/chat"};
  neffos_client bob{server.port(), "/chat"};
  for (auto* each : {&ann, &bob}) {
    each->connect("chat");
    CHECK(out.lines.take().starts_with("hello "));
  }
  ann.emit("say", "good evening", "", "chat");
  CHECK(ann.next() == ";chat;;say;0;0;good evening");
  CHECK(bob.next() == ";chat;;say;0;0;good evening");
  CHECK(ann.ask("$2;chat;;how-many;0;0;") == "$2;chat;;how-many;0;0;1");
  CHECK(bob.ask("$2;chat;;how-many;0;0;") == "$2;chat;;how-many;0;0;0");
}

} // namespace troupe::test

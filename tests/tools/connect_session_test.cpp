#include "tools/connect_session.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/fake_server.hpp"
#include "tools/connect_input.hpp"

#include <sstream>
#include <thread>
#include <unistd.h>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::message;
using protocol::operation;
using test::fake_server;

namespace {

/// Joins everybody, publishes to everybody, answers "sum", drops the connection at "drop".
void chat(fake_server::peer& to, const message& from) {
  const auto members = make_payload(std::tuple{7, "me"}, std::tuple{8, msgpack::type::nil_t{}});
  if (from.op == operation::join)
    to.send(protocol::encode_joined(from.ask_id, 3, from.text, 2), members.bytes);
  if (from.op == operation::leave)
    to.send(protocol::encode_left(from.ask_id, from.room, protocol::left_reason::asked));
  if (from.op == operation::publish)
    to.send(protocol::encode_room_event(from.room, 8, from.name, content_kind::arguments),
            from.payload);
  if (from.op == operation::ask && from.name.text == "sum")
    to.send(protocol::encode_reply(from.ask_id, content_kind::arguments), make_payload(3).bytes);
  else if (from.op == operation::ask)
    to.send(protocol::encode_error(from.ask_id, errc::unknown_event), as_bytes("no such event"));
  if (from.name.text == "drop")
    to.close(1001, "restart");
}

client_options options_for(const fake_server& server) {
  client_options result;
  result.url = server.url();
  result.clock_interval = 0ms;
  result.reconnect.enabled = false;
  return result;
}

struct outcome {
  std::string text;
  bool has_failed;
};

outcome run(const std::vector<std::string>& lines) {
  const fake_server server{{.on_message = chat, .events = {"one"}}};
  std::ostringstream out;
  connect::session session{options_for(server), out};
  REQUIRE(session.connect());
  for (const auto& line : lines)
    session.handle(line);
  session.finish(0ms);
  return {out.str(), session.has_failed()};
}

} // namespace

TEST_CASE("connect_session: shows what happens in the order it happens",
          "[tools][connect_session]") {
  const auto result = run({"/join lobby", "/to lobby said hello", "/ask sum 1 2"});
  CHECK_FALSE(result.has_failed);
  CHECK(result.text.starts_with("* connected as 7, 1 registered events\n"
                                "* joined lobby: 7 me, 8\n"));
  CHECK(result.text.find("< lobby 8: said \"hello\"\n= sum 3\n") != std::string::npos);
  CHECK(result.text.ends_with("* closed\n"));
}

TEST_CASE("connect_session: lists the rooms and who is in them", "[tools][connect_session]") {
  const auto result = run({"/join lobby", "/rooms"});
  CHECK(result.text.find("* lobby, 2 members: 7 me, 8\n") != std::string::npos);
}

TEST_CASE("connect_session: what fails is shown and remembered", "[tools][connect_session]") {
  const auto line =
      GENERATE(as<std::string>{}, "/nonsense", "/to nowhere said", "/ask other", "/leave nowhere");
  const auto result = run({line});
  CHECK(result.has_failed);
  CHECK(result.text.find("\n! ") != std::string::npos);
}

TEST_CASE("connect_session: a leave is answered before the next line", "[tools][connect_session]") {
  const auto result = run({"/join lobby", "/leave lobby", "/to lobby said hello"});
  CHECK(result.text.find("* left lobby\n! lobby was not sent") != std::string::npos);
}

TEST_CASE("connect_session: quit ends, everything else goes on", "[tools][connect_session]") {
  const fake_server server{{}};
  std::ostringstream out;
  connect::session session{options_for(server), out};
  REQUIRE(session.connect());
  CHECK(session.handle("/help"));
  CHECK(session.handle("tick"));
  CHECK_FALSE(session.handle("/quit"));
  session.finish(0ms);
  CHECK_FALSE(session.has_failed());
}

TEST_CASE("connect_session: a lost connection stops the input", "[tools][connect_session]") {
  const fake_server server{{.on_message = chat}};
  int pipe[2]{};
  REQUIRE(::pipe(pipe) == 0);
  connect::line_input input{pipe[0]};
  std::ostringstream out;
  connect::session session{options_for(server), out};
  session.on_lost([&input] { input.stop(); });
  REQUIRE(session.connect());
  session.handle("drop");
  CHECK_FALSE(input.next().has_value());
  session.finish(10s); // at once, since the connection is gone
  CHECK(session.has_failed());
  CHECK(out.str().find("! closed by the server with 1001: restart\n") != std::string::npos);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_CASE("connect_session: without a server connect says why", "[tools][connect_session]") {
  const fake_server server{{.refuse_with = 403}};
  std::ostringstream out;
  connect::session session{options_for(server), out};
  CHECK_FALSE(session.connect());
  CHECK(out.str().find("403 Forbidden: because of the test") != std::string::npos);
}

TEST_CASE("connect_input: lines are split, the last one may lack its end",
          "[tools][connect_input]") {
  int pipe[2]{};
  REQUIRE(::pipe(pipe) == 0);
  const std::string text = "one\n\ntwo\nthree";
  REQUIRE(::write(pipe[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  ::close(pipe[1]);
  connect::line_input input{pipe[0]};
  CHECK(input.next() == "one");
  CHECK(input.next() == "");
  CHECK(input.next() == "two");
  CHECK(input.next() == "three");
  CHECK_FALSE(input.next().has_value());
  ::close(pipe[0]);
}

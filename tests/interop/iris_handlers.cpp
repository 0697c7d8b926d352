#include "troupe/json.hpp"
#include "troupe/refused.hpp"

#include "tests/interop/interop_handlers.hpp"

#include <msgpack.hpp>

#include <map>
#include <string>
#include <string_view>

namespace troupe::test {

namespace {

constexpr std::string_view go_websocket_prefix = "go-websocket-message:";

struct thing {
  int a = 0;
  std::string b{};
  MSGPACK_DEFINE_MAP(MSGPACK_NVP("A", a), MSGPACK_NVP("B", b))
};

/// Joins that were asked for and have not happened yet.
struct open_joins {
  std::map<std::string, int, std::less<>> by_room;
};

struct addressed {
  std::string_view to;
  std::string_view text;
};

/// "room|text" or "id|text"
addressed split(std::string_view message) {
  auto bar = message.find('|');
  return {message.substr(0, bar), message.substr(bar + 1)};
}

/// Any JSON value, as the only argument.
payload parse(std::string_view text) {
  auto value = json_to_msgpack(text);
  if (!value)
    throw refused{"this is no JSON"};
  value->insert(value->begin(), std::byte{0x91});
  return {*std::move(value), content_kind::arguments};
}

void add_types(endpoint& to) {
  to.on("whoami", [](connection& from) { from.emit("whoami", from.client_id()); });
  to.on("str", [](connection& from, std::string_view value) { from.emit("str", value); });
  to.on("int", [](connection& from, int value) { from.emit("int", value); });
  to.on("bool", [](connection& from, bool value) { from.emit("bool", value); });
  to.on("json", [](connection& from, std::string_view text) { from.emit("json", parse(text)); });
  to.on("bytes", [](connection& from, byte_view value) { from.emit("bytes", raw_bytes{value}); });
  to.on("none", [](connection& from) { from.emit("none", "called"); });
  to.on("struct", [](connection& from) { from.emit("struct", thing{1, "x;y"}); });
  to.on_message([](connection& from, byte_view bytes, bool) {
    from.send_text("native:" + std::string{as_text(bytes)});
  });
}

void join(connection& from, std::string_view room) {
  if (from.is_member(room)) {
    from.emit("joined", room);
    return;
  }
  ++from.value<open_joins>().by_room[std::string{room}];
  from.join(room);
}

void tell_joined(connection& who, std::string_view room, cause) {
  auto open = who.value<open_joins>().by_room.extract(std::string{room});
  for (int times = open ? open.mapped() : 0; times > 0; --times)
    who.emit("joined", room);
}

void leave(connection& from, std::string_view room) {
  if (from.is_member(room))
    from.leave(room);
  else
    from.emit("left", false);
}

void add_rooms(endpoint& to) {
  to.on("join", join);
  to.on_joined(tell_joined);
  to.on("leave", leave);
  to.on_left([](connection& who, std::string_view, cause) { who.emit("left", true); });
}

void add_addressing(endpoint& to) {
  to.on("chat",
        [](connection& from, std::string_view text) { from.to_others().emit("chat", text); });
  to.on("chat-all",
        [](connection& from, std::string_view text) { from.to_all().emit("chat-all", text); });
  to.on("to", [](connection& from, std::string_view message) {
    auto what = split(message);
    from.to(what.to).emit("to", what.text);
    from.to_client(what.to).emit("to", what.text);
  });
  to.on("to-native", [&to](std::string_view message) {
    auto what = split(message);
    to.visit([id = std::string{what.to}, text = std::string{what.text}](connection& each) {
      if (each.client_id() == id)
        each.send_text(text);
    });
  });
  to.on("kick", [](connection& from) { from.close(); });
}

} // namespace

void offer_iris(server& to) {
  auto& iris = to.endpoint("/iris", speaks::iris);
  iris.without_rate_limits();
  add_types(iris);
  add_rooms(iris);
  add_addressing(iris);
  to.iris_script("/iris-ws.js").iris_script("/go-ws.js", go_websocket_prefix);
}

} // namespace troupe::test

#include "troupe/refused.hpp"

#include "tests/interop/interop_handlers.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace troupe::test {

namespace {

std::string text(std::string_view front, std::string_view rest) {
  return std::string{front}.append(rest);
}

/// Everybody but the sender, where the message was sent to: a room or the whole namespace.
target others(connection& from) {
  auto room = from.message().room;
  return room.empty() ? from.to_others() : from.to_others(room);
}

void ask_back(connection& from, std::string_view question) {
  from.ask<std::string>(
      "question",
      [&from](const result<std::string, ask_error>& answer) {
        from.emit("answer", answer ? text("got:", *answer) : text("error:", answer.error().text));
      },
      question);
}

void add_events(space& to) {
  to.on("echo", [](payload_view body) { return make_payload(body); });
  to.on("ask", [](byte_view body) { return text("pong:", as_text(body)); });
  to.on("silent", [](std::string_view) {});
  to.on("fail", [](std::string_view body) { throw refused{text("refused:", body)}; });
  to.on("ask-me", ask_back);
  to.on("chat",
        [](connection& from, payload_view body) { others(from).emit("chat", make_payload(body)); });
  to.on("chat-all", [](connection& from, payload_view body) {
    from.to_all().emit("chat-all", make_payload(body));
  });
  to.on("tries", [](connection& from) { return std::to_string(from.request().reconnect_tries()); });
  to.on_any([](connection& from, payload_view) { return text("any:", from.message().event); });
}

/// The server moves its clients.
void add_moves(space& to) {
  to.on("pull-in", [](connection& from, std::string_view room) { from.join(room); });
  to.on("push-out", [](connection& from, std::string_view room) { from.leave(room); });
  to.on("is-member", [](connection& from, std::string_view room) {
    return from.is_member(room) ? "yes" : "no";
  });
  to.on("ns-kick", [](connection& from) { from.disconnect_space(); });
  to.on("kick", [](connection& from) { from.close(); });
}

void add_doors(space& to) {
  to.on_connected([](connection& who) { who.emit("welcome", who.client_id()); });
  to.on_join([](connection&, std::string_view room, cause) {
    if (room == "noentry")
      throw refused{"room not allowed"};
  });
  to.on_leave([](connection&, std::string_view room, cause) {
    if (room == "sticky")
      throw refused{"room is sticky"};
  });
}

void add_default(endpoint& to) {
  to.without_rate_limits().origins(origin_policy::any());
  add_events(to);
  add_moves(to);
  add_doors(to);
}

/// Clients are sent away, or into a namespace, before they have been told anything.
void open(connection& who) {
  if (auto why = who.request().header("X-Refuse"))
    throw refused{std::string{*why}};
  if (auto name = who.request().header("X-Force"))
    who.connect_space(*name);
}

void answer_native(connection& to, std::string_view front, byte_view bytes, bool is_text) {
  auto answer = text(front, as_text(bytes));
  if (is_text)
    to.send_text(answer);
  else
    to.send_binary(as_bytes(answer));
}

void add_namespaces(endpoint& to) {
  to.space("forbidden").on_connect([](connection&) { throw refused{"you shall not pass"}; });
  to.space("forced");
  to.space("semi;colon").on("ev;ent", [](std::string_view body) { return text("semi;", body); });
  to.space("").on("native-please", [](connection& from, std::string_view body) {
    from.emit("_OnNativeMessage", text("full:", body));
  });
  to.space("pulled").on_connected([](connection& who) { who.join("lobby"); });
  for (int number = 0; number < 20; ++number)
    to.space("many-" + std::to_string(number))
        .on("where", [](connection& from) { return std::string{from.space()}; })
        .on_connected([](connection& who) { who.emit("welcome", who.space()); });
}

} // namespace

void offer_neffos(server& to) {
  auto& all = to.endpoint("/ws", speaks::neffos);
  add_default(all);
  add_namespaces(all);
  all.on_open(open);
  all.on_message([](connection& from, byte_view bytes, bool is_text) {
    answer_native(from, "native:", bytes, is_text);
  });
  add_default(to.endpoint("/strict", speaks::neffos));
  to.endpoint("/native", speaks::raw)
      .on_message([](connection& from, byte_view bytes, bool is_text) {
        answer_native(from, "only:", bytes, is_text);
      });
}

} // namespace troupe::test

#pragma once
#include "troupe/describe.hpp"

#include "tests/integration/support/native_client.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::test {

/// What calls for seats answer.
struct seats {
  std::string room;
  std::vector<std::string> tokens;
};
BOOST_DESCRIBE_STRUCT(seats, (), (room, tokens))

/// A client of game rooms at "/game".
struct game_client {
  native_client client;

  explicit game_client(std::uint16_t port, std::string_view target = "/game")
      : client{port, target} {}

  /// What the server answers with a `T`. Other messages are thrown away.
  template <class T, class... Args>
  T ask(std::string_view call, const Args&... args) {
    client.ask(call, args...);
    return client.wait_for(protocol::operation::reply).argument<T>();
  }
  template <class... Args>
  seats reserve(std::string_view call, const Args&... args) {
    return ask<seats>(call, args...);
  }
  /// Why the server does not want to.
  template <class... Args>
  std::string refusal(std::string_view call, const Args&... args) {
    client.ask(call, args...);
    return std::string{client.wait_for(protocol::operation::error)->text};
  }
  /// @returns `joined` or `error`.
  template <class... Args>
  native_message try_join(const std::string& id, const Args&... args) {
    auto content = make_payload(args...);
    client.send(
        {.op = protocol::operation::join, .ask_id = 77, .text = id, .payload = content.bytes});
    while (true) {
      auto next = client.next();
      if (next->op == protocol::operation::joined || next->op == protocol::operation::error)
        return next;
    }
  }
  /// The next event with this name, outside of rooms or of a room.
  native_message wait_event(std::string_view name,
                            protocol::operation op = protocol::operation::room_event) {
    while (true) {
      auto next = client.wait_for(op);
      if (client.name_of(next) == name)
        return next;
    }
  }
};

} // namespace troupe::test

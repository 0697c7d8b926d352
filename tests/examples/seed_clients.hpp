#pragma once
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

#include <string>

namespace troupe::test {

/// What iris' events begin with.
inline const std::string iris_prefix = "iris-websocket-message:";

/// Opens a neffos connection and connects `space`.
inline void enter(ws_client& client, const std::string& space) {
  client.send_text("M");
  REQUIRE(client.next_message().starts_with("A"));
  client.send_text("$1;" + space + ";;_OnNamespaceConnect;0;0;");
  REQUIRE(client.next_message() == "$1;;;;;;");
}

} // namespace troupe::test

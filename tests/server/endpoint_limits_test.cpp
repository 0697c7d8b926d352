#include "server/endpoint_limits.hpp"

#include "tests/support/catch.hpp"

#include <cstdint>
#include <string>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

struct config::limits applied(const endpoint_limits& own) {
  return apply(own, config{}.limits, "/chat");
}

std::string problem(const endpoint_limits& own) {
  try {
    applied(own);
  } catch (const config_error& error) {
    return error.what();
  }
  return {};
}

} // namespace

TEST_CASE("endpoint limits: M12 what is left out stays as configured",
          "[server][endpoint_limits]") {
  const struct config::limits common;
  const auto result = applied({});
  CHECK(result.message_bytes == common.message_bytes);
  CHECK(result.ping_interval == common.ping_interval);
  CHECK(result.read_timeout == 0ms);
  CHECK(result.write_timeout == common.write_timeout);
}

TEST_CASE("endpoint limits: M12 every limit can differ", "[server][endpoint_limits]") {
  const auto result = applied({.message_bytes = 1'024,
                               .ping_interval = 54s,
                               .pong_timeout = 60s,
                               .read_timeout = 3s,
                               .write_timeout = 4s,
                               .handshake_timeout = 5s});
  CHECK(result.message_bytes == 1'024);
  CHECK(result.ping_interval == 54s);
  CHECK(result.pong_timeout == 60s);
  CHECK(result.read_timeout == 3s);
  CHECK(result.write_timeout == 4s);
  CHECK(result.handshake_timeout == 5s);
  CHECK(result.outbox_bytes == config{}.limits.outbox_bytes);
}

TEST_CASE("endpoint limits: M11 pings and deadlines can be switched off",
          "[server][endpoint_limits]") {
  const auto result = applied({.ping_interval = 0ms, .read_timeout = 0ms, .write_timeout = 0ms});
  CHECK(result.ping_interval > 24h);
  CHECK(result.ping_interval.count() < INT32_MAX);
  CHECK(result.write_timeout > 24h);
  CHECK(result.read_timeout == 0ms);
}

TEST_CASE("endpoint limits: M12 what is out of range is refused by name",
          "[server][endpoint_limits]") {
  CHECK(
      problem({.message_bytes = 0})
      == "The limit message-bytes of the endpoint /chat must be a size from 1B to 1GiB (in bytes, "
         "or with B, kB, MB, GB, KiB, MiB, GiB).");
  CHECK_FALSE(problem({.pong_timeout = 0ms}).empty());
  CHECK_FALSE(problem({.ping_interval = -1ms}).empty());
  CHECK_FALSE(problem({.read_timeout = 25h}).empty());
  CHECK_FALSE(problem({.handshake_timeout = 0ms}).empty());
}

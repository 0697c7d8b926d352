#include "troupe/server.hpp"

#include "examples/arena/arena.hpp"
#include "tests/examples/example_process.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

TEST_CASE("examples: a pilot flies in the arena", "[examples][game]") {
  const running_server server{quick_config(), arena::add_to};
  const auto url = "ws://127.0.0.1:" + std::to_string(server.port()) + "/rooms";
  const auto output = run_example("arena_pilot", {url});
  CHECK(output.find("pilot\n") != std::string::npos);
  CHECK(output.find("in tick ") != std::string::npos);
}

} // namespace troupe::test

#include "tools/load_progress.hpp"

#include "tests/support/catch.hpp"

using troupe::load::progress_line;

TEST_CASE("progress: the bar grows with the share that is done", "[tools][load]") {
  CHECK(progress_line("echo", 0, "x") == "echo       [>                       ]   0 %  x");
  CHECK(progress_line("echo", 0.5, "x") == "echo       [============>           ]  50 %  x");
  CHECK(progress_line("echo", 1, "x") == "echo       [========================] 100 %  x");
  CHECK(progress_line("echo", 7, "x") == progress_line("echo", 1, "x"));
}

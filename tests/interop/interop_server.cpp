#include "tests/interop/interop_handlers.hpp"

/// The program that web/test/interop drives clients of neffos and iris against. It listens on a
/// free port of 127.0.0.1, says in its log on which one, and serves the files below its argument.
int main(int argc, char** argv) {
  troupe::server server{{.listen = "127.0.0.1:0", .threads = 2}};
  troupe::test::offer_neffos(server);
  troupe::test::offer_iris(server);
  if (argc > 1)
    server.files("/", argv[1]);
  return server.run();
}

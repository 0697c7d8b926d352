#include "troupe/server.hpp"

#include "tests/support/pond.hpp"

#include <csignal>
#include <cstdio>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

/// The server that process_test.cpp starts, limits and signals: an echo at "/raw" and
/// game rooms at "/game". It writes its port to stdout.
int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("child"));
  sigset_t signals; // a signal before run() must wait for it
  sigemptyset(&signals);
  for (const auto each : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&signals, each);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  troupe::server server{troupe::config::from_args(argc, argv)};
  server.endpoint("/raw", troupe::speaks::raw)
      .on_message([](troupe::connection& from, troupe::byte_view bytes, bool) {
        from.send_text(troupe::as_text(bytes));
      });
  server.rooms("/game").add(troupe::test::pond_kind());
  server.start();
  std::printf("%u\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  return server.run();
}

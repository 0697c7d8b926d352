#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "troupe/config.hpp"
#include "troupe/endpoint.hpp"
#include "troupe/game/rooms.hpp"

namespace troupe {

/// A Troupe server: endpoints for WebSockets, files for browsers, and the threads that run them.
///
///     troupe::server server{troupe::config::from_args(argc, argv)};
///     server.endpoint("/chat").on("sum", [](int a, int b) { return a + b; });
///     return server.run();
///
/// Several servers may live in one process; signals are handled by the one that runs first.
///
/// Threading:  set it up and call `run` on one thread; `stop` may be called on any thread while it
///             runs. See `endpoint` for what runs where.
/// Errors:     the constructor and `start` throw std::runtime_error with a full sentence.
class server {
public:
  explicit server(config settings);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// The endpoint at `path`; made on first use. A path that ends in "/*" takes every path below;
  /// exact paths win. `protocol` counts on first use only.
  troupe::endpoint& endpoint(std::string_view path, speaks protocol = speaks::native);

  /// The game rooms behind the endpoint at `path`, which speaks `troupe.v1`; made on first use.
  game::rooms& rooms(std::string_view path = "/rooms");

  /// Serves `content` at `path`; the type follows from the path's extension if it is empty.
  server& file(std::string path, std::string content, std::string content_type = {});
  /// Serves the JavaScript client below `prefix`: pages import "/client/troupe.js".
  server& browser_client(std::string_view prefix = "/client");
  /// Serves the browser script of the legacy iris protocol (`new Ws(url)`) at `path`, for endpoints
  /// whose messages begin with `prefix`. Throws std::invalid_argument if no endpoint's can.
  server& iris_script(std::string path, std::string_view prefix = "iris-websocket-message:");
  /// Serves the files below `directory` (loaded now) at `prefix`.
  server& files(std::string_view prefix, const std::filesystem::path& directory);

  const config& settings() const noexcept;

  /// Listens and starts the threads; returns at once.
  void start();
  /// `host:port` it listens on, with the real port. @pre started
  std::string address() const;
  std::uint16_t port() const;

  /// Starts if need be, and runs until SIGTERM, SIGINT or `stop`; then clients are told to go
  /// away (1001), what is queued is written, and everything ends within the drain time. A second
  /// signal ends the process at once. SIGHUP loads the TLS certificate again.
  /// @returns the exit status of the process: 0; 2 after printing why it could not start.
  int run();
  /// Ends `run` as SIGTERM does. Any thread; idempotent.
  void stop() noexcept;

private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace troupe

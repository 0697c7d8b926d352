#pragma once
#include "troupe/server.hpp"

#include <functional>

namespace troupe::test {

/// A configuration for tests: a free port, one shard, short deadlines.
config quick_config(std::size_t threads = 1);

/// A server in this process with an echo endpoint at "/raw", which most tests of the network
/// front need, and what the test adds. It listens after construction and ends with the object.
class running_server {
public:
  using set_up = std::function<void(server&)>;

  explicit running_server(const config& settings = quick_config(), const set_up& more = {});

  std::uint16_t port() const { return server_.port(); }
  server* operator->() noexcept { return &server_; }
  const server* operator->() const noexcept { return &server_; }

private:
  server server_;
};

/// Whether a good client is served: the question after every attack.
bool serves(const running_server& from);

} // namespace troupe::test

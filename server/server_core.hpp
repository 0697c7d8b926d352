#pragma once
#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "actors/runtime.hpp"
#include "net/admission.hpp"
#include "net/bad_network.hpp"
#include "net/listener.hpp"
#include "net/static_files.hpp"
#include "net/tls_context.hpp"
#include "server/front.hpp"

namespace troupe {

/// A running server: shards and their threads, actors, listener. Lives from `start` to the end of
/// `drain`.
///
/// Threading:  constructed and destroyed on one thread, not a shard's.
/// Errors:     the constructor throws std::runtime_error with a full sentence.
class server_core {
public:
  server_core(const config& settings, const std::vector<std::shared_ptr<endpoint>>& endpoints,
              const net::static_files& files, const http_routes& routes);
  ~server_core();

  const std::string& address() const noexcept { return address_; }
  std::uint16_t port() const noexcept { return port_; }

  /// Uses the certificate and key as they are on disk now, for connections from now on. A problem
  /// is logged and the old ones stay.
  void reload_tls();
  /// Stops accepting and tells everybody to go away.
  void begin_drain();
  /// Sockets that are still open.
  std::size_t connections() const {
    return std::max(admission_.total(), network_ ? network_->size() : 0);
  }

private:
  void add_endpoints(const std::vector<std::shared_ptr<endpoint>>& endpoints);
  void start_threads();
  void stop_threads();
  void on_accept(int descriptor);

  const config settings_;
  net::admission admission_;
  std::atomic<std::shared_ptr<const net::tls_context>> tls_{}; ///< null: plain
  std::unique_ptr<actors::runtime> shared_;
  http_calls calls_;
  std::vector<std::unique_ptr<front>> fronts_; ///< by shard
  std::unique_ptr<net::bad_network> network_;  ///< null: connections come as they are
  std::unique_ptr<net::listener> listener_;    ///< on the first shard
  std::vector<std::thread> threads_;
  std::string address_;
  std::uint16_t port_ = 0;
  std::size_t accepted_ = 0;
};

} // namespace troupe

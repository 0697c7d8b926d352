#pragma once
#include "net/bad_link.hpp"
#include "net/impairment.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace troupe::net {

/// A network that is bad on purpose, between clients and the server: it delays the bytes of
/// connections in both directions, whatever they mean.
///
/// The server gets one end of a local pair of sockets in place of what it has accepted, and bytes
/// are carried between the two. When a direction is full it is no longer read from, so that the
/// sender notices as with a real network.
///
/// Threading:  `run` belongs to one thread; everything else may be called on any.
/// Ownership:  owns the sockets of clients until both directions have ended.
/// Errors:     the constructor throws std::system_error (descriptors exhausted).
class bad_network {
public:
  explicit bad_network(const impairment& how);
  /// @pre `run` has returned
  ~bad_network();
  bad_network(const bad_network&) = delete;
  bad_network& operator=(const bad_network&) = delete;

  /// Takes a connected, non-blocking socket over.
  /// @returns what to serve in its place, or -1 without descriptors: the socket is closed then.
  int connect(int client);
  /// Connections that have not ended.
  std::size_t size() const noexcept { return size_; }

  /// Carries bytes until `stop`.
  void run();
  void stop() noexcept;

private:
  struct pair {
    int client;
    int server;
  };

  void take_new();
  void forget_ended();

  const impairment how_;
  bad_link::home home_;
  std::vector<std::unique_ptr<bad_link>> links_;
  std::uint64_t last_seed_ = 0;

  std::atomic<std::size_t> size_{0};
  std::atomic<bool> is_stopping_{false};
  std::mutex lock_; ///< guards the next
  std::vector<pair> new_;
};

} // namespace troupe::net

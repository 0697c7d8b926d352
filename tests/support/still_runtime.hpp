#pragma once
#include "actors/messages.hpp"
#include "actors/pinned_actor.hpp"
#include "actors/runtime.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::test {

/// Stands in front of a hub and writes down what it is sent.
class hub_probe final : public actors::pinned_actor {
public:
  hub_probe(caf::actor_config& config, actors::shard& home, caf::actor hub)
      : pinned_actor{config, home}, hub_{std::move(hub)} {}

  void enqueue(caf::strong_actor_ptr from, caf::message_id id, caf::message content,
               caf::execution_unit* unit) override;
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit* unit) override;

  std::size_t messages = 0;
  std::vector<actors::room_batch_ptr> batches;
  std::vector<actors::report_error> errors;

private:
  void note(const caf::type_erased_tuple& content);

  const caf::actor hub_;
};

/// A runtime without threads: its shards run on the test's thread, when the test says so.
class still_runtime {
public:
  explicit still_runtime(const config& settings = {}) : shared{settings} {}

  /// Before `start`.
  endpoint& add_endpoint(speaks protocol);
  void start(std::size_t shards);

  /// Puts a new connection of the first endpoint onto `shard`; it speaks `troupe.v1` if the endpoint
  /// does, or else sends raw messages. @returns the client's end.
  net::tcp_socket connect(std::size_t shard, bool is_compressed = false);
  net::tcp_socket connect(std::size_t shard, protocol::encoding how);

  /// Runs actors until none has anything to do; nothing is read from or written to sockets.
  void settle();
  /// Reads what clients sent and lets it take effect.
  void read();
  /// Writes what waits for clients.
  void write();

  void forget_messages();

  actors::runtime shared;
  std::vector<hub_probe*> hubs; ///< by shard
};

/// Everything that has arrived at a client's end.
std::string drain(net::tcp_socket& client);
void send_all(net::tcp_socket& client, std::string_view bytes);

} // namespace troupe::test

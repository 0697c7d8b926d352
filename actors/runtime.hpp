#pragma once
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "troupe/config.hpp"
#include "troupe/endpoint.hpp"
#include "troupe/ids.hpp"

#include "actors/shard.hpp"
#include "net/admission.hpp"
#include "net/upgrade.hpp"
#include "net/ws_connection.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

namespace troupe::actors {

/// An endpoint as the running server sees it.
struct endpoint_entry {
  std::size_t index = 0;
  std::shared_ptr<endpoint> rules;
  bool is_prefix = false; ///< path ends in "/*": every path below it
  net::ws_options options;
  net::upgrade_options upgrade;

  bool matches(std::string_view path) const noexcept;
};

/// What all actors of one server share, and their life from `start` to the end.
///
/// Threading:  built before the shards run and constant from then on; what it refers to says for
///             itself what may be called from where.
class runtime {
public:
  explicit runtime(const config& the_settings);
  /// @pre the shards' threads have ended
  ~runtime();
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  /// Makes the shards and the actors that are always there; nothing runs yet.
  void start(std::size_t shard_count);
  /// Tells every client to go away (1001). Any thread.
  void close_all();

  /// Connection ids say where the connection lives.
  std::size_t shard_of(connection_id id) const noexcept { return (id - 1) % shards.size(); }
  const caf::actor& hub_of(connection_id id) const noexcept { return hubs[shard_of(id)]; }

  /// The shard with the fewest connections and rooms.
  shard& least_loaded() const noexcept;
  endpoint_entry* find_endpoint(std::string_view path) noexcept;

  /// Sends an event of the server's code on endpoint `index`: any thread.
  void send_event(std::size_t index, connection_id sender, const audience& to,
                  std::string_view event, payload content, const delivery& how);

  const config settings;

private:
  std::unique_ptr<caf::actor_system_config> system_settings_;
  std::unique_ptr<caf::actor_system> system_;

public:
  std::vector<std::unique_ptr<shard>> shards;
  std::vector<caf::actor> hubs; ///< by shard
  std::vector<endpoint_entry> endpoints;
  caf::actor directory;
};

} // namespace troupe::actors

#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "troupe/config.hpp"
#include "troupe/endpoint.hpp"
#include "troupe/ids.hpp"

#include "actors/session_table.hpp"
#include "actors/shard.hpp"
#include "net/admission.hpp"
#include "net/upgrade.hpp"
#include "net/ws_connection.hpp"
#include "protocol/native.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

namespace troupe::actors {

struct recipients;

struct endpoint_entry;

/// A space as the running server sees it.
struct space_entry {
  std::size_t index = 0;
  space* rules = nullptr; ///< owned by the endpoint's rules
  protocol::dialect names;
  std::atomic<std::size_t> size{0}; ///< connections that are in
};

/// An endpoint as the running server sees it.
struct endpoint_entry {
  std::size_t index = 0;
  std::shared_ptr<endpoint> rules;
  space_entry* own = nullptr;                                     ///< the endpoint's own space
  std::map<std::string, space_entry*, std::less<>> spaces{}; ///< all of them, by name
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
  void start(std::size_t shard_count, std::size_t worker_count = 0);
  /// Lets the threads of all shards and workers come to their end. Any thread.
  void stop() noexcept;
  /// Runs what is still ready to run on them. @pre the shards' threads have ended
  void shut_down();
  /// Whether rooms may want to run on workers.
  bool needs_workers() const noexcept;
  /// Tells every client, or those of one endpoint, to go away (1001). Any thread.
  void close_all(const endpoint_entry* only = nullptr);

  /// Connection ids say where the connection lives.
  std::size_t shard_of(connection_id id) const noexcept { return (id - 1) % shards.size(); }
  const caf::actor& hub_of(connection_id id) const noexcept { return hubs[shard_of(id)]; }

  /// Where the room is to run: on the worker with the fewest rooms if it wants one, else on the
  /// shard with the fewest connections and rooms.
  shard& place_for(const room_rules& rules, std::string_view room) const;
  endpoint_entry* find_endpoint(std::string_view path) noexcept;

  /// Makes an endpoint and its spaces known. @pre nothing runs yet
  endpoint_entry& add(const std::shared_ptr<endpoint>& rules);
  /// Ends what `add` promised the rules: from now on they reach nobody.
  void unlink() noexcept;

  // -- for the server's code, on any thread ----

  void send_event(space_entry& in, connection_id sender, const audience& to, std::string_view event,
                  payload content, const delivery& how);
  /// Asks everybody whom `to` reaches; the first answer counts.
  void ask(space_entry& in, const audience& to, std::string_view event, payload content,
           std::chrono::milliseconds timeout, ask_answer done);
  /// Calls `run` for every connection that `to` reaches, on its shard.
  void visit(space_entry& in, const audience& to, std::function<void(connection&)> run);

  const config settings;
  session_table sessions;

private:
  template <class Run>
  void for_each_shard(Run run);
  space_entry& add_space(endpoint_entry& to, space& rules);
  template <class Message>
  void tell_hubs(const recipients& to, const Message& what);

  std::unique_ptr<caf::actor_system_config> system_settings_;
  std::unique_ptr<caf::actor_system> system_;

public:
  std::vector<std::unique_ptr<shard>> shards;
  std::vector<std::unique_ptr<shard>> workers; ///< run rooms alone: no connections, no hubs
  std::vector<caf::actor> hubs; ///< by shard
  std::deque<endpoint_entry> endpoints;
  std::deque<space_entry> spaces; ///< by index
  caf::actor directory;
};

} // namespace troupe::actors

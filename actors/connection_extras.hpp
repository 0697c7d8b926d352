#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "troupe/ask.hpp"
#include "troupe/values.hpp"

#include "actors/connection_session.hpp"
#include "actors/connection_state.hpp"
#include "actors/timer_set.hpp"

namespace troupe::actors {

/// A join that has been requested; what is sent to the room meanwhile waits for it, so that it
/// cannot overtake the join on another path.
struct pending_join {
  std::size_t space = 0; ///< index
  std::string room;
  std::vector<broadcast> held{};
  std::vector<outgoing_event> messages{}; ///< of a raw client that sent before it was in
  bool leaves_again = false;              ///< it was told to leave before it had joined
  bool is_early = false; ///< neffos: the client is not asked before it is in the space
};

/// The parts of a connection that many never use.
struct connection_state::extras {
  explicit extras(net::reactor& home) : timers{home} {}

  struct pending_ask {
    ask_answer done;
    timer_id timeout = 0;
  };

  value_store values;
  timer_set timers;
  std::unordered_map<std::uint64_t, pending_ask> asks;
  std::vector<pending_join> joins;
  std::vector<std::unique_ptr<scoped_connection>> scopes; ///< in other spaces than the own
  std::vector<std::shared_ptr<void>> ended; ///< scopes and their values, until handlers are done
  std::string client_id;
  std::uint64_t last_ask = 0;
  std::size_t malformed = 0; ///< malformed messages since `malformed_since`
  net::time_point malformed_since{};
  std::unique_ptr<connection_state::session> session; ///< of those that outlive their socket
};

} // namespace troupe::actors

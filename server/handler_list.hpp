#pragma once
#include <string>
#include <vector>

namespace troupe {

class endpoint;

/// What an application has registered at an endpoint, one line for each of its parts: hooks of
/// connections, and per space and kind of room the events with handlers and the hooks.
///
///     connections: on_open, on_close
///     space "default": events "say", "sum"; any event; on_joined
///     space "default", rooms "game:": events "move"; relays "say"; on_join
///
/// Parts without anything are left out.
std::vector<std::string> list_handlers(const endpoint& of);

} // namespace troupe

// A server with rooms of 8 for join_storm: storm_server HOST:PORT [TICKS_PER_S]
#include "troupe/server.hpp"

#include <cstdlib>

namespace {

/// Who joins is there, and that is all.
class hall : public troupe::game::room {
public:
  auto saved() { return std::tie(came_); }
  void on_join(troupe::game::player&, const troupe::game::options&) override { ++came_; }

private:
  std::uint64_t came_ = 0;
};

} // namespace

int main(int count, char** words) {
  troupe::config settings;
  settings.listen = count > 1 ? words[1] : "127.0.0.1:9100";
  settings.threads = 1;
  settings.limits.max_connections = settings.limits.max_connections_per_address = 0;
  const auto ticks = count > 2 ? static_cast<std::uint32_t>(std::atoi(words[2])) : 30;
  troupe::server server{settings};
  server.rooms().define<hall>("hall", {.max_players = 8, .tick_rate = ticks, .patch_rate = 1});
  return server.run();
}

#include "troupe/controller.hpp"
#include "troupe/server.hpp"

#include <atomic>
#include <cstdio>
#include <functional>
#include <string>

namespace {

/// A service that controllers are given. All shards use it at once.
class logger {
public:
  explicit logger(std::string prefix) : prefix_{std::move(prefix)} {}

  void write(const std::string& what) const {
    std::printf("%s: %s\n", prefix_.c_str(), what.c_str()); // one call is one line
    std::fflush(stdout);
  }

private:
  const std::string prefix_;
};

/// How many are there, and who says what. There is one for each client that has connected the
/// namespace, and it lives as long as the client stays in it.
class visits {
public:
  static constexpr std::string_view space = "chat";
  static constexpr auto events() { return troupe::event_list{troupe::event<&visits::chat>()}; }

  visits(const logger& log, std::atomic<int>& count) : log_{log}, count_{count} {}

  void on_connected(troupe::connection& c) {
    log_.write(std::string{c.client_id()} + " is here");
    c.to_all().emit("visit", ++count_);
  }
  void on_disconnect(troupe::connection& c) {
    log_.write(std::string{c.client_id()} + " has said " + std::to_string(said_) + " lines");
    c.to_others().emit("visit", --count_);
  }
  /// The event "chat": to the others in the room it was said in, or else to all others.
  void chat(troupe::connection& c, std::string_view line) {
    ++said_;
    const auto room = c.message().room;
    (room.empty() ? c.to_others() : c.to_others(room)).emit("chat", line);
  }

private:
  const logger& log_;
  std::atomic<int>& count_;
  int said_ = 0; // this client's alone, so it needs no lock
};

} // namespace

/// neffos' namespaces with a controller and an injected logger. Clients connect "chat" by name, and
/// "default" for what needs no controller.
int main(int argc, char** argv) {
  const logger log{"visits"};
  std::atomic<int> count{0};

  troupe::server server{troupe::config::from_args(argc, argv)};
  auto& endpoint = server.endpoint("/websocket", troupe::speaks::neffos);
  endpoint.client_ids([](const troupe::request& asked) {
    return std::string{asked.header("X-Username").value_or("somebody")};
  });
  endpoint.on("version", [] { return "1.0"; });
  troupe::mount(endpoint, troupe::per_connection<visits>(std::cref(log), std::ref(count)));
  return server.run();
}

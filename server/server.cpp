#include "troupe/server.hpp"

#include "net/static_files.hpp"
#include "server/handler_list.hpp"
#include "server/iris_script.hpp"
#include "server/recordings.hpp"
#include "server/room_board.hpp"
#include "server/server_core.hpp"
#include "server/signals.hpp"

#include "embedded/browser_client.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <utility>

namespace troupe {

struct server::implementation {
  explicit implementation(config given) : settings{std::move(given)} {
    if (!settings.record.empty())
      recordings = std::make_shared<game::recordings>(settings.record, settings.record_bytes);
  }

  const config settings;
  std::shared_ptr<game::recordings> recordings; ///< null: nothing is recorded
  std::vector<std::shared_ptr<troupe::endpoint>> endpoints;
  http_routes routes;
  std::map<std::string, game::rooms, std::less<>> rooms; ///< by path
  net::static_files files;
  stop_event stopping;
  std::unique_ptr<server_core> core;
};

server::server(config settings) {
  settings.validate();
  implementation_ = std::make_unique<implementation>(std::move(settings));
}

server::~server() = default;

endpoint& server::endpoint(std::string_view path, speaks protocol) {
  auto& all = implementation_->endpoints;
  auto found = std::find_if(all.begin(), all.end(), [path](auto& each) { return each->path() == path; });
  if (found != all.end())
    return **found;
  if (!path.starts_with('/'))
    throw std::invalid_argument{"the path of an endpoint starts with /: \"" + std::string{path} + "\""};
  auto made = std::make_shared<troupe::endpoint>(std::string{path}, protocol);
  // Exact paths come before those that take everything below.
  auto where = path.ends_with("/*") ? all.end() : all.begin();
  return **all.insert(where, std::move(made));
}

game::rooms& server::rooms(std::string_view path) {
  auto& self = *implementation_;
  if (auto found = self.rooms.find(path); found != self.rooms.end())
    return found->second;
  auto& made =
      self.rooms.try_emplace(std::string{path}, endpoint(path), self.routes, self.recordings)
          .first->second;
  if (self.settings.room_stats)
    self.routes.add(made.endpoint(), "GET", "/stats", [&made](const http_call&) {
      return http_result{.body = game::to_json(made.stats(), std::chrono::steady_clock::now())};
    });
  return made;
}

server& server::file(std::string path, std::string content, std::string content_type) {
  implementation_->files.add(std::move(path), std::move(content), std::move(content_type));
  return *this;
}

server& server::browser_client(std::string_view prefix) {
  for (const auto& each : embedded::browser_client())
    file(std::string{prefix} + "/" + std::string{each.path}, std::string{each.content});
  return *this;
}

server& server::iris_script(std::string path, std::string_view prefix) {
  return file(std::move(path), make_iris_script(prefix), "text/javascript; charset=utf-8");
}

server& server::files(std::string_view prefix, const std::filesystem::path& directory) {
  implementation_->files.add_directory(prefix, directory);
  return *this;
}

const config& server::settings() const noexcept {
  return implementation_->settings;
}

void server::start() {
  auto& self = *implementation_;
  if (self.core)
    return;
  auto descriptors = raise_descriptor_limit();
  if (self.recordings)
    self.recordings->start();
  self.core = std::make_unique<server_core>(self.settings, self.endpoints, self.files,
                                           self.routes);
  auto scheme = self.settings.tls_cert.empty() ? "http" : "https";
  spdlog::info("listening on {}://{} with up to {} file descriptors", scheme, self.core->address(),
               descriptors);
  for (auto& each : self.endpoints) {
    spdlog::info("  {} {}", each->path(), "WebSocket, " + to_string(each->protocols()));
    if (spdlog::should_log(spdlog::level::debug))
      for (auto& line : list_handlers(*each))
        spdlog::debug("    {}", line);
  }
  if (self.files.size() != 0)
    spdlog::info("  {} files for browsers", self.files.size());
}

std::string server::address() const {
  return implementation_->core->address();
}

std::uint16_t server::port() const {
  return implementation_->core->port();
}

int server::run() {
  auto& self = *implementation_;
  signal_watch signals{self.stopping};
  try {
    start();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "troupe: %s\n", error.what());
    return 2;
  }
  while (true) {
    auto what = signals.wait();
    if (what == signal_kind::reload)
      self.core->reload_tls();
    else
      break;
  }
  spdlog::info("shutting down: clients are told to go away");
  auto deadline = std::chrono::steady_clock::now() + self.settings.drain_timeout;
  self.core->begin_drain();
  while (self.core->connections() != 0 && std::chrono::steady_clock::now() < deadline)
    if (signals.wait(std::chrono::milliseconds{5}) == signal_kind::stop)
      std::_Exit(1);
  if (auto left = self.core->connections(); left != 0)
    spdlog::warn("{} connections did not end in time", left);
  self.core.reset();
  return 0;
}

void server::stop() noexcept {
  implementation_->stopping.set();
}

} // namespace troupe

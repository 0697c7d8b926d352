#include "troupe/server.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

namespace {

constexpr auto page = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>File</title>
<pre id="text"></pre>
<script src="/watch.js"></script>
</html>
)";

constexpr auto script = R"(const scheme = location.protocol === "https:" ? "wss://" : "ws://";
new WebSocket(scheme + location.host + "/ws").onmessage = (message) => {
  document.getElementById("text").textContent = message.data;
};
)";

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

/// Whether the file has changed since `last`, which is then the time of the change.
bool has_changed(const std::filesystem::path& path, std::filesystem::file_time_type& last) {
  std::error_code missing; // a file that is being replaced is missing for a moment
  const auto changed = std::filesystem::last_write_time(path, missing);
  return !missing && std::exchange(last, changed) != changed;
}

} // namespace

/// Shows a file in the browser, and shows it again whenever it changes: file_watch FILE [options].
///
/// One room looks at the file for all who watch; nobody does while nobody watches. Files that take
/// long to read would belong on a thread of their own.
int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  if (argc < 2)
    return std::fputs("usage: file_watch FILE [options of the server]\n", stderr), 2;
  const std::filesystem::path path = argv[1];

  troupe::server server{troupe::config::from_args(argc - 1, argv + 1)};
  server.file("/", page, "text/html; charset=utf-8");
  server.file("/watch.js", script);

  auto& watchers = server.endpoint("/ws", troupe::speaks::raw);
  watchers.on_connect([](troupe::connection& c) { c.join("file"); });
  watchers.on_joined(
      [path](troupe::connection& c, std::string_view, troupe::cause) { c.send_text(read(path)); });
  watchers.rooms("file").on_create([path](troupe::room& r) {
    has_changed(path, r.value<std::filesystem::file_time_type>());
    r.every(100ms, [&r, path] {
      if (has_changed(path, r.value<std::filesystem::file_time_type>()))
        r.emit("changed", troupe::make_text(read(path)));
    });
  });
  return server.run();
}

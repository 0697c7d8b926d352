#include "tools/serve.hpp"

#include "troupe/server.hpp"

namespace troupe {

namespace {

constexpr std::string_view room_prefix = "/rooms/";

void echo(connection& from, byte_view bytes, bool is_text) {
  if (is_text)
    from.send_text(as_text(bytes));
  else
    from.send_binary(bytes);
}

speaks protocols_at(std::string_view path) {
  if (path == "/native")
    return speaks::native;
  return path == "/neffos" ? speaks::neffos : speaks::native | speaks::neffos | speaks::iris;
}

} // namespace

void add_bench(server& to) {
  auto period = to.settings().bench_flush;
  to.endpoint("/echo", speaks::raw).without_rate_limits().on_message(echo);

  auto& all = to.endpoint("/ws", speaks::raw).without_rate_limits();
  all.on_connect([](connection& c) { c.join("all"); });
  all.rooms().relay_everything().presence(false).flush_every(period);

  auto& rooms = to.endpoint("/rooms/*", speaks::raw).without_rate_limits();
  rooms.on_connect([](connection& c) { c.join(c.request().path().substr(room_prefix.size())); });
  rooms.rooms().relay_everything().presence(false).flush_every(period);

  for (auto path : {"/native", "/neffos", "/mixed"}) {
    auto& any = to.endpoint(path, protocols_at(path)).without_rate_limits();
    any.on("echo", [](const payload_view& content) { return make_payload(content); });
    any.rooms().relay_everything().presence(false).flush_every(period);
  }
}

} // namespace troupe

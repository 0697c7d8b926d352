#include "server/front.hpp"

#include "actors/start_connection.hpp"
#include "net/http_response.hpp"
#include "net/upgrade.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace troupe {

namespace {

using decision = std::variant<net::http_reply, net::upgrade_answer>;

net::wall_time now() {
  return std::chrono::system_clock::now();
}

decision refuse(int status, std::string reason) {
  return net::refusal_reply({.status = status, .reason = std::move(reason)}, now());
}

/// What `upgrade` decided, found again in `on_upgraded`.
struct accepted {
  actors::endpoint_entry* endpoint;
  std::string identity;
};

} // namespace

front::front(actors::shard& home, actors::runtime& shared, const net::static_files& files)
  : home_{home}, shared_{shared}, files_{files} {}

front::~front() = default;

void front::accept(net::tcp_socket socket, std::optional<net::admission_ticket> ticket) {
  auto is_turned_away = !ticket;
  if (is_closed_ || (is_turned_away && turned_away_ == max_turned_away))
    return;
  try {
    auto made = std::make_unique<net::http_connection>(home_.reactor(), std::move(socket),
                                                       std::move(ticket), *this,
                                                       shared_.settings.limits);
    auto* connection = made.get();
    connections_.emplace(connection, pending{std::move(made), is_turned_away});
    turned_away_ += is_turned_away ? 1 : 0;
    connection->start();
  } catch (const std::exception& error) {
    spdlog::error("cannot serve a new connection: {}", error.what());
  }
}

void front::close() {
  is_closed_ = true;
  connections_.clear();
}

void front::on_done(net::http_connection& connection) noexcept {
  auto found = connections_.find(&connection);
  if (found == connections_.end())
    return;
  if (found->second.is_turned_away)
    --turned_away_;
  connections_.erase(found);
}

decision front::answer(const request& asked) noexcept {
  try {
    return decide(asked);
  } catch (const std::exception& error) {
    spdlog::error("answering {} failed: {}", asked.path(), error.what());
  } catch (...) {
    spdlog::error("answering {} failed", asked.path());
  }
  return refuse(500, "The server failed to answer this request.");
}

decision front::decide(const request& asked) {
  auto* endpoint = shared_.find_endpoint(asked.path());
  if (endpoint != nullptr && net::is_websocket_upgrade(asked))
    return upgrade(asked, *endpoint);
  if (asked.path() == "/healthz")
    return net::text_reply(asked, 200, "ok", now());
  if (auto file = files_.respond(asked, now()))
    return std::move(*file);
  if (endpoint != nullptr)
    return upgrade(asked, *endpoint);
  return refuse(404, "There is nothing at this path.");
}

decision front::upgrade(const request& asked, actors::endpoint_entry& endpoint) {
  auto checked = net::check_upgrade(asked, endpoint.upgrade);
  if (checked.refused)
    return net::refusal_reply(*checked.refused, now());
  if (endpoint.rules->protocol() == speaks::native && checked.subprotocol.empty())
    return refuse(400, "This endpoint speaks troupe.v1: offer it in Sec-WebSocket-Protocol.");
  auto judged = endpoint.rules->authorizer ? endpoint.rules->authorizer(asked)
                                             : authorization::accept();
  if (judged.status != 101)
    return refuse(judged.status, judged.text);
  auto bytes = net::switching_protocols(checked, judged.fields, now());
  if (!bytes) {
    spdlog::error("authorize of {} gave a header field that cannot be sent", endpoint.rules->path());
    return refuse(500, "The server failed to answer this request.");
  }
  return net::upgrade_answer{
    .bytes = std::move(*bytes),
    .compression = !checked.extensions.empty(),
    .context = std::make_shared<accepted>(accepted{&endpoint, std::move(judged.text)})};
}

void front::on_upgraded(net::upgraded_socket from) noexcept {
  try {
    auto& context = *std::static_pointer_cast<accepted>(from.answer.context);
    actors::start_connection(home_, shared_,
                             {.socket = std::move(from.socket),
                              .request = std::move(from.asked),
                              .ticket = std::move(from.ticket),
                              .endpoint = context.endpoint,
                              .identity = std::move(context.identity),
                              .is_compressed = from.answer.compression},
                             from.early);
  } catch (const std::exception& error) {
    spdlog::error("cannot start a connection: {}", error.what());
  }
}

} // namespace troupe

#include "server/front.hpp"

#include "actors/start_connection.hpp"
#include "net/http_response.hpp"
#include "net/upgrade.hpp"
#include "net/url_headers.hpp"
#include "protocol/resume.hpp"
#include "server/judge.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <optional>
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
  std::optional<protocol::wire> speaks;
  protocol::session_outcome session = protocol::session_outcome::none;
  std::optional<actors::resume_claim> claim{};
};

/// What the client offers in Sec-WebSocket-Protocol; the last offer counts.
std::optional<protocol::resume_offer> find_offer(const request& asked) {
  std::optional<protocol::resume_offer> found;
  for (const auto offer : asked.subprotocols())
    if (const auto read = protocol::read_resume_offer(offer))
      found = read;
  return found;
}

/// The session that an offer is about; nothing if its token is not known.
std::optional<actors::session_table::entry> find_session(const actors::runtime& shared,
                                                         const protocol::resume_offer& offer) {
  return offer.token.empty() ? std::nullopt
                             : shared.sessions.find(actors::hash_token(offer.token));
}

/// Prepares the session that the client wants. It goes on only with the compression that it had.
void choose_session(const actors::runtime& shared, const request& asked,
                    net::upgrade_result& agreed, accepted& to) {
  const auto offer = find_offer(asked);
  if (!offer)
    return;
  to.session = offer->token.empty() ? protocol::session_outcome::fresh
                                    : protocol::session_outcome::resync;
  const auto known = find_session(shared, *offer);
  if (!known || (known->is_compressed && agreed.extensions.empty()))
    return;
  if (!known->is_compressed)
    agreed.extensions.clear();
  to.claim = {known->id, actors::hash_token(offer->token), offer->received,
              offer->attempt};
}

/// Nothing: the first message tells.
std::optional<protocol::wire> what_is_spoken(const endpoint& rules, std::string_view subprotocol) {
  if (subprotocol == protocol::native_protocol)
    return protocol::wire::native;
  switch (static_cast<speaks>(static_cast<unsigned>(rules.protocols())
                              & ~static_cast<unsigned>(speaks::native))) {
    case speaks::raw:
      return protocol::wire::raw;
    case speaks::neffos:
      return protocol::wire::neffos;
    case speaks::iris:
      return protocol::wire::iris;
    default:
      return std::nullopt;
  }
}

/// The status that a HEAD for an endpoint gets. neffos.js asks so whether a server is back, and
/// takes any answer for a yes; this is the one it is used to.
constexpr int endpoint_is_here = 302;

upgrade_error own_failure() {
  return {500, "The server failed to answer this request.", upgrade_problem::failed};
}

} // namespace

front::front(actors::shard& home, actors::runtime& shared, const net::static_files& files,
             http_calls& calls)
  : home_{home}, shared_{shared}, files_{files}, calls_{calls} {}

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
  std::erase_if(connections_, [](auto& each) {
    return each.second.is_turned_away || each.second.connection->is_idle();
  });
}

void front::on_done(net::http_connection& connection) noexcept {
  auto found = connections_.find(&connection);
  if (found == connections_.end())
    return;
  if (found->second.is_turned_away)
    --turned_away_;
  connections_.erase(found);
}

std::optional<net::http_reply> front::refuse_body(request& asked, std::size_t size,
                                                  bool is_admitted) noexcept {
  try {
    if (!is_closed_ && is_admitted && calls_.has(asked.path()))
      return calls_.refuse_body(asked, size);
  } catch (const std::exception& error) {
    spdlog::error("refusing {} failed: {}", asked.path(), error.what());
  }
  return std::get<net::http_reply>(answer(asked, {}, is_admitted)); // no upgrade has a body
}

decision front::answer(request& asked, std::string_view body, bool is_admitted) noexcept {
  try {
    if (is_closed_)
      return refuse(503, "The server is shutting down.");
    if (!is_admitted && !has_place(asked))
      return refuse(503, "The server has too many connections.");
    return decide(asked, body);
  } catch (const std::exception& error) {
    spdlog::error("answering {} failed: {}", asked.path(), error.what());
  } catch (...) {
    spdlog::error("answering {} failed", asked.path());
  }
  return refuse(500, "The server failed to answer this request.");
}

bool front::has_place(const request& asked) const {
  const auto offer = find_offer(asked);
  return offer && find_session(shared_, *offer);
}

decision front::decide(request& asked, std::string_view body) {
  auto* endpoint = shared_.find_endpoint(asked.path());
  bool is_head = asked.method() == "HEAD";
  bool is_get = asked.method() == "GET";
  if (calls_.has(asked.path()) && !(is_get && net::is_websocket_upgrade(asked)))
    return calls_.answer(asked, body);
  if (!is_head && !is_get)
    return refuse(405, "Only GET and HEAD are answered at this path.");
  if (endpoint != nullptr && endpoint->rules->is_shut_down())
    return refuse(503, "This endpoint was shut down.");
  if (endpoint != nullptr && !is_head && net::is_websocket_upgrade(asked))
    return upgrade(asked, *endpoint);
  if (asked.path() == "/healthz")
    return net::text_reply(asked, 200, "ok", now());
  if (auto file = files_.respond(asked, now()))
    return std::move(*file);
  if (endpoint != nullptr)
    return is_head ? net::head_reply(asked, endpoint_is_here, now()) : upgrade(asked, *endpoint);
  return refuse(404, "There is nothing at this path.");
}

decision front::upgrade(request& asked, actors::endpoint_entry& endpoint) {
  auto& rules = *endpoint.rules;
  auto fail = [&](const upgrade_error& why) {
    return net::fail_upgrade(asked, why, endpoint.upgrade.on_failure, now());
  };
  if (auto complete = net::add_url_headers(asked, endpoint.upgrade.from_url))
    asked = std::move(*complete);
  auto checked = net::check_upgrade(asked, endpoint.upgrade);
  if (checked.refused)
    return fail(*checked.refused);
  if (rules.protocols() == speaks::native && checked.subprotocol != protocol::native_protocol)
    return fail({400, "This endpoint speaks troupe.v1: offer it in Sec-WebSocket-Protocol.",
                 upgrade_problem::subprotocol});
  asked.choose_subprotocol(checked.subprotocol);
  auto judged = judge(rules, asked);
  if (!judged)
    return fail(own_failure());
  if (judged->status != 101)
    return fail({judged->status, judged->text, upgrade_problem::unauthorized});
  accepted context{&endpoint, std::move(judged->text), what_is_spoken(rules, checked.subprotocol)};
  if (rules.sessions && context.speaks == protocol::wire::native)
    choose_session(shared_, asked, checked, context);
  auto fields = endpoint.upgrade.fields;
  fields.insert(fields.end(), judged->fields.begin(), judged->fields.end());
  auto bytes = net::switching_protocols(checked, fields, now());
  if (!bytes) {
    spdlog::error("authorize of {} gave a header field that cannot be sent", rules.path());
    return fail(own_failure());
  }
  return net::upgrade_answer{
    .bytes = std::move(*bytes),
    .compression = !checked.extensions.empty(),
    .timeout = endpoint.upgrade.timeout,
    .greets = context.speaks == protocol::wire::native ? net::more_to_come::yes
                                                       : net::more_to_come::no,
    .context = std::make_shared<accepted>(std::move(context))};
}

void front::on_upgraded(net::upgraded_socket from) noexcept {
  if (is_closed_)
    return; // everybody else was told to go away already
  try {
    auto& context = *std::static_pointer_cast<accepted>(from.answer.context);
    if (!from.ticket && !context.claim)
      return; // its session has ended meanwhile, and the server is full
    actors::accepted_connection made{.socket = std::move(from.socket),
                                     .request = std::move(from.asked),
                                     .ticket = std::move(from.ticket),
                                     .endpoint = context.endpoint,
                                     .identity = std::move(context.identity),
                                     .speaks = context.speaks,
                                     .is_compressed = from.answer.compression,
                                     .session = context.session,
                                     .claim = context.claim};
    if (made.claim)
      actors::resume_connection(shared_, std::move(made), from.early);
    else
      actors::start_connection(home_, shared_, std::move(made), from.early);
    if (context.endpoint->rules->is_shut_down())
      shared_.close_all(context.endpoint); // it came between the 503s and the farewell
  } catch (const std::exception& error) {
    spdlog::error("cannot start a connection: {}", error.what());
  }
}

} // namespace troupe

#include "server/server_core.hpp"

#include "protocol/native.hpp"
#include "server/endpoint_limits.hpp"
#include "server/signals.hpp"
#include "server/simulate.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

std::size_t count_threads(std::size_t wanted) {
  return wanted != 0 ? wanted : std::max(std::thread::hardware_concurrency(), 1U);
}

std::shared_ptr<const net::tls_context> load_tls(const config& settings) {
  if (settings.tls_cert.empty())
    return nullptr;
  return std::make_shared<const net::tls_context>(settings.tls_cert, settings.tls_key);
}

std::unique_ptr<net::bad_network> make_network(const config& settings) {
  if (settings.simulate.empty())
    return nullptr;
  spdlog::warn("connections are impaired on purpose: {}", settings.simulate);
  return std::make_unique<net::bad_network>(parse_impairment(settings.simulate, {{}, "simulate"}));
}

/// Protocols with messages of their own cannot read those in parts.
void check_frames(const endpoint& rules) {
  if (rules.frames.part && rules.protocols() != speaks::raw)
    throw std::runtime_error{"The endpoint " + rules.path()
                             + " takes messages in parts, so it must speak nothing but raw."};
  if (rules.frames.packing && !rules.frames.packing->is_valid())
    throw std::runtime_error{"The endpoint " + rules.path()
                             + " wants a level of compression that is none of -2 to 9."};
}

net::ws_options make_options(const config& settings, const endpoint& rules) {
  auto limits = apply(rules.own_limits, settings.limits, rules.path());
  if (!rules.is_rate_limited)
    limits.messages_per_s = limits.bytes_per_s = 0;
  return {.limits = limits,
          .reader = {.max_message_bytes = limits.message_bytes,
                     .max_fragments = limits.fragments,
                     .in_parts = rules.frames.part != nullptr},
          .packing = rules.frames.packing.value_or(compression{}),
          .handles_ping = rules.frames.ping != nullptr,
          .handles_close = rules.frames.close_frame != nullptr};
}

/// `troupe.v1` where it is spoken and offered, else what the application wants.
subprotocol_choice choose_subprotocols(const endpoint& rules) {
  if (!includes(rules.protocols(), speaks::native))
    return rules.opening.subprotocols;
  return subprotocol_choice::by([own = rules.opening.subprotocols](auto& asked, auto& offers) {
    auto native = std::find(offers.begin(), offers.end(), protocol::native_protocol);
    return native != offers.end() ? std::string{*native} : own.choose(asked, offers);
  });
}

std::vector<net::extra_header> response_headers(const endpoint& rules) {
  for (auto& field : rules.opening.response_headers)
    if (!net::is_allowed_header(field))
      throw std::runtime_error{"The endpoint " + rules.path() + " cannot send the response header \""
                               + field.first + "\"."};
  return rules.opening.response_headers;
}

net::upgrade_options make_upgrade(const config& settings, const endpoint& rules) {
  net::upgrade_options result;
  result.subprotocols = choose_subprotocols(rules);
  result.from_url = rules.opening.from_url;
  result.fields = response_headers(rules);
  result.on_failure = {.seen = rules.opening.on_error, .write = rules.opening.write_error};
  result.timeout = rules.own_limits.handshake_timeout.value_or(std::chrono::milliseconds{0});
  if (rules.allowed_origins)
    result.origins = *rules.allowed_origins;
  else if (!settings.origins.empty())
    result.origins = origin_policy::list(settings.origins);
  result.deflate = rules.own_limits.compression.value_or(settings.compression);
  return result;
}

/// Events that only rooms handle get numbers too.
void register_room_events(space& rules) {
  for (auto& [prefix, room] : rules.room_kinds) {
    for (auto& [event, handler] : room.handlers)
      rules.register_name(event);
    for (auto& [event, to_all] : room.relayed)
      rules.register_name(event);
  }
}

void run_shard(actors::shard& home) {
  block_signals();
  try {
    home.run();
    net::end_tls_thread();
  } catch (const std::exception& error) {
    spdlog::critical("shard {} ended: {}", home.index(), error.what());
    std::terminate();
  }
}

} // namespace

server_core::server_core(const config& settings,
                         const std::vector<std::shared_ptr<endpoint>>& endpoints,
                         const net::static_files& files, const http_routes& routes)
  : settings_{settings},
    admission_{settings.limits.max_connections, settings.limits.max_connections_per_address},
    tls_{load_tls(settings)},
    shared_{std::make_unique<actors::runtime>(settings)},
    calls_{routes, *shared_},
    network_{make_network(settings)} {
  std::signal(SIGPIPE, SIG_IGN); // TLS writes would raise it
  add_endpoints(endpoints);
  shared_->start(count_threads(settings_.threads),
                 shared_->needs_workers() ? count_threads(settings_.workers) : 0);
  for (auto& shard : shared_->shards)
    fronts_.push_back(std::make_unique<front>(*shard, *shared_, files, calls_));
  listener_ = std::make_unique<net::listener>(shared_->shards[0]->reactor(), settings_.listen,
                                              [this](int descriptor) { on_accept(descriptor); });
  address_ = listener_->address();
  port_ = listener_->port();
  start_threads();
}

void server_core::add_endpoints(const std::vector<std::shared_ptr<endpoint>>& endpoints) {
  for (auto& rules : endpoints) {
    register_room_events(*rules);
    for (auto& [name, space] : rules->spaces())
      register_room_events(*space);
    auto& entry = shared_->add(rules);
    check_frames(*rules);
    entry.options = make_options(settings_, *rules);
    entry.upgrade = make_upgrade(settings_, *rules);
  }
}

void server_core::start_threads() {
  if (network_)
    threads_.emplace_back([this] {
      block_signals();
      network_->run();
    });
  for (auto& shard : shared_->shards)
    threads_.emplace_back([&shard] { run_shard(*shard); });
  for (auto& worker : shared_->workers)
    threads_.emplace_back([&worker] {
      actors::give_way();
      run_shard(*worker);
    });
}

void server_core::on_accept(int descriptor) {
  auto& shard = *shared_->shards[accepted_++ % shared_->shards.size()];
  auto ticket = std::make_shared<std::optional<net::admission_ticket>>(
    admission_.admit(net::peer_endpoint(descriptor).address));
  if (network_)
    descriptor = network_->connect(descriptor);
  if (descriptor < 0)
    return;
  shard.post([this, descriptor, ticket, &shard] {
    auto tls = tls_.load();
    net::tcp_socket socket{descriptor, tls.get()};
    fronts_[shard.index()]->accept(std::move(socket), std::move(*ticket));
  });
}

void server_core::reload_tls() {
  if (settings_.tls_cert.empty())
    return spdlog::info("there is nothing to reload: TLS is off");
  try {
    tls_.store(load_tls(settings_));
    spdlog::info("loaded the TLS certificate {} again", settings_.tls_cert);
  } catch (const std::exception& error) {
    spdlog::error("kept the old TLS certificate: {}", error.what());
  }
}

void server_core::begin_drain() {
  shared_->shards[0]->post([this] { listener_.reset(); });
  for (std::size_t i = 0; i < fronts_.size(); ++i)
    shared_->shards[i]->post([this, i] { fronts_[i]->close(); });
  shared_->close_all();
}

void server_core::stop_threads() {
  shared_->stop();
  if (network_)
    network_->stop();
  for (auto& thread : threads_)
    thread.join();
}

server_core::~server_core() {
  stop_threads();
  shared_->shut_down(); // what was posted at the last moment still finds fronts and listener
  listener_.reset();
  fronts_.clear();
  shared_->unlink();
}

} // namespace troupe

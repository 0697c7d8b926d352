#include "troupe/neffos_client.hpp"

#include "net/neffos_runner.hpp"

namespace troupe {
namespace {

/// A future, and the function that fulfils it.
std::pair<std::future<neffos_space::outcome>, neffos_space::done> promised() {
  auto promise = std::make_shared<std::promise<neffos_space::outcome>>();
  return {promise->get_future(),
          [promise](neffos_space::outcome it) { promise->set_value(std::move(it)); }};
}

} // namespace

neffos_client::neffos_client(client_options options)
    : runner_(std::make_unique<net::neffos_runner>(std::move(options))) {}

neffos_client::~neffos_client() = default;

neffos_space& neffos_client::space(std::string_view name) {
  return runner_->space(name);
}

client_status neffos_client::connect() {
  return runner_->link().connect();
}

void neffos_client::start() {
  runner_->link().start();
}

void neffos_client::close(std::uint16_t code, std::string reason) {
  runner_->close(code, std::move(reason));
}

bool neffos_client::is_open() const {
  return runner_->link().is_open();
}

std::string neffos_client::id() const {
  return runner_->id();
}

void neffos_client::on_open(std::function<void(std::string_view)> handler) {
  runner_->hooks.open = std::move(handler);
}

void neffos_client::on_close(
    std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> handler) {
  runner_->hooks.closed = std::move(handler);
}

void neffos_client::on_error(std::function<void(errc, std::string_view)> handler) {
  runner_->hooks.error = std::move(handler);
}

// -- a namespace ----------------------------------------------------------------

void neffos_space::connect(done run) {
  runner_.connect(*this, std::move(run));
}

std::future<neffos_space::outcome> neffos_space::connect_future() {
  auto [future, run] = promised();
  connect(std::move(run));
  return std::move(future);
}

void neffos_space::disconnect(done run) {
  runner_.disconnect(*this, std::move(run));
}

std::future<neffos_space::outcome> neffos_space::disconnect_future() {
  auto [future, run] = promised();
  disconnect(std::move(run));
  return std::move(future);
}

bool neffos_space::is_connected() const {
  return runner_.membership().is_connected(name_);
}

bool neffos_space::wait_server_connect(std::chrono::milliseconds limit) const {
  return runner_.membership().wait_connected(name_, limit);
}

void neffos_space::join(std::string_view room, done run) {
  runner_.join(*this, room, std::move(run));
}

std::future<neffos_space::outcome> neffos_space::join_future(std::string_view room) {
  auto [future, run] = promised();
  join(room, std::move(run));
  return std::move(future);
}

void neffos_space::leave(std::string_view room, done run) {
  runner_.leave(*this, room, std::move(run));
}

std::future<neffos_space::outcome> neffos_space::leave_future(std::string_view room) {
  auto [future, run] = promised();
  leave(room, std::move(run));
  return std::move(future);
}

void neffos_space::leave_all() {
  for (const auto& room : rooms())
    leave(room);
}

bool neffos_space::is_member(std::string_view room) const {
  return runner_.membership().is_member(name_, room);
}

std::vector<std::string> neffos_space::rooms() const {
  return runner_.membership().rooms(name_);
}

errc neffos_space::send_event(std::string_view room, std::string_view event,
                              const payload& content) {
  return runner_.emit(name_, room, event, content);
}

void neffos_space::send_ask(std::string_view event, const payload& content,
                            std::chrono::milliseconds timeout, ask_answer run) {
  runner_.ask(name_, event, content, timeout, std::move(run));
}

} // namespace troupe

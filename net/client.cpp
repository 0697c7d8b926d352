#include "troupe/client.hpp"

#include "net/client_runner.hpp"
#include "protocol/resume.hpp"

namespace troupe {
namespace {

using net::client_state;
using std::chrono::steady_clock;

static_assert(client::close_for_now == static_cast<std::uint16_t>(protocol::comes_back));

/// Takes the answer of a question about a room to `done`, which wants a `T` that `make` makes.
template <class T, class Make>
client_state::waiter room_waiter(std::function<void(result<T, ask_error>)> done, Make make) {
  return [done = std::move(done), make = std::move(make)](const reply& answer) {
    if (!done)
      return;
    if (answer)
      done(make());
    else
      done(ask_error{answer.code, answer.text});
  };
}

} // namespace

client::client(client_options options)
    : runner_(std::make_unique<net::client_runner>(std::move(options))) {}

client::~client() = default;

client_status client::connect() {
  return runner_->link().connect();
}

void client::start() {
  runner_->link().start();
}

void client::close(std::uint16_t code, std::string reason) {
  runner_->link().close(code, std::move(reason));
}

bool client::is_open() const {
  return runner_->state().is_open();
}

server_info client::info() const {
  return runner_->state().info();
}

// -- sending ------------------------------------------------------------------

errc client::send_event(std::string_view event, const payload& content, const delivery& how) {
  const auto verdict = runner_->state().emit(event, content, how);
  runner_->wake();
  return verdict;
}

errc client::send_room_event(std::string_view room, std::string_view event, const payload& content,
                             const delivery& how) {
  const auto verdict = runner_->state().publish(room, event, content, how);
  runner_->wake();
  return verdict;
}

void client::send_ask(std::string_view event, const payload& content, ask_answer done) {
  client_state::waiter waiter = [done = std::move(done)](const reply& answer) {
    if (answer)
      done(payload_view{answer.content});
    else
      done(ask_error{answer.code, answer.text});
  };
  runner_->question(std::move(waiter), [&](auto& state, auto& waiting, auto deadline) {
    return state.ask(event, content, waiting, deadline);
  });
}

void client::send_join(std::string_view room, const payload& content, join_answer done) {
  auto find = [this, name = std::string{room}] {
    return runner_->state().room(name).value_or(room_info{.name = name});
  };
  auto waiter = room_waiter<room_info>(std::move(done), std::move(find));
  runner_->question(std::move(waiter), [&](auto& state, auto& waiting, auto deadline) {
    if (content.kind != content_kind::arguments)
      return errc::bad_arguments;
    return state.join(room, content.bytes, waiting, deadline);
  });
}

void client::leave(std::string_view room, leave_answer done) {
  auto waiter = room_waiter<std::monostate>(std::move(done), [] { return std::monostate{}; });
  runner_->question(std::move(waiter), [&](auto& state, auto& waiting, auto deadline) {
    return state.leave(room, waiting, deadline);
  });
}

void client::rejoin_with(std::string_view room, const payload& content) {
  runner_->state().rejoin_with(room, content.bytes);
}

// -- looking ------------------------------------------------------------------

std::optional<room_info> client::room(std::string_view name) const {
  return runner_->state().room(name);
}

std::vector<std::string> client::rooms() const {
  return runner_->state().rooms();
}

std::optional<std::chrono::system_clock::time_point> client::server_time() const {
  const auto estimate = runner_->state().clock();
  if (!estimate.is_known())
    return std::nullopt;
  const auto local =
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now().time_since_epoch());
  return std::chrono::system_clock::time_point{local + estimate.offset()};
}

std::optional<std::chrono::microseconds> client::round_trip() const {
  const auto estimate = runner_->state().clock();
  return estimate.is_known() ? std::optional{estimate.round_trip()} : std::nullopt;
}

// -- handlers -------------------------------------------------------------------

void client::set_handler(std::string_view event, bool in_rooms, event_handler handler) {
  runner_->handlers().update([&](net::client_handlers& all) {
    auto& table = in_rooms ? all.room_events : all.events;
    table.insert_or_assign(std::string{event}, std::move(handler));
  });
}

void client::listen(std::string_view room, std::weak_ptr<room_listener> listener) {
  runner_->handlers().update([&](net::client_handlers& all) {
    std::erase_if(all.listeners, [](const auto& each) { return each.second.expired(); });
    all.listeners.insert_or_assign(std::string{room}, std::move(listener));
  });
}

void client::on_any(std::function<void(const incoming&)> handler) {
  runner_->handlers().update([&](auto& all) { all.on_any = std::move(handler); });
}

void client::on_open(std::function<void(const server_info&)> handler) {
  runner_->handlers().update([&](auto& all) { all.on_open = std::move(handler); });
}

void client::on_resume(std::function<void(const server_info&)> handler) {
  runner_->handlers().update([&](auto& all) { all.on_resume = std::move(handler); });
}

void client::on_close(
    std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> handler) {
  runner_->handlers().update([&](auto& all) { all.on_close = std::move(handler); });
}

void client::on_error(std::function<void(errc, std::string_view)> handler) {
  runner_->handlers().update([&](auto& all) { all.on_error = std::move(handler); });
}

void client::on_room_change(std::function<void(const room_change&)> handler) {
  runner_->handlers().update([&](auto& all) { all.on_room_change = std::move(handler); });
}

} // namespace troupe

#include "actors/scoped_connection.hpp"

#include "actors/connection_state.hpp"

#include <utility>

namespace troupe::actors {

void scoped_connection::set_connected(bool is_connected) noexcept {
  if (is_connected_ == is_connected)
    return;
  is_connected_ = is_connected;
  space_.size.fetch_add(is_connected ? 1 : std::size_t{0} - 1, std::memory_order_relaxed);
}

// -- what all spaces share ----------------------------------------------------

connection_id scoped_connection::id() const noexcept {
  return socket_.id();
}

std::string_view scoped_connection::client_id() const {
  return socket_.client_id();
}

const troupe::request& scoped_connection::request() const noexcept {
  return socket_.request();
}

std::string_view scoped_connection::identity() const noexcept {
  return socket_.identity();
}

bool scoped_connection::is_open() const noexcept {
  return socket_.is_open();
}

std::size_t scoped_connection::queued_bytes() const noexcept {
  return socket_.socket().queued_bytes();
}

std::chrono::microseconds scoped_connection::round_trip() const noexcept {
  return socket_.socket().round_trip();
}

const message_info& scoped_connection::message() const noexcept {
  return socket_.message_at_hand();
}

verdict scoped_connection::send_text(std::string_view text) {
  return socket_.send_whole(protocol::opcode::text, as_bytes(text));
}

verdict scoped_connection::send_binary(byte_view bytes) {
  return socket_.send_whole(protocol::opcode::binary, bytes);
}

websocket_control& scoped_connection::websocket() noexcept {
  return socket_.socket();
}

void scoped_connection::close(std::uint16_t code, std::string_view reason) {
  socket_.socket().close(errc::ok, static_cast<protocol::close_code>(code), reason);
}

value_store& scoped_connection::values() {
  return socket_.values();
}

value_store& scoped_connection::space_values() {
  if (!space_values_)
    space_values_ = std::make_unique<value_store>();
  return *space_values_;
}

timer_id scoped_connection::after(std::chrono::microseconds delay, std::function<void()> fire) {
  return socket_.after(delay, std::move(fire));
}

timer_id scoped_connection::at(net::time_point deadline, std::function<void()> fire) {
  return socket_.at(deadline, std::move(fire));
}

timer_id scoped_connection::every(std::chrono::microseconds period, std::function<void()> fire) {
  return socket_.every(period, std::move(fire));
}

void scoped_connection::cancel(timer_id timer) {
  socket_.cancel(timer);
}

// -- what stays in this one ---------------------------------------------------

void scoped_connection::join(std::string_view room) {
  socket_.join(*this, room);
}

void scoped_connection::leave(std::string_view room) {
  socket_.leave(*this, room);
}

bool scoped_connection::is_member(std::string_view room) const noexcept {
  return socket_.find_membership(space_.index, room) != nullptr;
}

std::vector<std::string_view> scoped_connection::rooms() const {
  return socket_.rooms_in(space_.index);
}

std::vector<std::string_view> scoped_connection::spaces() const {
  return socket_.space_names();
}

connection* scoped_connection::in_space(std::string_view space) {
  return socket_.find_scope(space);
}

void scoped_connection::connect_space(std::string_view space,
                                      std::function<void(result<connection*, ask_error>)> done) {
  socket_.connect_space(space, std::move(done));
}

void scoped_connection::disconnect_space() {
  socket_.disconnect_space(*this);
}

verdict scoped_connection::send_here(std::string_view event, payload content,
                                     const delivery& how) {
  return socket_.send_here(*this, event, std::move(content), how);
}

void scoped_connection::send_ask(std::string_view event, payload content,
                                 std::chrono::milliseconds timeout, ask_answer done) {
  socket_.send_ask(*this, event, std::move(content), timeout, std::move(done));
}

void scoped_connection::send_event(const audience& to, std::string_view event, payload content,
                                   const delivery& how) {
  socket_.send_event(*this, to, event, std::move(content), how);
}

} // namespace troupe::actors

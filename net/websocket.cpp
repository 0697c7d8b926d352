#include "troupe/websocket.hpp"

#include "net/websocket_core.hpp"
#include "protocol/ws_writer.hpp"

#include <algorithm>
#include <utility>

namespace troupe {
namespace {

using protocol::opcode;

opcode to_opcode(message_type type) noexcept {
  return static_cast<opcode>(type);
}

bool is_type(message_type type) noexcept {
  return type == message_type::text || type == message_type::binary
         || (type >= message_type::close && type <= message_type::pong);
}

websocket_status unknown_type() {
  return {errc::bad_arguments, 0, "There is no such type of message."};
}

bool is_one_of(const websocket_status& status, std::initializer_list<close_code> codes) noexcept {
  return std::find(codes.begin(), codes.end(), close_code{status.close_code}) != codes.end();
}

} // namespace

bool is_close_error(const websocket_status& status,
                    std::initializer_list<close_code> codes) noexcept {
  return status.close_code != 0 && is_one_of(status, codes);
}

bool is_unexpected_close_error(const websocket_status& status,
                               std::initializer_list<close_code> expected) noexcept {
  return status.close_code != 0 && !is_one_of(status, expected);
}

std::string format_close_message(close_code code, std::string_view text) {
  const auto frame = protocol::make_close_frame(code, text);
  return std::string{as_text(frame->bytes().subspan(protocol::header_size(0)))};
}

websocket::websocket(std::shared_ptr<net::websocket_core> core) noexcept : core_{std::move(core)} {}

websocket& websocket::operator=(websocket&& other) noexcept {
  if (this != &other && core_)
    core_->drop();
  core_ = std::move(other.core_);
  return *this;
}

websocket::~websocket() {
  if (core_)
    core_->drop();
}

result<websocket_message, websocket_status> websocket::read_message() {
  return core_->input().read_message();
}

result<message_reader, websocket_status> websocket::next_reader() {
  const auto found = core_->input().next();
  if (!found)
    return found.error();
  return message_reader{core_, found->type, found->number};
}

void websocket::set_read_limit(std::size_t bytes) {
  core_->input().set_limit(bytes);
}

void websocket::set_read_deadline(time_point when) {
  core_->input().set_deadline(when);
}

websocket_status websocket::write_message(message_type type, byte_view content) {
  if (!is_type(type))
    return unknown_type();
  if (is_control(type))
    return core_->output().write_control(to_opcode(type), as_text(content),
                                         core_->output().deadline());
  return core_->output().write_message(to_opcode(type), content);
}

result<message_writer, websocket_status> websocket::next_writer(message_type type) {
  if (!is_type(type))
    return unknown_type();
  if (is_control(type))
    return message_writer{core_, type, 0};
  const auto begun = core_->output().begin(to_opcode(type));
  if (!begun)
    return begun.error();
  return message_writer{core_, type, *begun};
}

websocket_status websocket::write_prepared(const prepared_message& message) {
  return core_->output().write_prepared(message);
}

websocket_status websocket::write_control(message_type type, std::string_view content,
                                          time_point deadline) {
  return core_->output().write_control(to_opcode(type), content, deadline);
}

void websocket::set_write_deadline(time_point when) {
  core_->output().set_deadline(when);
}

websocket_status websocket::set_compression(const compression& how) {
  return core_->output().set_compression(how);
}

void websocket::on_ping(control_handler handler) {
  core_->reply_to_ping(std::move(handler));
}

void websocket::on_pong(control_handler handler) {
  core_->reply_to_pong(std::move(handler));
}

void websocket::on_close(close_handler handler) {
  core_->reply_to_close(std::move(handler));
}

const websocket::control_handler& websocket::ping_handler() const noexcept {
  return core_->input().on().ping;
}

const websocket::control_handler& websocket::pong_handler() const noexcept {
  return core_->input().on().pong;
}

const websocket::close_handler& websocket::close_frame_handler() const noexcept {
  return core_->input().on().close;
}

websocket_status websocket::close(close_code code, std::string_view text,
                                  std::chrono::milliseconds timeout) {
  return core_->close(code, text, timeout);
}

void websocket::drop() noexcept {
  core_->drop();
}

const std::string& websocket::subprotocol() const noexcept {
  return core_->settings().subprotocol;
}

bool websocket::is_compressed() const noexcept {
  return core_->settings().is_compressed;
}

const handshake_response& websocket::handshake() const noexcept {
  return core_->settings().handshake;
}

std::string websocket::local_address() const {
  return net::local_address(descriptor());
}

std::string websocket::remote_address() const {
  return net::remote_address(descriptor());
}

int websocket::descriptor() const noexcept {
  return core_->channel().descriptor();
}

} // namespace troupe

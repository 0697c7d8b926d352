#include "troupe/iris_client.hpp"

#include "net/client_link.hpp"
#include "net/tell.hpp"
#include "protocol/iris.hpp"
#include "protocol/text_body.hpp"
#include "protocol/utf8.hpp"

#include <map>
#include <stdexcept>
#include <vector>

namespace troupe {
namespace net {

/// The legacy iris protocol from the client's side; handlers are set before it connects.
///
/// Threading:  `send` from any thread; handlers run on the link's thread.
/// Lifetime:   the destructor closes the connection and joins the thread.
class iris_runner final : private link_user {
public:
  iris_runner(client_options options, std::string prefix)
      : prefix_(std::move(prefix)), link_(std::move(options), {}, *this) {}
  iris_runner(const iris_runner&) = delete;
  iris_runner& operator=(const iris_runner&) = delete;
  ~iris_runner() { link_.stop(); }

  client_link& link() noexcept { return link_; }
  errc send(std::string_view event, payload_view content);
  errc send(byte_view message, protocol::opcode type);

  std::map<std::string, std::vector<iris_client::event_handler>, std::less<>> handlers;
  iris_client::message_handler message;
  std::function<void()> opened;
  std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> closed;
  error_hook error;

private:
  void on_upgraded() override {
    link_.accept([this] { tell(error, opened); });
  }
  void on_message(byte_view bytes, bool is_binary) override;
  void on_end(const client_status& status,
              std::optional<std::chrono::milliseconds> retry) override {
    tell(error, closed, status, retry);
  }
  void on_alarm() override {}
  void on_event(iris_incoming event);

  const std::string prefix_;
  client_link link_; ///< last: its thread uses all of the above
};

errc iris_runner::send(std::string_view event, payload_view content) {
  if (!protocol::is_valid_iris_event(event))
    return errc::bad_name;
  std::string json;
  const auto value = protocol::to_iris_value(content, json);
  return send(protocol::to_iris_bytes(prefix_, event, value), protocol::opcode::text);
}

errc iris_runner::send(byte_view message_bytes, protocol::opcode type) {
  const bool is_text = type == protocol::opcode::text && protocol::is_valid_utf8(message_bytes);
  return link_.send({std::string{as_text(message_bytes)},
                     is_text ? protocol::opcode::text : protocol::opcode::binary});
}

void iris_runner::on_message(byte_view bytes, bool is_binary) {
  const auto decoded = protocol::decode_iris(prefix_, bytes);
  if (!decoded)
    return tell_error(error, decoded.error().code, decoded.error().text());
  if (decoded->is_native) {
    tell(error, message, bytes, !is_binary);
    return;
  }
  const bool is_raw = is_binary || decoded->type == protocol::iris_type::bytes;
  on_event({decoded->event, {decoded->data, is_raw ? content_kind::raw : content_kind::text}});
}

void iris_runner::on_event(iris_incoming event) {
  const auto at = handlers.find(event.event);
  if (at == handlers.end())
    return;
  for (const auto& run : at->second)
    tell(error, run, event);
}

} // namespace net

namespace {

std::string checked(std::string prefix) {
  if (!protocol::is_valid_iris_prefix(prefix))
    throw std::invalid_argument{"\"" + prefix + "\" cannot stand in front of iris events."};
  return prefix;
}

} // namespace

iris_client::iris_client(client_options options, std::string prefix)
    : runner_(std::make_unique<net::iris_runner>(std::move(options), checked(std::move(prefix)))) {}

iris_client::~iris_client() = default;

client_status iris_client::connect() {
  return runner_->link().connect();
}

void iris_client::start() {
  runner_->link().start();
}

void iris_client::disconnect() {
  constexpr std::uint16_t normal = 1000;
  runner_->link().close(normal, {});
}

bool iris_client::is_open() const {
  return runner_->link().is_open();
}

void iris_client::on_message(message_handler handler) {
  runner_->message = std::move(handler);
}

void iris_client::on_open(std::function<void()> handler) {
  runner_->opened = std::move(handler);
}

void iris_client::on_close(
    std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> handler) {
  runner_->closed = std::move(handler);
}

void iris_client::on_error(std::function<void(errc, std::string_view)> handler) {
  runner_->error = std::move(handler);
}

errc iris_client::emit_message(std::string_view text) {
  return runner_->send(as_bytes(text), protocol::opcode::text);
}

errc iris_client::emit_message(byte_view bytes) {
  return runner_->send(bytes, protocol::opcode::binary);
}

errc iris_client::send_event(std::string_view event, const payload& content) {
  return runner_->send(event, content);
}

void iris_client::add_handler(std::string_view event, event_handler handler) {
  runner_->handlers[std::string{event}].push_back(std::move(handler));
}

} // namespace troupe

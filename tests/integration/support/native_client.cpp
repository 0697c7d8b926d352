#include "tests/integration/support/native_client.hpp"

#include "net/client_state.hpp"

namespace troupe::test {

using protocol::operation;

namespace {

std::string with_protocol(std::string_view fields) {
  return std::string{"Sec-WebSocket-Protocol: troupe.v1\r\n"}.append(fields);
}

} // namespace

native_message::native_message(std::string bytes) {
  const auto view = as_bytes(bytes);
  bytes_.assign(view.begin(), view.end());
  const auto decoded = protocol::decode_server(bytes_);
  if (!decoded)
    throw std::runtime_error{"The server sent a malformed message: " + decoded.error().text()};
  fields_ = *decoded;
}

native_client::native_client(std::uint16_t port, std::string_view target, std::string_view fields)
    : native_client{std::make_unique<tcp_client>(port), target, fields} {}

native_client::native_client(std::unique_ptr<byte_stream> stream, std::string_view target,
                             std::string_view fields)
    : ws_{std::move(stream), target, with_protocol(fields)} {
  hello_.emplace(ws_.next_message());
  events_ = net::read_hello(**hello_).events;
}

void native_client::send(const protocol::message& what) {
  const auto bytes = protocol::encode_client(what);
  ws_.send_binary(as_text(bytes));
}

std::uint64_t native_client::request_join(std::string_view room) {
  send({.op = operation::join, .ask_id = ++last_ask_, .text = room});
  return last_ask_;
}

std::uint64_t native_client::join(std::string_view room) {
  const auto ask = request_join(room);
  while (true) {
    const auto answer = next();
    if (answer->op == operation::error && answer->ask_id == ask)
      throw std::runtime_error{"The join was refused: " + std::string{answer->text}};
    if (answer->op == operation::joined && answer->ask_id == ask)
      return answer->room;
  }
}

native_message native_client::wait_for(operation op) {
  while (true) {
    auto message = next();
    if (message->op == op)
      return message;
  }
}

std::string native_client::name_of(const native_message& of) const {
  const auto& name = of->name;
  return name.is_number() ? events_.at(name.number) : std::string{name.text};
}

} // namespace troupe::test

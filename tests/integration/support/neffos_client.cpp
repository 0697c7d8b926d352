#include "tests/integration/support/neffos_client.hpp"

#include <algorithm>
#include <stdexcept>

namespace troupe::test {

namespace {

void require(std::string_view got, std::string_view wanted) {
  if (got != wanted)
    throw std::runtime_error{"The server said \"" + std::string{got} + "\" instead of \""
                             + std::string{wanted} + "\"."};
}

} // namespace

neffos_client& neffos_client::open() {
  send("M");
  const auto answer = next();
  if (!answer.starts_with('A'))
    throw std::runtime_error{"The server did not accept: " + answer};
  id_ = answer.substr(1);
  return *this;
}

neffos_client& neffos_client::connect(std::string_view space) {
  if (id_.empty())
    open();
  require(ask("$connect;" + std::string{space} + ";;_OnNamespaceConnect;0;0;"),
          confirmed("$connect"));
  return *this;
}

neffos_client& neffos_client::join(std::string_view room, std::string_view space) {
  require(ask("$join;" + std::string{space} + ";" + std::string{room} + ";_OnRoomJoin;0;0;"),
          confirmed("$join"));
  return *this;
}

void neffos_client::emit(std::string_view event, std::string_view body, std::string_view room,
                         std::string_view space) {
  std::string frame;
  for (const auto field : {space, room, event})
    frame.append(";").append(field);
  send(frame.append(";0;0;").append(body));
}

std::string neffos_client::next() {
  while (auto frame = ws_.next_frame()) {
    if (frame->opcode() == text)
      return std::move(frame->payload);
    if (frame->opcode() == binary)
      return "BIN " + frame->payload;
    if (frame->opcode() == ping)
      ws_.send(client_frame(fin | pong, frame->payload));
    if (frame->opcode() == closing)
      throw std::runtime_error{"The server closed with " + std::to_string(close_code_of(*frame))};
  }
  throw std::runtime_error{"The server hung up."};
}

std::string neffos_client::next_request(std::string_view rest) {
  const auto got = next();
  const auto wait = got.substr(0, got.find(';'));
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  require(got, wait + std::string{rest});
  if (wait.empty() || !std::all_of(wait.begin(), wait.end(), is_digit))
    throw std::runtime_error{"\"" + wait + "\" is no token of a server."};
  return wait;
}

bool neffos_client::is_quiet(std::string_view space) {
  const auto frame = "$quiet;" + std::string{space} + ";;echo;0;0;still there?";
  return ask(frame) == frame;
}

} // namespace troupe::test

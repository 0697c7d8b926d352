#include "tests/integration/support/http_client.hpp"

#include <cstdlib>

namespace troupe::test {

std::string http_answer::field(std::string_view name) const {
  const auto at = head.find("\r\n" + std::string{name} + ": ");
  if (at == std::string::npos)
    return {};
  const auto begin = at + 2 + name.size() + 2;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

http_answer read_answer(byte_stream& from, std::string& buffer, bool has_body) {
  http_answer answer;
  auto receive = [&] {
    const auto some = from.receive();
    buffer += some;
    return !some.empty();
  };
  while (buffer.find("\r\n\r\n") == std::string::npos)
    if (!receive())
      return answer;
  const auto head_size = buffer.find("\r\n\r\n") + 4;
  answer.head = buffer.substr(0, head_size);
  buffer.erase(0, head_size);
  answer.status = std::atoi(answer.head.substr(answer.head.find(' ') + 1, 3).c_str());
  const auto length = static_cast<std::size_t>(std::atoi(answer.field("Content-Length").c_str()));
  while (has_body && buffer.size() < length)
    if (!receive())
      return answer;
  answer.body = buffer.substr(0, has_body ? length : 0);
  buffer.erase(0, answer.body.size());
  return answer;
}

http_answer ask_http(std::uint16_t port, std::string_view request) {
  tcp_client client{port};
  client.send(request);
  std::string buffer;
  return read_answer(client, buffer);
}

std::string get(std::string_view target, std::string_view fields) {
  return std::string{"GET "}
      .append(target)
      .append(" HTTP/1.1\r\nHost: a.example\r\n")
      .append(fields)
      .append("\r\n");
}

std::string post(std::string_view target, std::string_view body, std::string_view fields) {
  return std::string{"POST "}
      .append(target)
      .append(" HTTP/1.1\r\nHost: a.example\r\nContent-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n")
      .append(fields)
      .append("\r\n")
      .append(body);
}

std::string text_of(const std::string& json, const std::string& key) {
  const auto begin = json.find('"' + key + "\":");
  if (begin == std::string::npos)
    return {};
  const auto quote = json.find('"', begin + key.size() + 3);
  return json.substr(quote + 1, json.find('"', quote + 1) - quote - 1);
}

} // namespace troupe::test

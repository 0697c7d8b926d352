#include "server/http_json.hpp"

#include <stdexcept>

namespace troupe {

std::string to_json(const payload& content) {
  constexpr std::size_t array_of_one = 1;
  auto text = msgpack_to_json(byte_view{content.bytes}.subspan(array_of_one),
                              {.depth = 16, .nodes = 65'535});
  if (!text)
    throw std::runtime_error{"an answer is no JSON: " + text.error().text()};
  return *std::move(text) + '\n';
}

payload from_json(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw refused{"the body is empty; a JSON object is expected"};
  auto value = json_to_msgpack(text);
  if (!value)
    throw refused{"the body is no JSON that can be read: " + value.error().text()};
  constexpr std::byte array_of_one{0x91};
  value->insert(value->begin(), array_of_one);
  return {.bytes = *std::move(value)};
}

} // namespace troupe

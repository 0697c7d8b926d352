#pragma once
#include "troupe/neffos_client.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/text_server.hpp"

#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace troupe::test {

/// The fields of a neffos message as they stand in its frame.
struct neffos_fields {
  explicit neffos_fields(const std::string& message) {
    std::size_t begin = 0;
    for (auto* field : {&wait, &space, &room, &event, &is_error, &is_noop}) {
      const auto end = message.find(';', begin);
      *field = message.substr(begin, end - begin);
      begin = end == std::string::npos ? message.size() : end + 1;
    }
    body = message.substr(begin);
  }

  std::string wait, space, room, event, is_error, is_noop, body;
};

/// What every neffos server does: acknowledges, and agrees to every request of the client. `more`
/// gets all else.
inline text_server::script agreeable(text_server::script more = {}) {
  return [more = std::move(more)](text_server::peer& to, const std::string& message) {
    const neffos_fields fields{message};
    const bool is_request = fields.wait.starts_with('$') && fields.event.starts_with("_On");
    if (message == "M")
      to.send("Athe-id");
    else if (is_request && fields.is_error == "0")
      to.send(fields.wait + ";;;;;;");
    if (more)
      more(to, message);
  };
}

inline client_options neffos_options(const std::string& url) {
  client_options result;
  result.url = url;
  result.connect_timeout = std::chrono::seconds{2};
  result.reconnect.first = std::chrono::milliseconds{1};
  result.reconnect.longest = std::chrono::milliseconds{5};
  return result;
}

template <class T>
T get(std::future<T> future) {
  REQUIRE(future.wait_for(std::chrono::seconds{5}) == std::future_status::ready);
  return future.get();
}

} // namespace troupe::test

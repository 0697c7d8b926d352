#pragma once
#include "tests/support/scripted_peer.hpp"

namespace troupe::test {

/// What a peer and a dialler made of each other.
struct dial_outcome {
  std::string head; ///< the request; empty if there was none
  result<websocket, dial_error> opened;
};

/// Dials to a peer that answers the request with what `answer` makes of it.
template <class Answer>
dial_outcome dial_to(Answer answer, dial_options options = {},
                     std::string_view url = "ws://a.example/chat?x=1") {
  std::string head;
  scripted_peer server{[&](scripted_peer::stream& to) {
    head = to.read_head();
    to.write(answer(head));
  }};
  options.connect = server.connect();
  auto opened = dial(url, options);
  server.finish();
  return {head, std::move(opened)};
}

/// The usual answer.
inline std::string accept(const std::string& head) {
  return upgrade_answer(head);
}

inline errc code_of(const result<websocket, dial_error>& opened) {
  return opened ? errc::ok : opened.error().code;
}

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace troupe::test

#pragma once
#include "troupe/dialer.hpp"

#include <cstddef>
#include <memory>

namespace troupe::net {

/// How far an answer has come.
enum class answer_state : std::uint8_t { need_more, complete, invalid };

/// Reads the answer to an upgrade or to CONNECT, with the beginning of the body of a refusal.
///
/// Threading:  distinct objects are independent; one object belongs to one thread.
/// Errors:     `invalid` for what is no HTTP response, or has a head of more than 64 KiB.
class http_answer_reader {
public:
  enum class method { get, connect };
  static constexpr std::size_t max_body_bytes = 1024;

  explicit http_answer_reader(method asked);
  ~http_answer_reader();

  struct progress {
    std::size_t consumed = 0;
    answer_state state = answer_state::need_more;
  };

  /// Reads on. What is not consumed is to be fed again, in front of what comes later; behind an
  /// answer that has no body it belongs to what follows.
  progress feed(byte_view bytes);
  /// The other side has ended. @returns `complete` if the head had come
  answer_state end();

  /// @pre the state is `complete`
  const handshake_response& answer() const noexcept { return answer_; }

private:
  struct parser;
  answer_state judge();

  const method asked_;
  std::unique_ptr<parser> parser_;
  handshake_response answer_;
};

} // namespace troupe::net

#pragma once
#include "troupe/bytes.hpp"
#include "troupe/request.hpp"

#include "net/http_response.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace troupe::net {

/// What one request head may cost.
struct http_limits {
  std::size_t head_bytes = std::size_t{8} * 1024; ///< request line, fields and empty line, in bytes
  std::size_t fields = 64;                        ///< header fields
};

enum class head_state {
  need_more, ///< everything was consumed, the head goes on
  complete,  ///< `take()` has the request; bytes not consumed belong to what follows it
  refused,   ///< `why()` says what to answer before closing; feed no more
};

/// How many bytes of body follow the head. @pre `asked` is from an `http_head_reader`
std::size_t body_size(const request& asked) noexcept;

/// Whether the client waits for "100 Continue" before it sends the body.
bool expects_continue(const request& asked) noexcept;

/// Reads one HTTP request head from pieces of any size.
///
/// Stricter than HTTP demands, because what disagrees between two parsers gets smuggled: no bare
/// CR or LF, no folded fields, one Host, a body only by one plain Content-Length and never behind
/// GET and HEAD. Each byte is judged as it arrives, so noise (a
/// TLS hello, a port scan) is refused at the first wrong byte and not at the deadline. Beast's
/// parser has the last word on the grammar. How the bytes are cut never changes the outcome.
///
/// Threading:  distinct objects are independent; one object belongs to one thread.
/// Ownership:  keeps a copy of the head until `take()`; at most `limits.head_bytes`.
/// Errors:     none thrown but std::bad_alloc; refusals are 400, 405, 411, 413, 417, 431 and 505.
class http_head_reader {
public:
  struct progress {
    std::size_t consumed; ///< bytes of the input that belong to the head
    head_state state;
  };

  explicit http_head_reader(peer from, http_limits limits = {});

  /// Reads on.
  /// @pre the last state was `need_more`, or this is the first call after construction or `take()`.
  progress feed(byte_view bytes);

  /// The answer to give. @pre the state is `refused`
  const refusal& why() const noexcept { return why_; }

  /// Hands over the request and gets ready for the next one. @pre the state is `complete`
  request take();

  /// Whether no byte of a request has come: a connection that ends now ends cleanly.
  bool is_idle() const noexcept { return bytes_ == 0; }

private:
  enum class position { line_start, in_line, after_cr, last_cr, done };

  head_state scan(char c);
  head_state scan_line_start(char c);
  head_state scan_content(char c);
  head_state scan_method(char c);
  head_state scan_line_feed(char c);
  head_state refuse(int status, std::string reason);
  head_state finish();

  peer from_;
  http_limits limits_;
  position position_ = position::line_start;
  std::size_t bytes_ = 0;    // of the head, seen so far
  std::size_t lines_ = 0;    // complete lines; the first is the request line
  bool method_done_ = false; // the blank behind the method has come
  std::string head_;
  refusal why_;
  std::optional<request> request_;
};

} // namespace troupe::net

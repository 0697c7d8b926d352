#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// The other end of the connection that carried a request.
struct peer {
  std::string address;    ///< numeric, e.g. "203.0.113.7" or "::1"
  std::uint16_t port = 0; ///< in host byte order
  bool secure = false;    ///< this server itself encrypts the connection (TLS)
};

/// One header field of a request. Ownership: views into the request.
struct header_field {
  std::string_view name;  ///< spelled as the client sent it
  std::string_view value; ///< without surrounding blanks

  friend bool operator==(const header_field&, const header_field&) = default;
};

/// The header fields of a request in the order of arrival, for a range-based `for`.
///
/// Ownership:  views into the request, which must outlive it.
class header_range {
public:
  class iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = header_field;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = header_field;

    iterator() noexcept = default;
    explicit iterator(std::string_view lines) noexcept : lines_{lines} {}

    header_field operator*() const noexcept;
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      auto before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.lines_.size() == b.lines_.size();
    }

  private:
    std::string_view lines_; // from the current line to the end of the last field
  };

  explicit header_range(std::string_view lines) noexcept : lines_{lines} {}

  iterator begin() const noexcept { return iterator{lines_}; }
  iterator end() const noexcept { return iterator{}; }

private:
  std::string_view lines_;
};

/// The HTTP request that opened a connection, readable for the connection's life.
///
/// It is kept by every idle connection, so it is one string (the head as it arrived) and a few
/// offsets: about 72 bytes more than the head. Fields are found by scanning when asked for; copy
/// what is needed often.
///
/// Threading:  immutable after construction: one object may be read from any number of threads.
/// Ownership:  owns its bytes; every returned view lives as long as the object and ends when it
///             is moved from or assigned to.
/// Errors:     none after construction; a request that exists has a valid path and valid escapes.
class request {
public:
  /// Builds a request from a complete head, request line to empty line. The server does so after
  /// checking the head; call it to test an application's own hooks.
  /// @returns nothing if the text is no such head, the target is not of the form "/path?query", an
  ///          escape is broken, or the decoded path holds a control character or a "." or ".."
  ///          segment. (A dot segment is refused rather than resolved: no honest client sends one.)
  static std::optional<request> from_head(std::string_view head, const peer& from);

  std::string_view method() const noexcept;  ///< e.g. "GET"
  std::string_view target() const noexcept;  ///< path and query as sent, still escaped
  std::string_view version() const noexcept; ///< e.g. "HTTP/1.1"
  std::string_view path() const noexcept;    ///< decoded, starts with "/", no dot segments
  std::string_view host() const noexcept;    ///< the Host field; empty if HTTP/1.0 sent none

  /// The decoded value of the first query parameter `name`; "" for "?name" and "?name=".
  std::optional<std::string> query(std::string_view name) const;

  /// The value of the first field `name`, compared without regard to case. Iterate `headers()` for
  /// a field that may come several times.
  std::optional<std::string_view> header(std::string_view name) const noexcept;
  header_range headers() const noexcept { return header_range{field_lines()}; }

  /// The value of the first cookie `name` (compared exactly), without surrounding quotes.
  std::optional<std::string_view> cookie(std::string_view name) const noexcept;

  /// The WebSocket subprotocols the client offers, its favourite first.
  std::vector<std::string_view> subprotocols() const;

  /// The one of them that this server chose; empty if none, and before it has chosen.
  std::string_view subprotocol() const noexcept;
  /// Chooses it, if the client offers it. The server does so before the 101.
  void choose_subprotocol(std::string_view offer) noexcept;

  /// How often the client has tried to come back, as it says itself in `X-Websocket-Reconnect`; 0
  /// if this is its first connection, or the field is no number.
  std::uint32_t reconnect_tries() const noexcept;
  bool was_reconnected() const noexcept { return reconnect_tries() > 0; }

  /// A copy with `fields` behind those that it has.
  /// @returns nothing if a name is no token or a value holds a control character.
  std::optional<request> with_fields(std::span<const header_field> fields) const;

  std::string_view remote_address() const noexcept; ///< numeric address of the socket's other end
  std::uint16_t remote_port() const noexcept { return remote_port_; }
  bool is_secure() const noexcept { return secure_; } ///< TLS ends in this server

private:
  request() = default;
  std::string_view field_lines() const noexcept;

  std::string text_; // the head, the decoded path if it differs from the sent one, the address
  std::uint32_t head_size_ = 0;
  std::uint32_t method_size_ = 0;
  std::uint32_t target_size_ = 0;
  std::uint32_t path_begin_ = 0;
  std::uint32_t path_size_ = 0;
  std::uint32_t subprotocol_begin_ = 0;
  std::uint32_t subprotocol_size_ = 0;
  std::uint16_t remote_port_ = 0;
  bool secure_ = false;
};

} // namespace troupe

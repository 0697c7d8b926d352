#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace troupe::net {

enum class plus_sign {
  literal, ///< in a path
  blank,   ///< in a query, as HTML forms encode it
};

/// `text` with each %XX replaced by its byte; nothing if an escape is broken.
std::optional<std::string> percent_decode(std::string_view text, plus_sign plus);

/// Whether `path` can be served as it is: it starts with "/" and holds no control character and no
/// "." or ".." segment. @param path decoded
bool is_plain_path(std::string_view path) noexcept;

/// The three parts of a request line. Ownership: views into the line.
struct request_line {
  std::string_view method;
  std::string_view target;
  std::string_view version;
};

/// Splits at the two blanks; nothing if there are not exactly two, or a part is empty.
std::optional<request_line> split_request_line(std::string_view line) noexcept;

} // namespace troupe::net

#pragma once
#include "troupe/bytes.hpp"
#include "troupe/payload.hpp"

#include "protocol/iris.hpp"

#include <string>
#include <utility>

namespace troupe::protocol {

/// A payload for protocols whose messages carry one text or some bytes, nothing typed.
///
/// Ownership:  views the payload, or owns the text that was made of it.
class text_body {
public:
  text_body() = default;
  text_body(byte_view bytes, bool is_binary) : view_{bytes}, is_binary_{is_binary} {}
  explicit text_body(std::string made) : made_{std::move(made)}, is_made_{true} {}

  byte_view bytes() const noexcept { return is_made_ ? as_bytes(made_) : view_; }
  bool is_binary() const noexcept { return is_binary_; }

private:
  byte_view view_{};
  std::string made_;
  bool is_made_ = false;
  bool is_binary_ = false;
};

/// Texts and bytes travel as they are; so does a text, or bytes, that is the only argument. Other
/// arguments become JSON: the value if there is one, an array if there are several.
/// @pre the payload passes `check_payload`; what JSON cannot say becomes "null".
text_body to_text_body(payload_view content);

/// The same for iris, which types its one value. `json` keeps the text of JSON; the result views it.
iris_value to_iris_value(payload_view content, std::string& json);

} // namespace troupe::protocol

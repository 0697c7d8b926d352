#pragma once
#include "troupe/bytes.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace troupe {

/// One WebSocket message that is framed, and compressed, at most once, however many clients it is
/// sent to.
///
/// It holds a copy of its content, so later changes of the caller's buffer do not show. Frames are
/// made when the first client needs them: one without compression, one per level of compression.
/// Broadcasts to rooms share their frames anyhow; this is for messages that are sent again and
/// again, or to clients that are picked one by one.
///
/// Threading:  may be copied and sent from any thread at the same time.
/// Ownership:  a handle: copies share the content and the frames.
/// Errors:     creation and sending throw std::bad_alloc, nothing else. Text that is not UTF-8 is
///             the caller's bug: clients close the connection.
class prepared_message {
public:
  static prepared_message text(std::string_view content);
  static prepared_message binary(byte_view content);

  bool is_text() const noexcept;
  byte_view content() const noexcept;

  class state;
  const std::shared_ptr<state>& shared() const noexcept { return state_; } ///< for the server

private:
  explicit prepared_message(std::shared_ptr<state> made) noexcept : state_{std::move(made)} {}

  std::shared_ptr<state> state_;
};

} // namespace troupe

#pragma once
#include <stdexcept>

namespace troupe {

/// Thrown by a handler to say no: the client gets errc::refused (from `on_join` errc::room_refused)
/// and the sentence. Unlike any other exception it is no failure: it is not logged, and restarts no
/// room.
class refused : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace troupe

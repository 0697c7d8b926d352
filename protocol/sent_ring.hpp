#pragma once
#include "troupe/delivery.hpp"

#include "protocol/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace troupe::protocol {

/// The counted messages in `of`. @param cls  tells of compressed messages whether they count.
std::uint32_t count_messages(const frame& of, delivery_class cls) noexcept;

/// The last frames that were handed to a session's socket: what is sent again when it resumes.
///
/// Counted messages (`is_counted`) have numbers from 1 on; the ring knows them from the frames
/// alone, so that no number travels in frames that others share. It keeps references, not copies.
/// Frames without counted messages are not kept.
///
/// Threading:  belongs to one shard.
/// Bounds:     `max_bytes` of memory that the frames hold; the oldest give way.
/// Errors:     `record` and `take_after` may throw std::bad_alloc.
class sent_ring {
public:
  explicit sent_ring(std::size_t max_bytes) noexcept : max_bytes_{max_bytes} {}

  /// `frame` is, or may be, on its way. @param cls  tells of compressed messages whether they
  /// count.
  void record(const frame_ptr& frame, delivery_class cls);

  /// The client has the first `received` messages: they are kept no longer.
  void acknowledge(std::uint64_t received) noexcept;

  /// Whether all that follows the first `received` messages is here.
  bool holds(std::uint64_t received) const noexcept {
    return received >= first_ && received <= last_;
  }

  /// Empties the ring. @pre holds(received)
  /// @returns what follows the first `received` messages: whole frames, in order.
  std::vector<frame_ptr> take_after(std::uint64_t received);

  std::uint64_t last() const noexcept { return last_; } ///< number of the newest message
  std::size_t bytes() const noexcept { return bytes_; } ///< memory that is held
  std::size_t limit() const noexcept { return max_bytes_; }
  std::size_t size() const noexcept { return slots_.size(); } ///< frames

private:
  struct slot {
    frame_ptr frame;
    delivery_class cls;
    std::uint32_t count; ///< counted messages in it
  };
  static std::size_t cost(const slot& of) noexcept;
  void forget_oldest() noexcept;

  const std::size_t max_bytes_;
  std::deque<slot> slots_;
  std::uint64_t first_ = 0; ///< messages before those that are kept
  std::uint64_t last_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace troupe::protocol

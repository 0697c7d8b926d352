#pragma once
#include "troupe/delivery.hpp"

#include "net/timer_wheel.hpp"
#include "protocol/frame.hpp"
#include "protocol/sent_ring.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>

namespace troupe::net {

/// One queued frame and how it is to be delivered.
struct outbox_entry {
  protocol::frame_ptr frame;
  outbox_entry* next = nullptr;
  std::uint64_t key = 0;
  time_point expires = time_point::max();
  delivery_class cls = delivery_class::ordered;
  std::uint8_t priority = 0;
};

/// Entries that no outbox needs at the moment: pushing allocates only while the pool is dry.
///
/// Threading:  one per shard. Lifetime: outlives the outboxes that use it.
class outbox_pool {
public:
  outbox_pool() = default;
  outbox_pool(const outbox_pool&) = delete;
  outbox_pool& operator=(const outbox_pool&) = delete;
  ~outbox_pool();

  outbox_entry* take();
  void give_back(outbox_entry* entry) noexcept;

private:
  static constexpr std::size_t max_spare = 65'536;
  outbox_entry* spare_ = nullptr;
  std::size_t spare_count_ = 0;
};

/// Frames waiting to be written to one client, bounded in bytes.
///
/// A slow client must cost the server a fixed amount of memory. When a push would exceed the
/// bound, queued `droppable` frames of no higher priority give way first; then the class of the
/// new frame decides, see `verdict`. It does no I/O.
///
/// Threading:  belongs to one shard.
/// Ownership:  holds references to shared frames; a broadcast to N clients holds one buffer.
/// Errors:     `push` may throw std::bad_alloc, nothing else does; refusals are verdicts.
class outbox {
public:
  outbox() noexcept = default;
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  /// @param limit  bound in bytes. One frame larger than the bound fits into an empty outbox.
  /// O(1) amortised, for `latest` too; O(queued frames) under pressure.
  [[nodiscard]] verdict push(protocol::frame_ptr frame, const delivery& how, time_point now,
                             std::size_t limit, outbox_pool& pool);

  /// Appends `header` and `payload` to the newest queued frame if nobody else holds it and it has
  /// room, so that many small messages to one client share one buffer.
  /// @returns false if that was not possible; nothing changed then.
  bool append(byte_view header, byte_view payload, std::size_t limit) noexcept;

  /// Whether a `latest` frame with this key waits, so that a push would replace it.
  bool holds_latest(std::uint64_t key) { return latest_count_ != 0 && find_latest(key) != nullptr; }

  /// Moves everything from `other`, of which nothing is written yet, behind what waits here.
  /// @pre no `latest` frames with the same key wait in both
  void take_all(outbox& other) noexcept;

  /// Discards droppable frames whose deadline has passed.
  void expire(time_point now, outbox_pool& pool) noexcept;

  /// The one frame there is to write, or an empty view if there is none or more than one: the
  /// ordinary case of a broadcast.
  byte_view only_frame() const noexcept {
    if (head_ == nullptr || head_ != tail_)
      return {};
    return head_->frame->bytes().subspan(written_of_head_);
  }

  /// Fills `parts` with the next bytes to write, in order. @returns how many parts were filled.
  std::size_t gather(std::span<byte_view> parts) const noexcept;
  /// Forgets the first `bytes` bytes: they have been written.
  /// @param sent  of a session: remembers the frames; null for all others
  void consume(std::size_t bytes, outbox_pool& pool, protocol::sent_ring* sent = nullptr) noexcept;

  /// Fixes the first `count` entries as they are, in one buffer that nothing replaces or drops:
  /// TLS must be offered the same bytes again after a write that would block.
  void freeze(std::size_t count, outbox_pool& pool, protocol::sent_ring* sent = nullptr);

  /// The socket is lost: what had begun to be written is remembered by `sent`. What belongs to the
  /// socket (control frames, hello, clock) is dropped, and everything else waits for the next one.
  void rewind(outbox_pool& pool, protocol::sent_ring& sent) noexcept;

  /// Whether more than what has begun to be written waits in order.
  bool has_waiting_ordered() const noexcept;

  /// Drops everything that is not partly written; for closing in the face of an overflow.
  void keep_only_started(outbox_pool& pool) noexcept;
  void clear(outbox_pool& pool) noexcept;

  bool is_empty() const noexcept { return head_ == nullptr; }
  std::size_t bytes() const noexcept { return bytes_; } ///< still to write

private:
  /// What has begun to be written, or was promised to TLS, can no longer change.
  bool is_head_started() const noexcept { return written_of_head_ != 0 || is_head_frozen_; }
  using key_index = std::unordered_map<std::uint64_t, outbox_entry*>;

  outbox_entry* find_latest(std::uint64_t key);
  void make_index();
  void give_back(outbox_entry* entry, outbox_pool& pool) noexcept;
  verdict replace(outbox_entry& entry, protocol::frame_ptr frame) noexcept;
  void make_room(std::size_t needed, std::uint8_t priority, std::size_t limit,
                 outbox_pool& pool) noexcept;
  template <class Predicate>
  void remove_waiting_if(Predicate unwanted, outbox_pool& pool) noexcept;

  outbox_entry* head_ = nullptr;
  outbox_entry* tail_ = nullptr;
  std::unique_ptr<key_index> index_; ///< of waiting `latest` frames; only while many frames wait
  std::size_t bytes_ = 0;
  std::uint32_t written_of_head_ = 0;
  bool is_head_frozen_ = false;
  std::uint16_t latest_count_ = 0;    ///< saturating hint: zero means none
  std::uint16_t droppable_count_ = 0; ///< likewise
};

} // namespace troupe::net

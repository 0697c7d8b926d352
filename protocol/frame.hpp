#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "troupe/bytes.hpp"

namespace troupe::protocol {

/// One immutable, reference-counted run of bytes that is ready for a socket: one or more whole
/// WebSocket frames, headers included.
///
/// A broadcast creates one frame per encoding; every outbox holds a reference, nothing is copied per
/// recipient. Header and bytes live in one allocation. What a session counts in it is kept with it.
///
/// Threading:  references may be copied and dropped on any thread; the bytes are written only by
///             the creator, before the first reference is shared.
/// Ownership:  shared; the last `frame_ptr` frees the memory.
class frame {
public:
  frame(const frame&) = delete;
  frame& operator=(const frame&) = delete;

  byte_view bytes() const noexcept { return {data(), size_}; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }

  /// What `count(bytes())` returns, which is asked once: one frame goes to many receivers.
  template <class Count>
  std::uint32_t counted(Count count) const noexcept {
    auto known = counted_.load(std::memory_order_relaxed);
    if (known == unknown)
      counted_.store(known = count(bytes()), std::memory_order_relaxed);
    return known;
  }

private:
  static constexpr std::uint32_t unknown = 0xFFFF'FFFF;

  friend class frame_ptr;
  frame(std::uint32_t size, std::uint32_t capacity) noexcept : size_{size}, capacity_{capacity} {}

  const std::byte* data() const noexcept { return reinterpret_cast<const std::byte*>(this + 1); }
  std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }

  std::atomic<std::uint32_t> references_{1};
  std::uint32_t size_;
  std::uint32_t capacity_;
  mutable std::atomic<std::uint32_t> counted_{unknown};
};

/// A reference to a `frame`, or to none.
class frame_ptr {
public:
  frame_ptr() noexcept = default;
  frame_ptr(const frame_ptr& other) noexcept : frame_{other.frame_} {
    if (frame_ != nullptr)
      frame_->references_.fetch_add(1, std::memory_order_relaxed);
  }
  frame_ptr(frame_ptr&& other) noexcept : frame_{std::exchange(other.frame_, nullptr)} {}
  frame_ptr& operator=(frame_ptr other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~frame_ptr() {
    if (frame_ != nullptr && frame_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy();
  }

  /// An empty frame with room for `capacity` bytes, at most 4 GiB - 1.
  static frame_ptr allocate(std::size_t capacity);

  explicit operator bool() const noexcept { return frame_ != nullptr; }
  const frame* operator->() const noexcept { return frame_; }
  const frame& operator*() const noexcept { return *frame_; }

  bool is_unique() const noexcept { return frame_->references_.load(std::memory_order_acquire) == 1; }

  /// The bytes still free behind the content.
  /// @pre is_unique(): nobody else can be reading.
  std::span<std::byte> spare() noexcept {
    return {frame_->data() + frame_->size_, frame_->capacity_ - frame_->size_};
  }
  /// Makes the first `n` bytes of `spare()` part of the content.
  void grow(std::size_t n) noexcept {
    frame_->size_ += static_cast<std::uint32_t>(n);
    frame_->counted_.store(frame::unknown, std::memory_order_relaxed);
  }

private:
  void destroy() noexcept;
  frame* frame_ = nullptr;
};

} // namespace troupe::protocol

#include "net/outbox.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace troupe::net {

namespace {

/// So many frames are looked through for a key before an index is made.
constexpr std::size_t scanned_frames = 32;

/// Counts that stick at their maximum stay a safe "maybe some".
void count_up(std::uint16_t& counter) noexcept {
  if (counter != std::numeric_limits<std::uint16_t>::max())
    ++counter;
}

std::uint16_t add_counts(std::uint16_t a, std::uint16_t b) noexcept {
  return static_cast<std::uint16_t>(
      std::min<unsigned>(0U + a + b, std::numeric_limits<std::uint16_t>::max()));
}

void count_down(std::uint16_t& counter) noexcept {
  if (counter != std::numeric_limits<std::uint16_t>::max())
    --counter;
}

} // namespace

outbox_pool::~outbox_pool() {
  while (spare_ != nullptr)
    delete std::exchange(spare_, spare_->next);
}

outbox_entry* outbox_pool::take() {
  if (spare_ == nullptr)
    return new outbox_entry;
  --spare_count_;
  return std::exchange(spare_, spare_->next);
}

void outbox_pool::give_back(outbox_entry* entry) noexcept {
  entry->frame = {};
  if (spare_count_ == max_spare) {
    delete entry;
    return;
  }
  entry->next = std::exchange(spare_, entry);
  ++spare_count_;
}

verdict outbox::push(protocol::frame_ptr frame, const delivery& how, time_point now,
                     std::size_t limit, outbox_pool& pool) {
  auto size = frame->size();
  if (how.cls == delivery_class::latest && latest_count_ != 0)
    if (auto* queued = find_latest(how.key)) {
      auto old = queued->frame->size();
      if (size > old && bytes_ - old + size > limit)
        make_room(size - old, 255, limit, pool);
      if (size > old && bytes_ - old + size > limit && bytes_ != old)
        return verdict::dropped;
      return replace(*queued, std::move(frame));
    }
  if (bytes_ + size > limit && bytes_ != 0) {
    auto priority = how.cls == delivery_class::droppable ? how.priority : std::uint8_t{255};
    make_room(size, priority, limit, pool);
    if (bytes_ + size > limit && bytes_ != 0)
      return how.cls == delivery_class::ordered ? verdict::overflow : verdict::dropped;
  }
  auto* slot = index_ && how.cls == delivery_class::latest ? &(*index_)[how.key] : nullptr;
  auto* entry = pool.take();
  if (slot != nullptr)
    *slot = entry;
  entry->frame = std::move(frame);
  entry->next = nullptr;
  entry->cls = how.cls;
  if (how.cls == delivery_class::latest) {
    entry->key = how.key;
    count_up(latest_count_);
  } else if (how.cls == delivery_class::droppable) {
    entry->priority = how.priority;
    entry->expires = how.deadline.count() > 0 ? now + how.deadline : time_point::max();
    count_up(droppable_count_);
  }
  (tail_ != nullptr ? tail_->next : head_) = entry;
  tail_ = entry;
  bytes_ += size;
  return verdict::queued;
}

bool outbox::append(byte_view header, byte_view payload, std::size_t limit) noexcept {
  auto size = header.size() + payload.size();
  if (tail_ == nullptr || tail_->cls != delivery_class::ordered || bytes_ + size > limit
      || !tail_->frame.is_unique())
    return false;
  auto spare = tail_->frame.spare();
  if (spare.size() < size)
    return false;
  std::memcpy(spare.data(), header.data(), header.size());
  if (!payload.empty())
    std::memcpy(spare.data() + header.size(), payload.data(), payload.size());
  tail_->frame.grow(size);
  bytes_ += size;
  return true;
}

outbox_entry* outbox::find_latest(std::uint64_t key) {
  // What has begun to be written can no longer be replaced.
  auto* const started = is_head_started() ? head_ : nullptr;
  if (!index_) {
    auto* entry = started != nullptr ? started->next : head_;
    for (std::size_t seen = 0; seen < scanned_frames; entry = entry->next, ++seen)
      if (entry == nullptr || (entry->cls == delivery_class::latest && entry->key == key))
        return entry;
    make_index();
  }
  const auto found = index_->find(key);
  return found != index_->end() && found->second != started ? found->second : nullptr;
}

void outbox::make_index() {
  auto made = std::make_unique<key_index>();
  for (auto* entry = is_head_started() ? head_->next : head_; entry != nullptr; entry = entry->next)
    if (entry->cls == delivery_class::latest)
      made->emplace(entry->key, entry);
  index_ = std::move(made);
}

void outbox::give_back(outbox_entry* entry, outbox_pool& pool) noexcept {
  if (index_ && entry->cls == delivery_class::latest)
    if (const auto found = index_->find(entry->key);
        found != index_->end() && found->second == entry)
      index_->erase(found);
  pool.give_back(entry);
}

void outbox::take_all(outbox& other) noexcept {
  if (other.head_ == nullptr)
    return;
  (tail_ != nullptr ? tail_->next : head_) = std::exchange(other.head_, nullptr);
  tail_ = std::exchange(other.tail_, nullptr);
  bytes_ += std::exchange(other.bytes_, 0);
  latest_count_ = add_counts(latest_count_, std::exchange(other.latest_count_, 0));
  droppable_count_ = add_counts(droppable_count_, std::exchange(other.droppable_count_, 0));
  other.index_.reset();
  index_.reset(); // made again when it is needed
}

verdict outbox::replace(outbox_entry& entry, protocol::frame_ptr frame) noexcept {
  bytes_ = bytes_ - entry.frame->size() + frame->size();
  entry.frame = std::move(frame);
  return verdict::replaced;
}

template <class Predicate>
void outbox::remove_waiting_if(Predicate unwanted, outbox_pool& pool) noexcept {
  auto** link = is_head_started() ? &head_->next : &head_;
  tail_ = is_head_started() ? head_ : nullptr;
  while (auto* entry = *link) {
    if (!unwanted(*entry)) {
      tail_ = entry;
      link = &entry->next;
      continue;
    }
    *link = entry->next;
    bytes_ -= entry->frame->size();
    if (entry->cls == delivery_class::droppable)
      count_down(droppable_count_);
    else if (entry->cls == delivery_class::latest)
      count_down(latest_count_);
    give_back(entry, pool);
  }
  if (head_ == nullptr)
    index_.reset();
}

void outbox::make_room(std::size_t needed, std::uint8_t priority, std::size_t limit,
                       outbox_pool& pool) noexcept {
  for (unsigned victim = 0; victim <= priority && droppable_count_ != 0; ++victim) {
    if (bytes_ + needed <= limit)
      return;
    remove_waiting_if(
        [&](const outbox_entry& entry) {
          return entry.cls == delivery_class::droppable && entry.priority == victim
                 && bytes_ + needed > limit;
        },
        pool);
  }
}

void outbox::expire(time_point now, outbox_pool& pool) noexcept {
  if (droppable_count_ == 0)
    return;
  remove_waiting_if(
      [now](const outbox_entry& entry) {
        return entry.cls == delivery_class::droppable && entry.expires <= now;
      },
      pool);
}

std::size_t outbox::gather(std::span<byte_view> parts) const noexcept {
  std::size_t filled = 0;
  std::size_t skip = written_of_head_;
  for (auto* entry = head_; entry != nullptr && filled < parts.size(); entry = entry->next) {
    parts[filled++] = entry->frame->bytes().subspan(skip);
    skip = 0;
  }
  return filled;
}

void outbox::consume(std::size_t bytes, outbox_pool& pool, protocol::sent_ring* sent) noexcept {
  bytes_ -= bytes;
  bytes += written_of_head_;
  while (head_ != nullptr && bytes >= head_->frame->size()) {
    auto* entry = std::exchange(head_, head_->next);
    bytes -= entry->frame->size();
    if (sent != nullptr && !is_head_frozen_)
      sent->record(entry->frame, entry->cls);
    is_head_frozen_ = false;
    if (entry->cls == delivery_class::droppable)
      count_down(droppable_count_);
    else if (entry->cls == delivery_class::latest)
      count_down(latest_count_);
    give_back(entry, pool);
  }
  written_of_head_ = static_cast<std::uint32_t>(bytes);
  if (head_ == nullptr) {
    tail_ = nullptr;
    latest_count_ = droppable_count_ = 0;
    index_.reset();
  }
}

void outbox::freeze(std::size_t count, outbox_pool& pool, protocol::sent_ring* sent) {
  const bool is_remembered = is_head_frozen_;
  std::size_t size = 0;
  auto* last = head_;
  for (auto* entry = head_; count != 0; --count, entry = entry->next) {
    size += entry->frame->size();
    last = entry;
  }
  auto merged = protocol::frame_ptr::allocate(size);
  const auto* const first = head_;
  while (true) {
    auto* entry = head_;
    auto bytes = entry->frame->bytes();
    std::memcpy(merged.spare().data(), bytes.data(), bytes.size());
    merged.grow(bytes.size());
    if (sent != nullptr && !(is_remembered && entry == first))
      sent->record(entry->frame, entry->cls);
    if (entry == last)
      break;
    head_ = entry->next;
    give_back(entry, pool);
  }
  head_->frame = std::move(merged);
  head_->cls = delivery_class::ordered;
  index_.reset(); // it may know the last one
  is_head_frozen_ = true;
}

void outbox::rewind(outbox_pool& pool, protocol::sent_ring& sent) noexcept {
  if (is_head_started()) {
    const auto before = sent.last();
    if (!is_head_frozen_)
      sent.record(head_->frame, head_->cls);
    const bool is_remembered = is_head_frozen_ || sent.last() != before;
    bytes_ += written_of_head_;
    written_of_head_ = 0;
    if (is_remembered)
      consume(head_->frame->size(), pool);
    is_head_frozen_ = false;
  }
  remove_waiting_if(
      [](const outbox_entry& entry) {
        return entry.cls == delivery_class::ordered
               && protocol::count_messages(*entry.frame, entry.cls) == 0;
      },
      pool);
}

bool outbox::has_waiting_ordered() const noexcept {
  auto* entry = is_head_started() ? head_->next : head_;
  for (; entry != nullptr; entry = entry->next)
    if (entry->cls == delivery_class::ordered)
      return true;
  return false;
}

void outbox::keep_only_started(outbox_pool& pool) noexcept {
  remove_waiting_if([](const outbox_entry&) { return true; }, pool);
}

void outbox::clear(outbox_pool& pool) noexcept {
  written_of_head_ = 0;
  is_head_frozen_ = false;
  keep_only_started(pool);
}

} // namespace troupe::net

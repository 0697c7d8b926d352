#include "actors/batch_builder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace troupe::actors {

namespace {

using item = room_batch::item;

bool is_mergeable(const item& each) noexcept {
  return each.what == room_batch::kind::broadcast && each.how.cls == delivery_class::ordered
         && each.except_client.empty();
}

std::size_t largest_frame(const item& each) noexcept {
  std::size_t size = 0;
  for (auto& frame : each.frames)
    size = std::max(size, frame ? frame->size() : 0);
  return size;
}

/// Index behind the run that begins at `begin`.
std::size_t end_of_run(std::span<const item> items, std::size_t begin) noexcept {
  std::size_t bytes = 0;
  auto end = begin;
  while (end != items.size() && is_mergeable(items[end])) {
    bytes += largest_frame(items[end]);
    if (end != begin && bytes > batch_builder::max_merged_bytes)
      break;
    ++end;
  }
  return end;
}

protocol::frame_ptr merge(std::span<const item> items, std::size_t encoding) {
  std::size_t size = 0;
  for (auto& each : items)
    size += each.frames[encoding] ? each.frames[encoding]->size() : 0;
  if (size == 0)
    return {};
  auto merged = protocol::frame_ptr::allocate(size);
  for (auto& each : items) {
    if (!each.frames[encoding])
      continue;
    auto bytes = each.frames[encoding]->bytes();
    std::memcpy(merged.spare().data(), bytes.data(), bytes.size());
    merged.grow(bytes.size());
  }
  return merged;
}

room_batch::run make_run(std::span<const item> items, std::size_t begin, std::size_t end) {
  room_batch::run run{.begin = begin, .end = end, .frames = {}, .excepted = {}};
  for (std::size_t encoding = 0; encoding < protocol::encoding::count; ++encoding)
    run.frames[encoding] = merge(items.subspan(begin, end - begin), encoding);
  for (auto i = begin; i != end; ++i)
    if (items[i].id != 0)
      run.excepted.push_back(items[i].id);
  std::sort(run.excepted.begin(), run.excepted.end());
  return run;
}

} // namespace

std::vector<room_batch::run> merge_runs(std::span<const item> items) {
  std::vector<room_batch::run> runs;
  for (std::size_t i = 0; i < items.size();) {
    auto end = end_of_run(items, i);
    if (end - i > 1)
      runs.push_back(make_run(items, i, end));
    i = std::max(end, i + 1);
  }
  return runs;
}

void batch_builder::broadcast(protocol::frame_set frames, const delivery& how,
                              connection_id except, std::string except_client) {
  items_.push_back({.what = room_batch::kind::broadcast,
                    .id = except,
                    .frames = std::move(frames),
                    .how = how,
                    .except_client = std::move(except_client)});
}

void batch_builder::add_member_item(room_batch::kind what, connection_id who, std::size_t shard,
                                    protocol::frame_ptr frame, const delivery& how) {
  items_.push_back({.what = what, .id = who, .how = how, .shard = shard});
  items_.back().frames[0] = std::move(frame);
}

void batch_builder::direct(connection_id to, std::size_t shard, protocol::frame_ptr frame,
                           const delivery& how) {
  add_member_item(room_batch::kind::direct, to, shard, std::move(frame), how);
}

void batch_builder::join(connection_id who, std::size_t shard, protocol::frame_ptr frame,
                         std::uint64_t ask_id) {
  add_member_item(room_batch::kind::join, who, shard, std::move(frame), {});
  items_.back().ask_id = ask_id;
}

void batch_builder::leave(connection_id who, std::size_t shard, protocol::frame_ptr frame,
                          std::uint64_t ask_id, bool is_forced) {
  add_member_item(room_batch::kind::leave, who, shard, std::move(frame), {});
  items_.back().ask_id = ask_id;
  items_.back().is_forced = is_forced;
}

room_batch_ptr batch_builder::take(room_ptr room) {
  auto batch = std::make_shared<room_batch>();
  batch->room = std::move(room);
  batch->runs = merge_runs(items_);
  batch->items = std::exchange(items_, {});
  return batch;
}

} // namespace troupe::actors

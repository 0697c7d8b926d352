#include "net/neffos_membership.hpp"

namespace troupe::net {
namespace {

/// Removes `room` from `where[space]`. @returns whether it was there
bool remove(neffos_membership::spaces& where, std::string_view space, std::string_view room) {
  const auto at = where.find(space);
  if (at == where.end())
    return false;
  const auto found = at->second.find(room);
  if (found == at->second.end())
    return false;
  at->second.erase(found);
  return true;
}

bool remove(neffos_membership::spaces& where, std::string_view space) {
  const auto at = where.find(space);
  if (at == where.end())
    return false;
  where.erase(at);
  return true;
}

} // namespace

bool neffos_membership::connect(std::string_view space) {
  const std::lock_guard lock{mutex_};
  wanted_.try_emplace(std::string{space});
  const bool is_new = connected_.try_emplace(std::string{space}).second;
  changed_.notify_all();
  return is_new;
}

bool neffos_membership::disconnect(std::string_view space) {
  const std::lock_guard lock{mutex_};
  remove(wanted_, space);
  return remove(connected_, space);
}

bool neffos_membership::join(std::string_view space, std::string_view room) {
  const std::lock_guard lock{mutex_};
  const auto at = connected_.find(space);
  if (at == connected_.end())
    return false;
  wanted_[std::string{space}].emplace(room);
  return at->second.emplace(room).second;
}

bool neffos_membership::leave(std::string_view space, std::string_view room) {
  const std::lock_guard lock{mutex_};
  remove(wanted_, space, room);
  return remove(connected_, space, room);
}

void neffos_membership::forget(std::string_view space) {
  const std::lock_guard lock{mutex_};
  remove(wanted_, space);
}

void neffos_membership::forget(std::string_view space, std::string_view room) {
  const std::lock_guard lock{mutex_};
  remove(wanted_, space, room);
}

void neffos_membership::forget_all() {
  const std::lock_guard lock{mutex_};
  wanted_.clear();
}

void neffos_membership::lost(bool comes_back) {
  const std::lock_guard lock{mutex_};
  connected_.clear();
  if (!comes_back)
    wanted_.clear();
}

bool neffos_membership::is_connected(std::string_view space) const {
  const std::lock_guard lock{mutex_};
  return connected_.find(space) != connected_.end();
}

bool neffos_membership::is_member(std::string_view space, std::string_view room) const {
  const std::lock_guard lock{mutex_};
  const auto at = connected_.find(space);
  return at != connected_.end() && at->second.find(room) != at->second.end();
}

std::vector<std::string> neffos_membership::rooms(std::string_view space) const {
  const std::lock_guard lock{mutex_};
  const auto at = connected_.find(space);
  if (at == connected_.end())
    return {};
  return {at->second.begin(), at->second.end()};
}

neffos_membership::spaces neffos_membership::connected() const {
  const std::lock_guard lock{mutex_};
  return connected_;
}

neffos_membership::spaces neffos_membership::wanted() const {
  const std::lock_guard lock{mutex_};
  return wanted_;
}

bool neffos_membership::wait_connected(std::string_view space,
                                       std::chrono::milliseconds limit) const {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, limit, [&] { return connected_.find(space) != connected_.end(); });
}

} // namespace troupe::net

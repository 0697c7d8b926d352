#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::net {

/// The namespaces that a neffos client is connected to, its rooms there, and which of them it wants
/// back after a reconnect.
///
/// Threading:  every function may be called from any thread; only the link's thread changes it.
/// Errors:     none; what is not there is reported as false or nothing.
class neffos_membership {
public:
  using name_set = std::set<std::string, std::less<>>;
  using spaces = std::map<std::string, name_set, std::less<>>; ///< rooms by namespace

  // -- changes; false if it was so already ----
  bool connect(std::string_view space);
  bool disconnect(std::string_view space);
  bool join(std::string_view space, std::string_view room);
  bool leave(std::string_view space, std::string_view room);

  /// It is not to be connected, or joined, again.
  void forget(std::string_view space);
  void forget(std::string_view space, std::string_view room);
  /// Nothing is to be connected again.
  void forget_all();

  /// The connection is lost. Without `comes_back` nothing is wanted any more.
  void lost(bool comes_back);

  // -- looking ----
  bool is_connected(std::string_view space) const;
  bool is_member(std::string_view space, std::string_view room) const;
  std::vector<std::string> rooms(std::string_view space) const;
  spaces connected() const;
  spaces wanted() const;
  /// Blocks until the namespace is connected. @returns false if it takes longer than `limit`
  bool wait_connected(std::string_view space, std::chrono::milliseconds limit) const;

private:
  mutable std::mutex mutex_; ///< protects everything below
  mutable std::condition_variable changed_;
  spaces connected_;
  spaces wanted_;
};

} // namespace troupe::net

#include "actors/session_table.hpp"

#include "net/digest.hpp"
#include "net/uuid.hpp"

namespace troupe::actors {

token_hash hash_token(std::string_view token) {
  return net::sha256(token);
}

std::string session_table::issue(connection_id id, tokens_of& to) {
  auto token = net::make_token();
  to.newest = hash_token(token);
  tokens_.emplace(to.newest, id);
  return token;
}

std::string session_table::open(const entry& session) {
  const std::lock_guard lock{mutex_};
  auto& made = sessions_[session.id];
  made.is_compressed = session.is_compressed;
  return issue(session.id, made);
}

std::optional<session_table::entry> session_table::find(const token_hash& token) const {
  const std::lock_guard lock{mutex_};
  const auto found = tokens_.find(token);
  if (found == tokens_.end())
    return std::nullopt;
  return entry{found->second, sessions_.at(found->second).is_compressed};
}

std::optional<std::string> session_table::renew(connection_id id, const token_hash& presented) {
  const std::lock_guard lock{mutex_};
  const auto found = tokens_.find(presented);
  if (found == tokens_.end() || found->second != id)
    return std::nullopt;
  auto& own = sessions_.at(id);
  if (own.presented && *own.presented != presented)
    tokens_.erase(*own.presented);
  if (own.newest != presented)
    tokens_.erase(own.newest); // the client never learnt it
  own.presented = presented;
  return issue(id, own);
}

void session_table::confirm(connection_id id) noexcept {
  const std::lock_guard lock{mutex_};
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || !found->second.presented)
    return;
  tokens_.erase(*found->second.presented);
  found->second.presented.reset();
}

void session_table::close(connection_id id) noexcept {
  const std::lock_guard lock{mutex_};
  const auto found = sessions_.find(id);
  if (found == sessions_.end())
    return;
  tokens_.erase(found->second.newest);
  if (found->second.presented)
    tokens_.erase(*found->second.presented);
  sessions_.erase(found);
}

std::size_t session_table::sessions() const {
  const std::lock_guard lock{mutex_};
  return sessions_.size();
}

std::size_t session_table::tokens() const {
  const std::lock_guard lock{mutex_};
  return tokens_.size();
}

} // namespace troupe::actors

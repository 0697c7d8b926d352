#pragma once
#include "troupe/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace troupe::actors {

/// What the server keeps of a token: enough to recognise it, not enough to use it.
using token_hash = std::array<std::byte, 32>;

/// @throws std::runtime_error if OpenSSL fails.
token_hash hash_token(std::string_view token);

/// The tokens of all sessions of a server, by which their clients find back.
///
/// A token is good for one return. The one that was presented stays good until `confirm`: the
/// client may be cut off before it has learnt the next. So a session has one valid token or two.
///
/// Threading:  any thread.
/// Bounds:     two hashes per open session, nothing for tokens that are wrong or used up; sessions
///             end by `close`, so there is nothing to expire here.
/// Errors:     `open` and `renew` throw std::runtime_error without random numbers.
class session_table {
public:
  /// A session that a token belongs to.
  struct entry {
    connection_id id = 0;
    bool is_compressed = false; ///< its frames are, so its next socket must take such
  };

  /// Begins a session. @returns its first token. @pre `id` has none
  std::string open(const entry& session);
  /// The session that `token` is good for.
  std::optional<entry> find(const token_hash& token) const;
  /// A new token for session `id`, whose client has presented `presented`; both are good now.
  /// @returns nothing if `presented` is not, or no longer, good for this session.
  std::optional<std::string> renew(connection_id id, const token_hash& presented);
  /// The client knows its newest token: the other one is used up.
  void confirm(connection_id id) noexcept;
  void close(connection_id id) noexcept;

  std::size_t sessions() const;
  std::size_t tokens() const;

private:
  struct tokens_of {
    token_hash newest{};
    std::optional<token_hash> presented{};
    bool is_compressed = false;
  };
  struct prefix_hash {
    std::size_t operator()(const token_hash& token) const noexcept {
      std::size_t result = 0;
      std::memcpy(&result, token.data(), sizeof result);
      return result;
    }
  };
  std::string issue(connection_id id, tokens_of& to);

  mutable std::mutex mutex_; // guards the rest
  std::unordered_map<connection_id, tokens_of> sessions_;
  std::unordered_map<token_hash, connection_id, prefix_hash> tokens_;
};

} // namespace troupe::actors

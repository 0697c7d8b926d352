#include "server/endpoint_limits.hpp"

#include "server/config_keys.hpp"

#include <optional>
#include <string_view>

namespace troupe {

namespace {

using std::chrono::milliseconds;

/// In place of a time that is switched off. Its milliseconds fit into 32 bits: clients are told the
/// ping interval.
constexpr milliseconds never = std::chrono::hours{24 * 24};

std::uint64_t to_number(std::size_t value) noexcept {
  return value;
}

std::uint64_t to_number(milliseconds value) noexcept {
  return value.count() < 0 ? UINT64_MAX : static_cast<std::uint64_t>(value.count());
}

/// Checks `own` against the key `name` and puts it in place of `common`.
template <class T>
void replace(T& common, const std::optional<T>& own, std::string_view name,
             const std::string& path) {
  if (!own)
    return;
  const auto* key = find_config_key(name);
  const auto value = to_number(*own);
  if (value < key->least || value > key->most)
    throw config_error{"The limit " + std::string{name} + " of the endpoint " + path + " must be "
                       + key->allowed() + "."};
  common = *own;
}

/// The same for a time that may be 0, to switch it off.
void replace_or_disable(milliseconds& common, const std::optional<milliseconds>& own,
                        std::string_view name, const std::string& path) {
  if (own == milliseconds{0})
    common = never;
  else
    replace(common, own, name, path);
}

} // namespace

struct config::limits apply(const endpoint_limits& own, struct config::limits common,
                            const std::string& path) {
  replace(common.message_bytes, own.message_bytes, "message-bytes", path);
  replace_or_disable(common.ping_interval, own.ping_interval, "ping-interval", path);
  replace(common.pong_timeout, own.pong_timeout, "pong-timeout", path);
  replace(common.read_timeout, own.read_timeout, "read-timeout", path);
  replace_or_disable(common.write_timeout, own.write_timeout, "write-timeout", path);
  replace(common.handshake_timeout, own.handshake_timeout, "handshake-timeout", path);
  return common;
}

} // namespace troupe

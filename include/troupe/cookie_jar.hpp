#pragma once
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Keeps the cookies that servers set during opening handshakes, and returns them later.
///
/// Threading:  implementations must allow calls from any thread.
class cookie_jar {
public:
  virtual ~cookie_jar() = default;

  /// The value of the Cookie field for a request to `url`; empty = none.
  virtual std::string cookies_for(std::string_view url) = 0;
  /// Takes the values of the Set-Cookie fields of an answer from `url`.
  virtual void store(std::string_view url, const std::vector<std::string>& set_cookie) = 0;
};

/// A cookie jar in memory, by the rules of RFC 6265: domains, paths, secure, Expires and Max-Age.
///
/// It knows no list of public suffixes, so a server could set a cookie for all of "co.uk": share
/// a jar only between servers that trust each other. At most 1,000 cookies of at most 4,096
/// bytes are kept; the oldest make room.
///
/// Threading:  all functions may be called from any thread.
/// Errors:     cookies that are not understood or not allowed are ignored.
class memory_cookie_jar final : public cookie_jar {
public:
  using clock = std::function<std::chrono::system_clock::time_point()>;

  explicit memory_cookie_jar(clock now = std::chrono::system_clock::now);

  std::string cookies_for(std::string_view url) override;
  void store(std::string_view url, const std::vector<std::string>& set_cookie) override;

  struct cookie {
    std::string name{};
    std::string value{};
    std::string domain{};     ///< lower case
    std::string path{};       ///< begins with a slash
    bool is_host_only = true; ///< not for subdomains
    bool is_secure = false;   ///< only over TLS
    std::chrono::system_clock::time_point expires = std::chrono::system_clock::time_point::max();
  };

private:
  void drop_expired();

  const clock now_;
  std::mutex guard_;            ///< of `cookies_`
  std::vector<cookie> cookies_; ///< in the order of their creation
};

} // namespace troupe

#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

class request;

/// Whose order of subprotocols counts when both sides have several in common.
enum class subprotocol_preference : std::uint8_t { server, client };

/// Decides which of the WebSocket subprotocols that a client offers is spoken.
///
/// A name that was not offered is never chosen: clients would fail the handshake. No choice is no
/// refusal: the connection goes on without a subprotocol, and most clients then end it themselves.
///
/// Threading:  immutable after construction; `choose` may be called from any thread if the function
///             given to `by` may be.
/// Errors:     `choose` passes on what the application's function throws.
class subprotocol_choice {
public:
  using chooser = std::function<std::string(const request&, const std::vector<std::string_view>&)>;

  /// None is ever chosen.
  subprotocol_choice() = default;

  /// One of `names`, the favourite first; compared exactly.
  subprotocol_choice(std::initializer_list<std::string> names)
      : subprotocol_choice{std::vector<std::string>{names}} {}
  subprotocol_choice(std::vector<std::string> names,
                     subprotocol_preference preference = subprotocol_preference::server)
      : names_{std::move(names)}, preference_{preference} {}

  /// The application decides among the offers; an empty text means none. It is called only if there
  /// are offers.
  static subprotocol_choice by(chooser decide);

  /// @returns one of `offers`, or nothing.
  std::string choose(const request& asked, const std::vector<std::string_view>& offers) const;

private:
  std::vector<std::string> names_;
  subprotocol_preference preference_ = subprotocol_preference::server;
  chooser decide_; ///< empty: by `names_`
};

} // namespace troupe

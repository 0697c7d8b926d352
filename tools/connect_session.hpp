#pragma once
#include "troupe/client.hpp"

#include "tools/connect_text.hpp"

#include <condition_variable>
#include <functional>
#include <iosfwd>
#include <mutex>

namespace troupe::connect {

/// A conversation with a server: shows what arrives, does what typed lines say.
///
/// What it writes: `<` before an event, `?` before an ask of the server, `=` before an answer, `*`
/// before news about rooms and the connection, `!` before an error.
///
/// Threading:  construct, `connect`, `handle` and `finish` on one thread; events are written by the
///             client's thread.
/// Lifetime:   `out` must outlive it.
class session {
public:
  session(client_options options, std::ostream& out);

  /// Calls `lost` when the connection has ended for good without `finish`.
  void on_lost(std::function<void()> lost);

  /// @returns whether there is a connection; otherwise the reason has been written.
  bool connect();

  /// Does what `line` says.
  /// @returns false after /quit.
  bool handle(std::string_view line);

  /// Listens for `wait`, then for open answers, and closes.
  void finish(std::chrono::milliseconds wait);

  /// Whether anything went wrong: a line, an answer, the connection.
  bool has_failed() const;

private:
  using member_list = std::vector<room_member>;

  void show_handlers();
  void show_incoming(const incoming& from);
  void show_change(const room_change& change);
  void show_close(const client_status& status, std::optional<std::chrono::milliseconds> retry);
  void show_rooms();

  void ask(const typed_line& line);
  void join(const typed_line& line);
  void leave(const typed_line& line);
  void sent(errc verdict, const std::string& what);

  void say(char mark, std::string_view text);
  void fail(std::string_view text);
  void one_answered();

  std::ostream& out_;

  mutable std::mutex mutex_; ///< protects what follows, and `out_`
  std::condition_variable changed_;
  std::size_t open_answers_ = 0;
  bool has_failed_ = false;
  bool is_finishing_ = false;
  bool is_lost_ = false;
  std::function<void()> lost_;

  client client_; ///< last: its thread uses all of the above
};

} // namespace troupe::connect

#include "tools/connect_raw.hpp"

#include "tools/connect_text.hpp"

#include <ostream>
#include <utility>

namespace troupe::connect {

namespace {
constexpr std::chrono::seconds close_timeout{2};
} // namespace

raw_session::raw_session(std::string url, dial_options options, std::ostream& out)
    : url_(std::move(url)), options_(std::move(options)), out_(out) {}

raw_session::~raw_session() {
  if (!reader_.joinable())
    return;
  socket_->drop();
  reader_.join();
}

bool raw_session::connect() {
  auto opened = dial(url_, options_);
  if (!opened) {
    fail(printable(opened.error().text));
    return false;
  }
  socket_.emplace(*std::move(opened));
  const auto& spoken = socket_->subprotocol();
  say('*', spoken.empty() ? "connected" : "connected, subprotocol " + printable(spoken));
  reader_ = std::thread{[this] { read_all(); }};
  return true;
}

void raw_session::send(std::string_view line) {
  if (const auto status = socket_->write_text(line); !status)
    fail("not sent: " + printable(status.text));
}

void raw_session::finish(std::chrono::milliseconds wait) {
  {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, wait, [this] { return is_over_; });
    is_finishing_ = true;
  }
  const auto deadline = std::chrono::steady_clock::now() + close_timeout;
  socket_->set_read_deadline(deadline);
  socket_->write_control(message_type::close, format_close_message(close_code::normal), deadline);
  reader_.join();
}

bool raw_session::has_failed() const {
  const std::lock_guard lock{mutex_};
  return has_failed_;
}

void raw_session::read_all() {
  while (true) {
    const auto message = socket_->read_message();
    if (!message)
      return show_end(message.error());
    show(*message);
  }
}

void raw_session::show(const websocket_message& message) {
  if (message.type == message_type::text)
    say('<', printable(message.text()));
  else
    say('#', std::to_string(message.bytes.size()) + " bytes: " + printable(message.text()));
}

void raw_session::show_end(const websocket_status& why) {
  const bool is_wanted = [this] {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
    return is_finishing_;
  }();
  changed_.notify_all();
  if (is_wanted)
    return say('*', "closed");
  fail("closed by the server with " + std::to_string(why.close_code)
       + (why.text.empty() ? "" : ": " + printable(why.text)));
  if (lost_)
    lost_();
}

void raw_session::say(char mark, std::string_view text) {
  const std::lock_guard lock{mutex_};
  out_ << mark << ' ' << text << '\n' << std::flush;
}

void raw_session::fail(std::string_view text) {
  say('!', text);
  const std::lock_guard lock{mutex_};
  has_failed_ = true;
}

} // namespace troupe::connect

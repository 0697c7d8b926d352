#include "troupe/dialer.hpp"

#include "net/ascii.hpp"
#include "net/client_channel.hpp"
#include "net/dial_request.hpp"
#include "net/http_answer.hpp"
#include "net/proxy.hpp"
#include "net/tcp_connect.hpp"
#include "net/websocket_core.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>

namespace troupe {
namespace net {
namespace {

dial_error refuse(std::string why) {
  return {errc::refused, std::move(why), std::nullopt};
}

/// One attempt to open a WebSocket. Throws a dial_error wherever it ends: this never leaves `dial`.
class dial_attempt {
public:
  dial_attempt(std::string_view url_text, const dial_options& options)
      : url_text_{url_text}, options_{options} {
    using namespace std::chrono;
    if (options.handshake_timeout.count() > 0)
      deadline_ = steady_clock::now() + options.handshake_timeout;
  }

  websocket run() {
    read_options();
    const std::stop_callback on_stop{options_.stop, [this] { stop(); }};
    connect();
    const auto key = make_handshake_key();
    const auto answer = upgrade(key);
    auto agreed = check_dial_answer(answer, key, options_);
    if (!agreed)
      throw dial_error{errc::refused, agreed.error(), answer};
    return open(answer, *agreed);
  }

private:
  void read_options() {
    const auto parsed = parse_dial_url(url_text_);
    if (!parsed)
      throw refuse("\"" + url_text_ + "\" is no ws:// or wss:// address.");
    to_ = *parsed;
    if (auto problem = check_dial_options(options_); !problem.empty())
      throw refuse(std::move(problem));
    choose_proxy();
  }

  void choose_proxy() {
    std::string text;
    try {
      text = options_.proxy ? options_.proxy(url_text_) : std::string{};
    } catch (const std::exception& problem) {
      throw refuse(std::string{"No proxy could be chosen: "} + problem.what());
    }
    if (text.empty())
      return;
    proxy_ = parse_proxy(text);
    if (!proxy_)
      throw refuse("The address of the proxy is no http:// or https:// address.");
  }

  // -- the connection ---------------------------------------------------------

  void connect() {
    const bool is_ready_made = to_.secure && !proxy_ && options_.connect_secure;
    const auto& first = proxy_ ? proxy_->at : to_;
    const int descriptor = make_socket(first, is_ready_made);
    {
      const std::lock_guard lock{guard_};
      channel_ = std::make_unique<client_channel>(descriptor);
    }
    check_stop(); // it may have come before there was a channel to drop
    if (proxy_)
      tunnel();
    if (to_.secure && !is_ready_made)
      secure(to_.host, options_.tls);
  }

  int make_socket(const url& first, bool is_ready_made) {
    const auto& hook = is_ready_made ? options_.connect_secure : options_.connect;
    if (hook)
      return call(hook, first);
    auto made = connect_tcp(first.host, first.port, deadline_, stopped_.descriptor());
    if (!made)
      throw dial_error{made.error().code, made.error().text, std::nullopt};
    return *made;
  }

  static int call(const connect_function& hook, const url& first) {
    std::string problem;
    try {
      if (const auto made = hook(first.host, first.port))
        return *made;
      else
        problem = made.error();
    } catch (const std::exception& thrown) {
      problem = thrown.what();
    }
    throw dial_error{errc::connection_lost, std::move(problem), std::nullopt};
  }

  void tunnel() {
    if (proxy_->at.secure) {
      auto tls = options_.tls;
      tls.server_name.clear();
      secure(proxy_->at.host, tls);
    }
    send(make_connect_request(to_, *proxy_));
    auto answer = receive(http_answer_reader::method::connect);
    if (answer.status / 100 != 2) {
      auto text = "The proxy refused the connection: " + std::to_string(answer.status) + " "
                  + answer.reason + ".";
      throw dial_error{errc::refused, std::move(text), std::move(answer)};
    }
    if (!input_.empty())
      throw refuse("The proxy sent bytes that nobody had asked for.");
  }

  void secure(const std::string& host, const tls_options& options) {
    auto context = make_client_context(options);
    if (!context)
      throw refuse(context.error());
    const auto& name = options.server_name.empty() ? host : options.server_name;
    auto tls = make_client_tls(**context, name, options.verify_peer);
    if (const auto done = channel_->secure(std::move(tls), deadline_); !done)
      throw_failure(done.code, done.text);
  }

  // -- the handshake ------------------------------------------------------------

  handshake_response upgrade(const std::string& key) {
    const auto jar = options_.cookies;
    send(make_dial_request(to_, key, options_, jar ? jar->cookies_for(url_text_) : std::string{}));
    auto answer = receive(http_answer_reader::method::get);
    if (jar)
      store_cookies(*jar, answer);
    return answer;
  }

  void store_cookies(cookie_jar& jar, const handshake_response& answer) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : answer.fields)
      if (iequals(name, "Set-Cookie"))
        lines.push_back(value);
    if (!lines.empty())
      jar.store(url_text_, lines);
  }

  void send(const std::string& request) {
    if (const auto code = channel_->write(as_bytes(request), deadline_); code != errc::ok)
      throw_failure(code, "The connection ended during the handshake.");
  }

  handshake_response receive(http_answer_reader::method asked) {
    http_answer_reader reader{asked};
    std::array<std::byte, 4096> chunk{};
    for (;;) {
      const auto got = channel_->read(chunk, shared_deadline{deadline_});
      if (got.code != errc::ok || got.bytes == 0) {
        if (reader.end() == answer_state::complete) // a refusal whose body was cut
          return reader.answer();
        throw_failure(got.code == errc::ok ? errc::connection_lost : got.code,
                      "The connection ended during the handshake.");
      }
      input_.insert(input_.end(), chunk.begin(),
                    chunk.begin() + static_cast<std::ptrdiff_t>(got.bytes));
      const auto [consumed, state] = reader.feed(input_);
      input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(consumed));
      if (state == answer_state::invalid)
        throw refuse("The answer to the handshake is no HTTP.");
      if (state == answer_state::complete)
        return reader.answer();
    }
  }

  websocket open(const handshake_response& answer, const agreement& agreed) {
    websocket_settings settings;
    settings.read_buffer_bytes = options_.read_buffer_bytes;
    settings.write_buffer_bytes = options_.write_buffer_bytes;
    settings.message_bytes = options_.message_bytes;
    settings.is_compressed = agreed.is_compressed;
    settings.subprotocol = agreed.subprotocol;
    settings.handshake = answer;
    settings.input = std::move(input_);
    const std::lock_guard lock{guard_};
    return websocket{std::make_shared<websocket_core>(std::move(channel_), std::move(settings))};
  }

  // -- the end of the attempt -----------------------------------------------------

  void stop() {
    stopped_.raise();
    const std::lock_guard lock{guard_};
    if (channel_)
      channel_->drop();
  }

  void check_stop() const {
    if (options_.stop.stop_requested())
      throw dial_error{errc::closed, "The attempt was stopped.", std::nullopt};
  }

  [[noreturn]] void throw_failure(errc code, std::string text) const {
    check_stop();
    if (code == errc::timed_out)
      text = "The handshake was not complete in time.";
    throw dial_error{code, std::move(text), std::nullopt};
  }

  const std::string url_text_;
  const dial_options& options_;
  time_point deadline_{};
  url to_;
  std::optional<proxy_address> proxy_;
  std::vector<std::byte> input_; ///< arrived, not yet used
  event_signal stopped_;
  std::mutex guard_; ///< of the pointer `channel_`, which `stop` follows on another thread
  std::unique_ptr<client_channel> channel_;
};

} // namespace
} // namespace net

result<websocket, dial_error> dial(std::string_view url, const dial_options& options) {
  try {
    return net::dial_attempt{url, options}.run();
  } catch (const dial_error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& problem) {
    return dial_error{errc::internal, problem.what(), std::nullopt};
  }
}

} // namespace troupe

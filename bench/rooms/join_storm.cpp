// N connections that ask for a seat and take it: join_storm HOST:PORT N SECONDS
// Their asks are spread evenly over SECONDS; 0: all at once. Prints the latencies of both steps.
#include "troupe/arguments.hpp"
#include "troupe/describe.hpp"

#include "protocol/native.hpp"
#include "protocol/native_encode.hpp"
#include "tools/load_histogram.hpp"
#include "tools/load_swarm.hpp"

#include <boost/describe.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace troupe;
using namespace troupe::load;
using protocol::operation;
using std::chrono::steady_clock;

struct seats {
  std::string room;
  std::vector<std::string> tokens;
};
BOOST_DESCRIBE_STRUCT(seats, (), (room, tokens))

struct request {
  std::string kind;
};
BOOST_DESCRIBE_STRUCT(request, (), (kind))

class storm final : swarm_events {
public:
  storm(const options& settings, const target_address& target)
      : settings_{settings}, swarm_{settings, target, *this}, asked_(settings.connections) {}

  int run(double seconds) {
    connect_all();
    ask_all(seconds);
    report(seconds);
    swarm_.drop_all();
    return joined_ == settings_.connections && fullest() <= 8 ? 0 : 1;
  }

private:
  static constexpr auto step = std::chrono::milliseconds{1};

  void connect_all() {
    constexpr std::size_t at_once = 256;
    for (std::size_t next = 0; ready_ + failed_ < settings_.connections;) {
      for (; next < settings_.connections && next < ready_ + failed_ + at_once; ++next)
        swarm_.connect(next, steady_clock::now());
      swarm_.poll(steady_clock::now() + step);
      swarm_.enforce_deadlines(steady_clock::now());
    }
  }

  void ask_all(double seconds) {
    const auto begin = steady_clock::now();
    const auto end = begin + std::chrono::seconds{30};
    const auto gap = std::chrono::duration_cast<nanoseconds>(
        std::chrono::duration<double>{seconds / static_cast<double>(settings_.connections)});
    std::size_t next = 0;
    while (joined_ + problems_ + failed_ < settings_.connections && steady_clock::now() < end) {
      for (; next < settings_.connections
             && begin + gap * static_cast<long>(next) <= steady_clock::now();
           ++next)
        ask(next, seconds == 0 ? begin : begin + gap * static_cast<long>(next));
      swarm_.flush();
      swarm_.poll(next == settings_.connections ? steady_clock::now() + step
                                                : std::min(steady_clock::now() + step,
                                                           begin + gap * static_cast<long>(next)));
    }
  }

  /// @param due  latency counts from here, however late the client is.
  void ask(std::size_t link, instant due) {
    if (!swarm_.is_open(link))
      return;
    asked_[link] = due;
    const auto front = protocol::encode_ask(1, {.number = 0, .text = "rooms.join_or_create"},
                                            content_kind::arguments);
    swarm_.append(link, front.bytes(), make_payload(request{"hall"}).bytes);
  }

  void join(std::size_t link, const seats& got, instant now) {
    calls_.record(now - asked_[link]);
    asked_[link] = now;
    ++players_[got.room];
    const auto front = protocol::encode_join(2, got.room);
    swarm_.append(link, front.bytes(), make_payload(got.tokens.at(0)).bytes);
  }

  void on_message(std::size_t link, byte_view message, instant now) override {
    const auto what = protocol::decode_server(message);
    if (!what || what->op == operation::error)
      return fail(what ? std::string{what->text} : "no message of troupe.v1");
    if (what->op == operation::hello) {
      ++ready_;
    } else if (what->op == operation::reply) {
      const auto got = unpack_args<std::tuple<seats>>({what->payload, what->content});
      got ? join(link, std::get<0>(*got), now) : fail(got.error().text);
    } else if (what->op == operation::joined) {
      joins_.record(now - asked_[link]);
      ++joined_;
    }
  }
  void on_open(std::size_t, instant) override {}
  void on_read(instant) override { swarm_.flush(); }
  void on_closed(std::size_t, bool, instant) override {}
  void on_lost(std::size_t, const std::string& why) override { fail(why); }
  void on_failed(std::size_t, const std::string& why) override {
    ++failed_;
    complain(why);
  }
  void fail(const std::string& why) {
    ++problems_;
    complain(why);
  }
  void complain(const std::string& why) const {
    if (problems_ + failed_ <= 5)
      std::fprintf(stderr, "join_storm: %s\n", why.c_str());
  }

  std::size_t fullest() const {
    std::size_t most = 0;
    for (const auto& [room, players] : players_)
      most = std::max(most, players);
    return most;
  }

  static void print(const char* what, const histogram& of) {
    const auto ms = [](nanoseconds time) {
      return std::chrono::duration<double, std::milli>{time};
    };
    std::printf("  %-5s p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms\n", what,
                ms(of.quantile(0.5)).count(), ms(of.quantile(0.99)).count(), ms(of.max()).count());
  }

  void report(double seconds) const {
    const auto unfilled = std::count_if(players_.begin(), players_.end(),
                                        [](const auto& each) { return each.second < 8; });
    std::printf(
        "%zu connections over %.1f s: %zu joined, %zu rooms, most players %zu, not full %ld, "
        "problems %zu\n",
        settings_.connections, seconds, joined_, players_.size(), fullest(), unfilled,
        problems_ + failed_);
    print("call", calls_);
    print("join", joins_);
  }

  const options& settings_;
  swarm swarm_;
  std::vector<instant> asked_;
  histogram calls_;
  histogram joins_;
  std::map<std::string, std::size_t> players_; // tokens handed out, by room
  std::size_t ready_ = 0;
  std::size_t joined_ = 0;
  std::size_t failed_ = 0;
  std::size_t problems_ = 0;
};

} // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "join_storm HOST:PORT CONNECTIONS SECONDS\n");
    return 2;
  }
  options settings;
  settings.target = *net::parse_url(std::string{"ws://"} + words[1] + "/rooms");
  settings.connections = static_cast<std::size_t>(std::atoi(words[2]));
  settings.what = scenario::idle;
  settings.subprotocol = std::string{protocol::native_protocol};
  const auto target = resolve(settings.target);
  return storm{settings, target}.run(std::atof(words[3]));
}

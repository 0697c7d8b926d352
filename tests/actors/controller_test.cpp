#include "troupe/controller.hpp"

#include "troupe/refused.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/fake_connection.hpp"

using namespace troupe;
using test::fake_connection;

namespace {

/// Handles an event as the server does. @returns the answer, -1 if there is none.
template <class... Args>
int ask(space& in, connection& from, std::string_view event, const Args&... args) {
  auto* handler = in.find_handler(event);
  REQUIRE(handler != nullptr);
  const auto content = make_payload(args...);
  const auto outcome = (*handler)(from, content);
  CHECK(outcome.code == errc::ok);
  if (!outcome.reply)
    return -1;
  return std::get<0>(*unpack_args<std::tuple<int>>(*outcome.reply));
}

/// Counts what it is told.
class counter {
public:
  static constexpr auto events() {
    return event_list{event<&counter::add>(), event<&counter::total>(),
                      event<&counter::reset>("start:over")};
  }

  counter() = default;
  explicit counter(int first) : total_{first} {}

  void add(connection& from, int number) {
    total_ += number;
    from.emit("added");
  }
  int total() const { return total_; }
  void reset() noexcept { total_ = 0; }

private:
  int total_ = 0;
};

struct two_clients {
  endpoint at{"/count", speaks::neffos};
  fake_connection first{1};
  fake_connection second{2};

  void connect() {
    for (auto* each : {&first, &second})
      if (at.connect)
        at.connect(*each);
  }
};

} // namespace

TEST_CASE("controller: an event is called as its function, or as the list says",
          "[actors][controller]") {
  CHECK(method_name<&counter::add>() == "add");
  two_clients clients;
  mount<counter>(clients.at);
  CHECK(clients.at.event_names() == std::vector<std::string>{"add", "total", "start:over"});
}

TEST_CASE("controller: G01 a shared one serves every connection", "[actors][controller]") {
  two_clients clients;
  counter lent;
  SECTION("that the application keeps") {
    mount(clients.at, shared_controller(lent));
  }
  SECTION("that the endpoint keeps") {
    mount(clients.at, shared_controller(std::make_shared<counter>()));
  }
  clients.connect();
  ask(clients.at, clients.first, "add", 2);
  ask(clients.at, clients.second, "add", 3);
  CHECK(ask(clients.at, clients.first, "total") == 5);
  CHECK(clients.first.sent == std::vector<std::string>{"added"});
  CHECK(clients.first.space_values().find<controller_instances>() == nullptr);
}

TEST_CASE("controller: G02 each connection has one of its own in each space",
          "[actors][controller]") {
  two_clients clients;
  mount(clients.at, per_connection<counter>().in("a", "b"));
  auto& a = clients.at.space("a");
  fake_connection first_in_a{1, "a"};
  fake_connection second_in_a{2, "a"};
  a.connect(first_in_a);
  a.connect(second_in_a);
  ask(a, first_in_a, "add", 2);
  ask(a, second_in_a, "add", 3);
  CHECK(ask(a, first_in_a, "total") == 2);
  CHECK(ask(a, second_in_a, "total") == 3);
  ask(a, first_in_a, "start:over");
  CHECK(ask(a, first_in_a, "total") == 0);

  auto& b = clients.at.space("b");
  fake_connection first_in_b{1, "b"};
  b.connect(first_in_b);
  ask(b, first_in_b, "add", 7);
  CHECK(ask(a, first_in_a, "total") == 0);
  CHECK(ask(b, first_in_b, "total") == 7);
}

TEST_CASE("controller: G03 each is a copy of the prototype", "[actors][controller]") {
  two_clients clients;
  mount(clients.at, copies_of(counter{40}));
  clients.connect();
  ask(clients.at, clients.first, "add", 2);
  CHECK(ask(clients.at, clients.first, "total") == 42);
  CHECK(ask(clients.at, clients.second, "total") == 40);
}

namespace {

struct logbook {
  std::vector<std::string> lines;
};

struct player {
  std::string name;
};

/// Is given a service, a value, something made for its connection, and the connection.
class game {
public:
  static constexpr auto events() { return event_list{event<&game::total>()}; }

  game(connection& of, logbook& book, int bonus, player who)
      : book_{book}, total_{static_cast<int>(of.id()) + bonus}, name_{std::move(who.name)} {
    book_.lines.push_back("in " + name_);
  }
  game(const game&) = delete;
  ~game() { book_.lines.push_back("out " + name_); }

  int total() const { return total_; }

private:
  logbook& book_;
  const int total_;
  const std::string name_;
};

player find_player(connection& of) {
  return {"player " + std::to_string(of.id())};
}

} // namespace

TEST_CASE("controller: G06 services and values are injected", "[actors][controller]") {
  logbook book;
  two_clients clients;
  mount<game>(clients.at, std::ref(book), 100, find_player);
  clients.connect();
  CHECK(book.lines == std::vector<std::string>{"in player 1", "in player 2"});
  CHECK(ask(clients.at, clients.second, "total") == 102);
  clients.second.space_values().clear();
  CHECK(book.lines.back() == "out player 2");
}

TEST_CASE("controller: G06 a function makes the whole object", "[actors][controller]") {
  two_clients clients;
  mount(clients.at, made_by([](connection& of) {
          return of.id() == 1 ? std::make_shared<counter>(9) : nullptr;
        }));
  clients.at.connect(clients.first);
  CHECK(ask(clients.at, clients.first, "total") == 9);
  CHECK_THROWS_AS(clients.at.connect(clients.second), std::logic_error);
}

TEST_CASE("controller: G05 matchers choose events and name them", "[actors][controller]") {
  two_clients clients;
  using names = std::vector<std::string>;
  SECTION("by prefix") {
    mount(clients.at, per_connection<counter>().match(with_prefix("t")));
    CHECK(clients.at.event_names() == names{"total"});
  }
  SECTION("by prefix, and without it") {
    mount(clients.at, per_connection<counter>().match(trim_prefix("start:")));
    CHECK(clients.at.event_names() == names{"over"});
    CHECK(clients.at.find_handler("over") != nullptr);
  }
  SECTION("by a function of one's own") {
    mount(clients.at, per_connection<counter>().match([](std::string_view name) {
      return name == "add" ? std::nullopt : std::optional{"count/" + std::string{name}};
    }));
    CHECK(clients.at.event_names() == names{"count/total", "count/start:over"});
  }
}

TEST_CASE("controller: G07 its timeouts are those of its endpoint", "[actors][controller]") {
  using namespace std::chrono_literals;
  two_clients clients;
  clients.at.limits({.message_bytes = 100, .read_timeout = 9s});
  mount(clients.at, per_connection<counter>().in("a").limits({.read_timeout = 5s}));
  mount(clients.at, per_connection<counter>().in("b").limits({.write_timeout = 2s}));
  CHECK(clients.at.own_limits.message_bytes == 100U);
  CHECK(clients.at.own_limits.read_timeout == 5s);
  CHECK(clients.at.own_limits.write_timeout == 2s);
  CHECK(!clients.at.own_limits.ping_interval);
  CHECK_THROWS_AS(
      mount(clients.at.space("c"), per_connection<counter>().limits({.read_timeout = 5s})),
      std::invalid_argument);
}

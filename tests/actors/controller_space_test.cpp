#include "troupe/controller.hpp"
#include "troupe/refused.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/fake_connection.hpp"

using namespace troupe;
using test::fake_connection;

namespace {

using words = std::vector<std::string>;

/// Writes down every call; refuses what it is told to refuse.
class witness {
public:
  static constexpr auto events() { return event_list{event<&witness::say>()}; }

  witness(words& seen, std::string name, std::string refuses)
      : seen_{seen}, name_{std::move(name)}, refuses_{std::move(refuses)} {}
  witness(const witness&) = delete;

  void on_connect(connection&) { note("connect"); }
  void on_connected(connection&) { note("connected"); }
  void on_disconnect(connection&, const close_info&) { note("disconnect"); }
  void on_join(connection&, std::string_view room) { note("join " + std::string{room}); }
  void on_leave(connection&, std::string_view, cause) { note("leave"); }
  void on_error(connection&, std::string_view event) { note("error " + std::string{event}); }
  void on_any() { note("any"); }
  std::string say() {
    note("say");
    return name_;
  }

private:
  void note(const std::string& what) {
    seen_.push_back(name_ + " " + what);
    if (what == refuses_)
      throw refused{name_ + " refuses"};
  }

  words& seen_;
  const std::string name_;
  const std::string refuses_;
};

struct two_witnesses {
  words seen;
  endpoint at{"/seen", speaks::neffos};
  fake_connection client{1};

  explicit two_witnesses(const std::string& first_refuses = {},
                         const std::string& second_refuses = {}) {
    mount<witness>(at, std::ref(seen), "A", first_refuses);
    mount<witness>(at, std::ref(seen), "B", second_refuses);
  }
  words take() { return std::exchange(seen, {}); }
  words connected() {
    at.connect(client);
    return take();
  }
};

constexpr close_info forced{.by = {.is_forced = true}};

} // namespace

TEST_CASE("controller: G08 of several each is called, in the order of mounting",
          "[actors][controller]") {
  two_witnesses test;
  test.at.connect(test.client);
  test.at.connected(test.client);
  CHECK(test.take() == words{"A connect", "B connect", "A connected", "B connected"});
  test.at.join(test.client, "hall", {});
  test.at.error(test.client, "say", "no");
  CHECK(test.take() == words{"A join hall", "B join hall", "A error say", "B error say"});
  const auto answer = (*test.at.find_handler("say"))(test.client, {});
  CHECK(test.at.any(test.client, {}).code == errc::ok);
  CHECK(test.take() == words{"A say", "B say", "A any", "B any"});
  REQUIRE(answer.reply);
  CHECK(std::get<0>(*unpack_args<std::tuple<std::string>>(*answer.reply)) == "A");
  test.at.disconnect(test.client, {});
  CHECK(test.take() == words{"B disconnect", "A disconnect"});
  test.at.leave(test.client, "hall", forced.by); // as neffos has it: what was left, then the rooms
  CHECK(test.take() == words{"A leave", "B leave"});
}

TEST_CASE("controller: the first that refuses ends the round", "[actors][controller]") {
  two_witnesses test{"connect", "disconnect"};
  CHECK_THROWS_AS(test.at.connect(test.client), refused);
  CHECK(test.take() == words{"A connect"});
  CHECK_THROWS_AS(test.at.disconnect(test.client, {}), refused);
  CHECK(test.take() == words{"B disconnect"});
}

TEST_CASE("controller: what is forced reaches all, though one throws", "[actors][controller]") {
  two_witnesses test{"leave", "disconnect"};
  test.connected();
  CHECK_THROWS_AS(test.at.leave(test.client, "hall", {}), refused);
  CHECK(test.take() == words{"A leave"});
  CHECK_THROWS_AS(test.at.leave(test.client, "hall", {.is_forced = true}), refused);
  CHECK(test.take() == words{"A leave", "B leave"});
  CHECK_THROWS_AS(test.at.disconnect(test.client, forced), refused);
  CHECK(test.take() == words{"B disconnect", "A disconnect"});
}

TEST_CASE("controller: hooks of the space that were there are called first",
          "[actors][controller]") {
  words seen;
  endpoint at{"/seen", speaks::neffos};
  at.on_connect([&](connection&) { seen.emplace_back("space connect"); });
  at.on_disconnect([&](connection&, const close_info&) { seen.emplace_back("space disconnect"); });
  mount<witness>(at, std::ref(seen), "A", "");
  fake_connection client{1};
  at.connect(client);
  at.disconnect(client, {});
  CHECK(seen == words{"space connect", "A connect", "A disconnect", "space disconnect"});
}

TEST_CASE("controller: an event that ends its own controller runs to its end",
          "[actors][controller]") {
  struct leaver {
    static constexpr auto events() { return event_list{event<&leaver::leave>()}; }
    explicit leaver(bool& is_gone) : is_gone_{is_gone} {}
    leaver(const leaver&) = delete;
    ~leaver() { is_gone_ = true; }
    bool leave(connection& from) {
      from.space_values().clear();
      return !is_gone_;
    }
    bool& is_gone_;
  };
  bool is_gone = false;
  endpoint at{"/seen", speaks::neffos};
  mount<leaver>(at, std::ref(is_gone));
  fake_connection client{1};
  at.connect(client);
  const auto outcome = (*at.find_handler("leave"))(client, {});
  REQUIRE(outcome.reply);
  CHECK(std::get<0>(*unpack_args<std::tuple<bool>>(*outcome.reply)));
  CHECK(is_gone);
}

TEST_CASE("controller: one may have hooks alone", "[actors][controller]") {
  struct greeter {
    static constexpr auto events() { return event_list{}; }
    void on_connected(connection& who) { who.emit("welcome"); }
  };
  endpoint at{"/seen", speaks::neffos};
  mount<greeter>(at);
  fake_connection client{1};
  at.connected(client);
  CHECK(client.sent == words{"welcome"});
  CHECK(at.event_names().empty());
}

// -- which space ----

namespace {

struct by_field {
  static constexpr std::string_view space = "field";
  static constexpr auto events() { return event_list{event<&by_field::go>()}; }
  void go() {}
};
struct by_function {
  static std::string space() { return "function"; }
  static constexpr auto events() { return event_list{event<&by_function::go>()}; }
  void go() {}
};
struct by_object {
  std::string space = "object";
  static constexpr auto events() { return event_list{event<&by_object::go>()}; }
  void go() {}
};
struct by_method {
  int number = 0;
  std::string space() const { return "method " + std::to_string(number); }
  static constexpr auto events() { return event_list{event<&by_method::go>()}; }
  void go() {}
};

struct pair {
  static constexpr auto events() { return event_list{event<&pair::go>(), event<&pair::stop>()}; }
  void go() {}
  void stop() {}
};

bool has_go(endpoint& at, std::string_view space) {
  return at.space(space).find_handler("go") != nullptr;
}

std::string mistake(const std::function<void()>& mounting) {
  try {
    mounting();
  } catch (const std::invalid_argument& wrong) {
    return wrong.what();
  }
  return "none";
}

} // namespace

TEST_CASE("controller: G04 a field, a function or a setter says the space",
          "[actors][controller]") {
  endpoint at{"/where", speaks::neffos};
  mount<by_field>(at);
  mount<by_function>(at);
  mount(at, copies_of(by_object{}));
  mount(at, shared_controller(std::make_shared<by_method>(by_method{7})));
  for (auto* space : {"field", "function", "object", "method 7"})
    CHECK(has_go(at, space));
  CHECK(!has_go(at, "default"));
  mount(at, per_connection<by_object>().in("first", "second"));
  CHECK(has_go(at, "first"));
  CHECK(has_go(at, "second"));
  mount<by_field>(at.space("exactly here"));
  CHECK(has_go(at, "exactly here"));
}

TEST_CASE("controller: G09 mistakes that show at start are sentences", "[actors][controller]") {
  endpoint at{"/wrong", speaks::neffos};
  auto says = [&](const auto& controller, std::string_view sentence) {
    const auto text = mistake([&] { mount(at, controller); });
    INFO(text);
    CHECK(text.find(sentence) != std::string::npos);
  };
  says(per_connection<by_field>().in("a", "a"), "by_field is mounted in the space \"a\" twice");
  says(per_connection<by_object>(), "before a client comes: make its member `space` static");
  says(per_connection<by_field>().match(
           [](std::string_view) { return std::optional{std::string{}}; }),
       "by_field gives an event an empty name");
  says(per_connection<by_field>().match(with_prefix("on_")), "by_field leaves no event");
  says(per_connection<pair>().match([](std::string_view) { return "same"; }), "two events of");
  CHECK(mistake([&] {
          mount(at.space("b"), per_connection<by_field>().in("a"));
        }).find("has spaces of its own: mount it on an endpoint")
        != std::string::npos);
  CHECK(mistake([] { shared_controller(std::shared_ptr<by_field>{}); }).find("is null")
        != std::string::npos);
}

// Controllers with one mistake each: compiled by check_wrong.cmake, which looks for a sentence
// about every one of them. Without WRONG it compiles.
#include "troupe/controller.hpp"

using troupe::connection;
using troupe::event;
using troupe::event_list;

namespace {

template <class C>
class right {
public:
  static constexpr auto events() { return event_list{event<&C::go>()}; }
  void go() {}
};

struct nothing_wrong : right<nothing_wrong> {
  void on_join(connection&, std::string_view) {}
};

#ifdef WRONG

struct no_list {
  void go() {}
};

class private_list {
  static constexpr auto events() { return event_list{event<&private_list::go>()}; }
  void go() {}
};

struct empty_name {
  static constexpr auto events() { return event_list{event<&empty_name::go>("")}; }
  void go() {}
};

struct same_name {
  static constexpr auto events() {
    return event_list{event<&same_name::go>(), event<&same_name::run>("go")};
  }
  void go() {}
  void run() {}
};

struct static_event {
  static constexpr auto events() { return event_list{event<&static_event::go>()}; }
  static void go() {}
};

struct strange_event {
  static constexpr auto events() { return event_list{event<&nothing_wrong::on_join>()}; }
};

struct qualified_event {
  static constexpr auto events() { return event_list{event<&qualified_event::go>()}; }
  void go() & {}
};

struct pointer_event {
  static constexpr auto events() { return event_list{event<&pointer_event::go>()}; }
  void go(connection&, const char*) {}
};

class private_hook : public right<private_hook> {
  void on_joined(connection&, std::string_view) {}
};

struct overloaded_hook : right<overloaded_hook> {
  void on_left(connection&) {}
  void on_left(connection&, std::string_view) {}
};

struct hook_with_result : right<hook_with_result> {
  bool on_connect(connection&) { return false; }
};

struct hook_with_too_much : right<hook_with_too_much> {
  void on_connected(connection&, std::string_view) {}
};

struct hook_of_other_things : right<hook_of_other_things> {
  void on_leave(connection&, int) {}
};

struct number_as_space : right<number_as_space> {
  static constexpr int space = 3;
};

struct needs_a_service : right<needs_a_service> {
  explicit needs_a_service(std::string&) {}
};

#endif

} // namespace

void mount_all(troupe::endpoint& at);

void mount_all(troupe::endpoint& at) {
  troupe::mount<nothing_wrong>(at);
#ifdef WRONG
  troupe::mount<no_list>(at);
  troupe::mount<private_list>(at);
  troupe::mount<empty_name>(at);
  troupe::mount<same_name>(at);
  troupe::mount<static_event>(at);
  troupe::mount<strange_event>(at);
  troupe::mount<qualified_event>(at);
  troupe::mount<pointer_event>(at);
  troupe::mount<private_hook>(at);
  troupe::mount<overloaded_hook>(at);
  troupe::mount<hook_with_result>(at);
  troupe::mount<hook_with_too_much>(at);
  troupe::mount<hook_of_other_things>(at);
  troupe::mount<number_as_space>(at);
  troupe::mount<needs_a_service>(at);
#endif
}

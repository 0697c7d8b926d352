#include "tests/support/state_script.hpp"

#include "troupe/game/state_json.hpp"

#include <stdexcept>

namespace troupe::test {

using namespace troupe::game;

namespace {

/// A room with one client that sees everything or, later, only what is near.
class script {
public:
  script() {
    publisher_.place(&battle::bullets, [](const bullet& one) { return map_point{one.x, one.y}; });
  }

  battle state;

  void tell_everything(const std::string& name) {
    publisher_.publish(state, ++tick_);
    take(name, *publisher_.patch_since(mirror_.tick()));
  }

  void skip() { publisher_.publish(state, ++tick_); }

  void tell_view(const std::string& name) {
    publisher_.publish(state, ++tick_);
    take(name, *publisher_.patch_for(view_));
  }

  std::vector<script_step> take_steps() { return std::move(steps_); }

private:
  void take(const std::string& name, const state_patch& patch) {
    std::vector<state_change> changes;
    const auto outcome =
        mirror_.apply(patch.view(), [&](const state_change& change) { changes.push_back(change); });
    if (!outcome || *outcome != mirror_outcome::applied)
      throw std::logic_error{"the script's patch '" + name + "' was not applied"};
    steps_.push_back(
        {name, *patch.bytes, patch.to, game::to_json(seen_), troupe::test::to_json(changes)});
  }

  state_publisher<battle> publisher_;
  client_view view_{{.radius = 50, .hysteresis = 10}};
  battle seen_;
  untyped_mirror mirror_{record_of<battle>(), &seen_};
  tick_number tick_ = 0;
  std::vector<script_step> steps_;
};

void play_root(script& with) {
  with.tell_everything("an empty state");
  with.state.round = 4'294'967'295;
  with.state.wind = -0.1F;
  with.state.balance = -9'007'199'254'740'993;
  with.tell_everything("numbers at their bounds");
  with.state.title = "B\xC3\xBCrger \xE2\x98\x83 \"quoted\"\n";
  with.state.balance = 9'007'199'254'740'991;
  with.tell_everything("a text");
  with.state.log = {"one", "", "three"};
  with.state.vanes = {0.0F, 1.5F, 6.28F, -0.1F};
  with.state.rows = {{1, -2}, {}, {127, -128, 0}};
  with.tell_everything("lists grow");
  with.state.log[1] = "two";
  with.state.vanes[3] = 3.0F;
  with.state.rows[0][1] = 5;
  with.tell_everything("elements change");
  with.state.log.resize(1);
  with.state.rows.pop_back();
  with.state.vanes.clear();
  with.tell_everything("lists shrink");
}

void play_entities(script& with) {
  with.state.fighters[3].name = "ada";
  with.state.fighters[300];
  with.state.bullets[9'007'199'254'740'991].x = -100;
  with.tell_everything("entities enter");
  auto& one = with.state.fighters[3];
  one.place = {99.96F, -0.04F};
  one.heading = -0.5F;
  one.health = 96;
  one.team = side::blue;
  one.is_alive = false;
  one.score = -2'147'483'647 - 1;
  one.wealth = 18'446'744'073'709'551'615U;
  one.mass = 0.1;
  with.tell_everything("numbers of every kind");
  one.items = {{65'535, "sword"}, {0, ""}};
  one.spells[7] = {31, {1, 2, 255}};
  with.tell_everything("records in lists and maps");
  one.items[1].label = "shield";
  one.spells[7].strength = 2;
  one.spells[500];
  with.tell_everything("changes deep inside");
  with.state.bullets[4] = {1.0F, 2.0F, 3.0F};
  with.skip();
  one.spells.erase(7);
  with.state.fighters.erase(300);
  with.state.bullets[4].x = 1.1F;
  with.skip();
  with.state.bullets.erase(9'007'199'254'740'991);
  with.tell_everything("a merged patch with removals");
  with.state.fighters[3] = {};
  with.tell_everything("back to the beginning");
}

void play_view(script& with) {
  for (entity_id id = 10; id < 16; ++id)
    with.state.bullets[id].x = static_cast<float>(id) * 4;
  with.tell_view("a snapshot replaces the state");
  with.state.bullets[15].x = 61;
  with.state.bullets[13].x = 49;
  with.state.bullets.erase(10);
  with.tell_view("entities leave and enter the view");
  with.state.bullets[11] = {40.0F, -0.3F, -0.1F};
  with.state.bullets[12] = {10.0F, 0.1F, 3.1F};
  with.tell_view("small and large differences");
  with.state.bullets[11].heading = 0.1F;
  with.state.bullets[12].x = 13.2F;
  with.skip();
  with.state.bullets[12].x = 13.4F;
  with.tell_view("differences of what changed once, codes of what changed twice");
}

std::string change_text(const state_change& change) {
  constexpr const char* kinds[] = {"value", "entered", "changed", "left"};
  const auto& leaf = record_of<battle>().leaves[change.leaf];
  std::string text = "[\"" + std::string{kinds[static_cast<std::size_t>(change.kind)]} + "\", \""
                     + leaf.path + '"';
  if (change.kind != change_kind::value)
    text += ", " + std::to_string(change.id);
  if (change.kind == change_kind::left)
    text += change.is_destroyed ? ", true" : ", false";
  return text + ']';
}

} // namespace

std::string to_json(const std::vector<state_change>& changes) {
  std::string text;
  for (const auto& change : changes)
    text += (text.empty() ? "" : ", ") + change_text(change);
  return '[' + text + ']';
}

std::vector<script_step> play_script() {
  script with;
  play_root(with);
  play_entities(with);
  play_view(with);
  return with.take_steps();
}

} // namespace troupe::test

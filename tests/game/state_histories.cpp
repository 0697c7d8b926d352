// troupe_state_histories COUNT: random histories of a state, for mirrors in other languages. Every
// line is a letter and its value: S the schema in hex, H the seed of a new history, P a patch in
// hex, E what the mirror must hold then, as JSON. Fails when the C++ mirror holds anything else.
// troupe_state_histories golden: the steps of tests/golden/state.json.
#include "troupe/game/state_json.hpp"

#include "tests/support/hex.hpp"
#include "tests/support/state_script.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace troupe;
using namespace troupe::game;
using namespace troupe::test;

namespace {

void print(char letter, const std::string& value) {
  std::printf("%c %s\n", letter, value.c_str());
}

class history {
public:
  explicit history(std::uint32_t seed)
      : random_{seed},
        publisher_{{.max_removals = 1 + random_.below(9)}},
        is_whole_{seed % 2 == 0},
        view_{{.radius = is_whole_ ? 0.0F : 70.0F, .hysteresis = 10}} {
    publisher_.place(&battle::fighters, [](const fighter& one) {
      return map_point{one.place.x, one.place.y};
    });
    publisher_.place(&battle::bullets, [](const bullet& one) { return map_point{one.x, one.y}; });
    print('H', std::to_string(seed));
  }

  bool run() {
    constexpr tick_number last = 10;
    for (tick_number tick = 1; tick <= last; ++tick) {
      play(state_, random_);
      view_.look_from({random_.between(-50, 50), random_.between(-50, 50)});
      publisher_.publish(state_, tick);
      if (tick == last || !random_.one_in(3))
        tell();
    }
    print('E', game::to_json(mirror_.state()));
    return is_applied_ && (!is_whole_ || codes_of(mirror_.state()) == codes_of(state_));
  }

private:
  void tell() {
    const auto patch = publisher_.patch_for(view_);
    if (!patch)
      return;
    print('P', to_hex(patch->view()));
    const auto outcome = mirror_.apply(patch->view());
    is_applied_ = is_applied_ && outcome && *outcome == mirror_outcome::applied;
  }

  dice random_;
  battle state_;
  state_publisher<battle> publisher_;
  bool is_whole_;
  client_view view_;
  state_mirror<battle> mirror_;
  bool is_applied_ = true;
};

std::string row(const script_step& step) {
  return "    {\"name\": \"" + step.name + "\", \"tick\": " + std::to_string(step.tick)
         + ",\n     \"bytes\": \"" + to_hex(step.bytes) + "\",\n     \"changes\": " + step.changes
         + ",\n     \"state\": " + step.state + "}";
}

void print_golden() {
  std::string rows;
  for (const auto& step : play_script())
    rows += (rows.empty() ? "" : ",\n") + row(step);
  std::printf("%s\n", rows.c_str());
}

} // namespace

int main(int count, char** arguments) {
  const std::string what = count > 1 ? arguments[1] : "1000";
  if (what == "golden") {
    print_golden();
    return EXIT_SUCCESS;
  }
  print('S', to_hex(encode_schema(schema_of<battle>())));
  for (std::uint32_t seed = 1; seed <= std::strtoul(what.c_str(), nullptr, 10); ++seed)
    if (!history{seed}.run()) {
      std::fprintf(stderr, "history %u: the mirror differs from the state\n", seed);
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}

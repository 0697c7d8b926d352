#include "troupe/game/testing.hpp"

#include "game/replay.hpp"
#include "game/testing_world.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace troupe::game::testing {

// -- client -------------------------------------------------------------------

client::client(std::unique_ptr<implementation> made) : implementation_{std::move(made)} {}
client::~client() = default;

const std::string& client::identity() const noexcept {
  return implementation_->identity;
}
player_id client::id() const noexcept {
  return implementation_->id;
}
bool client::is_in() const noexcept {
  return implementation_->id != 0 && !implementation_->left;
}
bool client::is_connected() const noexcept {
  return implementation_->is_connected;
}
const std::string& client::refusal() const noexcept {
  return implementation_->refusal;
}
std::optional<leave_reason> client::left() const noexcept {
  return implementation_->left;
}
const std::vector<heard_event>& client::heard() const noexcept {
  return implementation_->heard;
}
std::size_t client::heard(std::string_view event) const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count(implementation_->heard, event, &heard_event::name));
}
std::size_t client::refused_inputs() const noexcept {
  return implementation_->refused_inputs;
}
std::uint64_t client::tick() const noexcept {
  return implementation_->home.core.tick();
}
random_source& client::random() noexcept {
  return implementation_->random;
}

void client::each_tick(std::function<void(client&)> script) {
  implementation_->script = std::move(script);
}

void client::send_input(std::string_view name, payload what, std::uint64_t for_tick) {
  auto& state = *implementation_;
  const auto kind = state.home.core.input_number(name);
  if (!kind)
    throw std::invalid_argument{"The room takes no input called " + std::string{name} + "."};
  if (!state.is_connected)
    return;
  incoming::input input{
      .tick = for_tick, .sequence = ++state.last_sequence, .kind = *kind, .what = std::move(what)};
  state.home.send(*this, world::implementation::fate::lost_with_connection,
                  [&state, input = std::move(input)]() mutable {
                    input.from = state.seated;
                    return input;
                  });
}

void client::leave() {
  auto& state = *implementation_;
  if (state.is_connected)
    state.home.send(*this, world::implementation::fate::lost_with_connection,
                    [&state] { return incoming::leave{state.seated}; });
}

void client::cut() {
  auto& state = *implementation_;
  if (!is_in() || !std::exchange(state.is_connected, false))
    return;
  state.home.lose(*this);
  state.home.send(*this, world::implementation::fate::certain,
                  [&state] { return incoming::drop{state.seated}; });
}

void client::be_slow(bool value) {
  auto& state = *implementation_;
  if (state.is_connected)
    state.home.send(*this, world::implementation::fate::lost_with_connection,
                    [&state, value] { return incoming::pressure{state.seated, value}; });
}

void client::come_back() {
  auto& state = *implementation_;
  state.back_at.reset();
  if (std::exchange(state.is_connected, true))
    return;
  state.home.send(*this, world::implementation::fate::certain,
                  [&state] { return incoming::reconnect{state.seated}; });
}

// -- world --------------------------------------------------------------------

world::world(room_kind kind, const conditions& network, payload create_options)
    : implementation_{
        std::make_unique<implementation>(std::move(kind), network, std::move(create_options))} {}
world::~world() = default;

client& world::join_with(std::string identity, payload options) {
  return implementation_->join(std::move(identity), std::move(options));
}

void world::run(std::uint64_t ticks) {
  for (; ticks > 0 && !is_closed(); --ticks)
    implementation_->step();
}

void world::run_for(std::chrono::milliseconds time) {
  for (const auto end = now() + time; now() < end && !is_closed();)
    implementation_->step();
}

std::uint64_t world::tick() const noexcept {
  return implementation_->core.tick();
}
std::chrono::milliseconds world::now() const noexcept {
  return implementation_->now;
}
bool world::is_closed() const noexcept {
  return implementation_->core.is_closed();
}
room& world::user() {
  return implementation_->core.user();
}
const std::vector<std::string>& world::failures() const noexcept {
  return implementation_->failures;
}
std::uint64_t world::state_hash() {
  return implementation_->core.state_hash();
}
std::vector<std::byte> world::recording() const {
  implementation_->to.finish();
  return implementation_->recording;
}

bool world::is_deterministic() const {
  const auto bytes = recording();
  replay again{implementation_->kind, bytes};
  again.run();
  return again.problem().empty() && !again.first_difference()
         && again.ticks() == implementation_->core.tick();
}

void for_each_seed(std::uint64_t count, const std::function<void(std::uint64_t seed)>& test,
                   std::uint64_t first) {
  for (auto seed = first; seed < first + count; ++seed) {
    try {
      test(seed);
    } catch (const std::exception& error) {
      throw std::runtime_error{"seed " + std::to_string(seed) + ": " + error.what()};
    }
  }
}

} // namespace troupe::game::testing

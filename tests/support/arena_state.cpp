#include "tests/support/arena_state.hpp"

#include <iterator>

namespace troupe::test {

namespace {

constexpr const char* words[] = {"",
                                 "a",
                                 "ash",
                                 "B\xC3\xBCrger",
                                 "\xE2\x98\x83 snow",
                                 "oak",
                                 "x y z",
                                 "a rather long text that takes more than a few bytes"};

std::string word(dice& random) {
  return words[random.below(std::size(words))];
}

void play_items(std::vector<item>& items, dice& random) {
  if (random.one_in(4))
    items.resize(random.below(5));
  for (auto& each : items)
    if (random.one_in(3))
      each.kind = static_cast<std::uint16_t>(random.below(70'000));
    else if (random.one_in(3))
      each.label = word(random);
}

void play_spells(std::map<std::uint16_t, spell>& spells, dice& random) {
  const auto id = static_cast<std::uint16_t>(random.below(6) * 9'001);
  if (random.one_in(3))
    spells.erase(id);
  else if (random.one_in(2))
    spells[id].strength = static_cast<int>(random.below(40));
  else
    spells[id].runes.assign(random.below(4), static_cast<std::uint8_t>(random.below(256)));
}

void play_numbers(fighter& one, dice& random) {
  switch (random.below(7)) {
  case 0:
    one.health = static_cast<int>(random.below(110)) - 5;
    break;
  case 1:
    one.team = static_cast<side>(random.below(3));
    break;
  case 2:
    one.is_alive = !one.is_alive;
    break;
  case 3:
    one.score = static_cast<std::int32_t>(random.below(100'000)) - 50'000;
    break;
  case 4:
    one.wealth = std::uint64_t{random.below(1'000'000)} << random.below(44);
    break;
  case 5:
    one.mass = double{random.between(-5, 5)} / 3;
    break;
  default:
    one.name = word(random);
  }
}

void play_fighter(fighter& one, dice& random) {
  one.place.x += random.between(-9, 9);
  if (random.one_in(2))
    one.place.y += random.between(-9, 9);
  one.heading += random.between(-1, 1);
  if (random.one_in(2))
    play_numbers(one, random);
  if (random.one_in(3))
    play_items(one.items, random);
  if (random.one_in(3))
    play_spells(one.spells, random);
}

void play_root(battle& state, dice& random) {
  switch (random.below(8)) {
  case 0:
    ++state.round;
    break;
  case 1:
    state.wind = random.between(-1, 1);
    break;
  case 2:
    state.balance = static_cast<std::int64_t>(random.below(1'000'000)) * -9'000'000'000;
    break;
  case 3:
    state.title = word(random);
    break;
  case 4:
    state.log.resize(random.below(4), word(random));
    break;
  case 5:
    state.rows.resize(random.below(4));
    for (auto& row : state.rows)
      row.resize(random.below(4), static_cast<std::int8_t>(random.below(256)));
    break;
  default:
    state.vanes.resize(random.below(9), random.between(-7, 7));
  }
}

} // namespace

void play(battle& state, dice& random) {
  if (random.one_in(2))
    play_root(state, random);
  for (auto& [id, one] : state.fighters)
    if (random.one_in(2))
      play_fighter(one, random);
  for (auto& [id, one] : state.bullets) {
    one.x += 3.0F;
    one.heading = random.between(0, 6);
  }
  const auto id = random.below(7) * 50;
  if (random.one_in(4))
    state.fighters.erase(id);
  else if (random.one_in(3))
    play_fighter(state.fighters[id], random);
  if (random.one_in(2))
    state.bullets.erase(std::uint64_t{random.below(4)} << random.below(52));
  else
    state.bullets[std::uint64_t{random.below(4)} << random.below(52)].y = random.between(-90, 90);
}

} // namespace troupe::test

#pragma once
#include "troupe/game/fields.hpp"
#include "troupe/game/state_access.hpp"
#include "troupe/type_name.hpp"

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <limits>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

// The tables of state_access.hpp for structures described with BOOST_DESCRIBE_STRUCT.

namespace troupe::game {

template <class T>
using state_members = boost::describe::describe_members<T, boost::describe::mod_public
                                                               | boost::describe::mod_inherited>;

/// A structure whose public members Boost.Describe knows.
template <class T>
concept state_structure = boost::describe::has_describe_members<T>::value && !std::is_union_v<
                              T> && std::is_default_constructible_v<T>;

template <class T>
concept quantised_number = requires(T value, const T& from) {
  { from.code() } -> std::same_as<std::uint64_t>;
  value.set_code(std::uint64_t{});
  { T::top } -> std::convertible_to<std::uint64_t>;
};

template <class T>
concept named_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <class T>
struct is_state_list : std::false_type {};
template <class E, class A>
struct is_state_list<std::vector<E, A>> : std::bool_constant<!std::is_same_v<E, bool>> {};

template <class T>
struct is_state_map : std::false_type {};
template <class K, class E, class C, class A>
struct is_state_map<std::map<K, E, C, A>>
    : std::bool_constant<(
          std::unsigned_integral<K> && !std::is_same_v<K, bool>)&&state_structure<E>> {};

template <class T>
const record_access& record_of();
template <class V>
const value_access& value_of();

/// Numbers as codes. Signed ones alternate around zero: 0, -1, 1, -2, ...
template <class V>
std::uint64_t number_code(V value) noexcept {
  if constexpr (quantised_number<V>) {
    return value.code();
  } else if constexpr (std::is_enum_v<V>) {
    return number_code(static_cast<std::underlying_type_t<V>>(value));
  } else if constexpr (std::same_as<V, float>) {
    return std::bit_cast<std::uint32_t>(value);
  } else if constexpr (std::same_as<V, double>) {
    return std::bit_cast<std::uint64_t>(value);
  } else if constexpr (std::is_signed_v<V>) {
    const std::int64_t number = value;
    return static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
  } else {
    return value;
  }
}

template <class V>
V number_from_code(std::uint64_t code) noexcept {
  if constexpr (quantised_number<V>) {
    V value;
    value.set_code(code);
    return value;
  } else if constexpr (std::is_enum_v<V>) {
    return static_cast<V>(number_from_code<std::underlying_type_t<V>>(code));
  } else if constexpr (std::same_as<V, float>) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(code));
  } else if constexpr (std::same_as<V, double>) {
    return std::bit_cast<double>(code);
  } else if constexpr (std::is_signed_v<V>) {
    return static_cast<V>(static_cast<std::int64_t>(code >> 1 ^ (0 - (code & 1))));
  } else {
    return static_cast<V>(code);
  }
}

/// Codes of an enum with names: the positions of its enumerators. Other values travel as the first.
template <named_enum E>
struct enum_codes {
  using list = boost::describe::describe_enumerators<E>;
  static constexpr std::size_t count = boost::mp11::mp_size<list>::value;
  static_assert(count > 0, "an enum needs an enumerator to travel");

  static constexpr std::array<E, count> make_values() noexcept {
    std::array<E, count> all{};
    std::size_t index = 0;
    boost::mp11::mp_for_each<list>([&](auto each) { all[index++] = each.value; });
    return all;
  }
  static constexpr std::array<E, count> values = make_values();

  static std::uint64_t code(E value) noexcept {
    const auto found = std::find(values.begin(), values.end(), value);
    return found == values.end() ? 0 : static_cast<std::uint64_t>(found - values.begin());
  }
};

template <class V>
number_access number_access_of() noexcept {
  if constexpr (named_enum<V>)
    return {
        [](const void* from) { return enum_codes<V>::code(*static_cast<const V*>(from)); },
        [](void* to, std::uint64_t code) { *static_cast<V*>(to) = enum_codes<V>::values[code]; }};
  else
    return {[](const void* from) { return number_code(*static_cast<const V*>(from)); },
            [](void* to, std::uint64_t code) { *static_cast<V*>(to) = number_from_code<V>(code); }};
}

template <class V>
field_kind number_kind() noexcept {
  if constexpr (std::same_as<V, bool>)
    return field_kind::boolean;
  else if constexpr (named_enum<V>)
    return field_kind::choice;
  else if constexpr (quantised_number<V>)
    return requires {
      V::steps;
    }
  ? field_kind::ranged : requires {
    V::width;
  }
  ? field_kind::angle : field_kind::whole;
  else if constexpr (std::is_floating_point_v<V>) return field_kind::real;
  else if constexpr (std::is_enum_v<V>) return number_kind<std::underlying_type_t<V>>();
  else return std::is_signed_v<V> ? field_kind::integer : field_kind::natural;
}

/// What tells the kind's members apart on the wire.
template <class V>
void describe_number(value_access& to) {
  if constexpr (quantised_number<V>) {
    to.top = V::top;
    if constexpr (requires { V::width; })
      to.width = V::width;
    else
      to.low = V::low, to.high = V::high;
    if constexpr (requires { V::steps; })
      to.steps = V::steps;
  } else if constexpr (named_enum<V>) {
    to.top = std::max<std::uint64_t>(enum_codes<V>::count - 1, 0);
    boost::mp11::mp_for_each<typename enum_codes<V>::list>(
        [&](auto each) { to.choices.emplace_back(each.name); });
  } else if constexpr (std::same_as<V, bool>) {
    to.top = 1;
  } else {
    to.width = sizeof(V) * 8;
    to.top = std::numeric_limits<std::uint64_t>::max() >> (64 - to.width);
  }
  const bool is_long_integer =
      to.width >= 32 && (to.kind == field_kind::natural || to.kind == field_kind::integer);
  const auto needed =
      static_cast<std::uint8_t>(std::max(1, static_cast<int>(std::bit_width(to.top))));
  to.bits = is_long_integer ? std::uint8_t{0} : needed;
  if (quantised_number<V> && needed >= 6)
    to.near_bits = static_cast<std::uint8_t>(needed / 2 + 1);
}

template <class L>
list_access list_access_of() noexcept {
  return {.size = [](const void* list) { return static_cast<const L*>(list)->size(); },
          .at = [](const void* list, std::size_t index) -> const void* {
            return &(*static_cast<const L*>(list))[index];
          },
          .resize = [](void* list, std::size_t size) { static_cast<L*>(list)->resize(size); },
          .element = &value_of<typename L::value_type>};
}

template <class M>
map_access map_access_of() noexcept {
  using key = typename M::key_type;
  return {
      .size = [](const void* map) { return static_cast<const M*>(map)->size(); },
      .visit =
          [](const void* map, void* context, map_access::visitor visit) {
            for (const auto& [id, entity] : *static_cast<const M*>(map))
              visit(context, id, &entity);
          },
      .find = [](const void* map, entity_id id) -> const void* {
        const auto& all = *static_cast<const M*>(map);
        const auto found = all.find(static_cast<key>(id));
        return found == all.end() ? nullptr : &found->second;
      },
      .insert = [](void* map, entity_id id) -> void* {
        return &(*static_cast<M*>(map))[static_cast<key>(id)];
      },
      .erase = [](void* map, entity_id id) { static_cast<M*>(map)->erase(static_cast<key>(id)); },
      .greatest = std::min<entity_id>(max_entity_id, std::numeric_limits<key>::max())};
}

template <class V>
value_access make_value() {
  value_access made;
  if constexpr (std::same_as<V, std::string>) {
    made.kind = field_kind::text;
    made.text = {
        [](const void* from) -> std::string_view { return *static_cast<const std::string*>(from); },
        [](void* to, std::string_view text) { *static_cast<std::string*>(to) = text; }};
  } else if constexpr (is_state_list<V>::value) {
    made.kind = field_kind::list;
    made.list = list_access_of<V>();
  } else if constexpr (is_state_map<V>::value) {
    made.kind = field_kind::map;
    made.map = map_access_of<V>();
    made.record = &record_of<typename V::mapped_type>;
  } else if constexpr (state_structure<V>) {
    made.kind = field_kind::record;
    made.record = &record_of<V>;
  } else {
    static_assert(std::is_arithmetic_v<V> || std::is_enum_v<V> || quantised_number<V>,
                  "a member of a state is a number, an enum, a std::string, a described structure, "
                  "a std::vector of these, or a std::map of described structures by unsigned id");
    static_assert(!std::same_as<V, char>, "char has a sign on some machines: say which you mean");
    made.kind = number_kind<V>();
    made.number = number_access_of<V>();
    describe_number<V>(made);
  }
  return made;
}

template <class V>
const value_access& value_of() {
  static const value_access made = make_value<V>();
  return made;
}

/// The member that a path of described members leads to.
template <class T, class First, class... Rest>
const void* locate_member(const void* record) noexcept {
  const auto& member = static_cast<const T*>(record)->*First::pointer;
  if constexpr (sizeof...(Rest) == 0)
    return &member;
  else
    return locate_member<std::remove_cvref_t<decltype(member)>, Rest...>(&member);
}

template <class T, class Inner, class... Path>
void add_leaves(std::vector<leaf_access>& to, const std::string& prefix) {
  boost::mp11::mp_for_each<state_members<Inner>>([&]<class Member>(Member) {
    using value = std::remove_cvref_t<decltype(std::declval<Inner&>().*Member::pointer)>;
    if constexpr (state_structure<value> && !quantised_number<value>)
      add_leaves<T, value, Path..., Member>(to, prefix + Member::name + '.');
    else
      to.push_back({prefix + Member::name, &value_of<value>(), &locate_member<T, Path..., Member>});
  });
}

template <class T>
record_access make_record() {
  record_access made;
  const auto full_name = type_name<T>();
  const auto after = full_name.rfind(':');
  made.name = full_name.substr(after == std::string_view::npos ? 0 : after + 1);
  boost::mp11::mp_for_each<state_members<T>>([&]<class Member>(Member) {
    using value = std::remove_cvref_t<decltype(std::declval<T&>().*Member::pointer)>;
    made.fields.push_back({Member::name, &value_of<value>(), &locate_member<T, Member>});
  });
  add_leaves<T, T>(made.leaves, "");
  const auto others =
      std::stable_partition(made.leaves.begin(), made.leaves.end(),
                            [](const auto& leaf) { return leaf.value->is_number(); });
  made.numbers = static_cast<std::size_t>(others - made.leaves.begin());
  return made;
}

/// The table of a described structure, made at its first use.
template <class T>
const record_access& record_of() {
  static_assert(state_structure<T>, "describe the structure with BOOST_DESCRIBE_STRUCT");
  static const record_access made = make_record<T>();
  return made;
}

/// The position of a member among the leaves of `T`: `leaf_index(&arena::ships)`.
template <class T, class V>
std::size_t leaf_index(V T::*member) {
  static_assert(!state_structure<V> || quantised_number<V>,
                "a structure within a state has no place of its own: name the state's members");
  const T probe{};
  const auto& leaves = record_of<T>().leaves;
  const auto found = std::find_if(leaves.begin(), leaves.end(), [&](const leaf_access& leaf) {
    return leaf.locate(&probe) == &(probe.*member) && leaf.value == &value_of<V>();
  });
  return static_cast<std::size_t>(found - leaves.begin());
}

} // namespace troupe::game

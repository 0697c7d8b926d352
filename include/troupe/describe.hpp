#pragma once
#include "troupe/read_value.hpp"

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <msgpack.hpp>

#include <array>
#include <string_view>
#include <type_traits>

// Structures described with BOOST_DESCRIBE_STRUCT as arguments of events. They travel as a map with
// the names of their members as keys; an array with the members in order is accepted too. Include
// this header before the first use of such a structure as an argument.

namespace troupe {

/// The public data members of `T`, those of its bases first.
template <class T>
using described_members =
    boost::describe::describe_members<T,
                                      boost::describe::mod_public | boost::describe::mod_inherited>;

/// Described, and without a msgpack interface of its own.
template <class T>
concept described_struct =
    !text_coded<T> && boost::describe::has_describe_members<T>::value
    && !std::is_union_v<T> && !requires(T & value, const msgpack::object& from) {
  value.msgpack_unpack(from);
};

/// Reads a described structure. Keys that are no member's name are skipped; a member that is
/// missing is an error unless it is a std::optional; so is one that is there twice.
template <described_struct T>
struct value_adaptor<T> {
  using members = described_members<T>;
  static constexpr auto size = boost::mp11::mp_size<members>::value;

  bool operator()(value_reader& in, T& to, mismatch& why) const {
    const auto found = in.peek();
    if (found.kind == value_kind::array && found.count == size)
      return read_array(in, to, why);
    if (found.kind == value_kind::map)
      return read_map(in, to, why);
    return misfit<T>(why, found);
  }

private:
  using flags = std::array<bool, size == 0 ? 1 : size>;

  template <class F>
  static void for_each(F&& f) {
    std::size_t index = 0;
    boost::mp11::mp_for_each<members>([&](auto member) { f(member, index++); });
  }

  static bool fails_in(mismatch& why, std::string_view member) {
    why.path.insert(0, ", member " + std::string{member});
    return false;
  }

  static bool read_array(value_reader& in, T& to, mismatch& why) {
    in.next();
    bool fits = true;
    for_each([&](auto member, std::size_t) {
      fits = fits && (read_value(in, to.*member.pointer, why) || fails_in(why, member.name));
    });
    return fits;
  }

  static bool read_map(value_reader& in, T& to, mismatch& why) {
    flags seen{};
    const auto entries = in.next().count;
    for (std::size_t i = 0; i < entries; ++i) {
      const auto key = in.next();
      if (key.kind != value_kind::text)
        return fails_at(why, "key", i) || misfit(why, "text", describe(key));
      if (!read_entry(in, as_text(key.bytes), to, seen, why))
        return false;
    }
    return has_all(seen, why);
  }

  static bool read_entry(value_reader& in, std::string_view key, T& to, flags& seen,
                         mismatch& why) {
    bool fits = true;
    bool known = false;
    for_each([&](auto member, std::size_t index) {
      if (key != member.name)
        return;
      known = true;
      if (std::exchange(seen[index], true))
        fits = fails_in(why, member.name) || misfit(why, "one value", "two");
      else
        fits = read_value(in, to.*member.pointer, why) || fails_in(why, member.name);
    });
    if (!known)
      in.take();
    return fits;
  }

  static bool has_all(const flags& seen, mismatch& why) {
    bool complete = true;
    for_each([&](auto member, std::size_t index) {
      using type = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
      if (complete && !seen[index] && !optional_like<type>)
        complete = fails_in(why, member.name) || misfit(why, expected_text<type>(), "nothing");
    });
    return complete;
  }
};

} // namespace troupe

namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS) {
  namespace adaptor {

  template <troupe::described_struct T>
  struct pack<T> {
    template <class Stream>
    packer<Stream>& operator()(packer<Stream>& to, const T& from) const {
      using members = troupe::described_members<T>;
      to.pack_map(static_cast<std::uint32_t>(boost::mp11::mp_size<members>::value));
      boost::mp11::mp_for_each<members>([&](auto member) {
        to.pack(std::string_view{member.name});
        to.pack(from.*member.pointer);
      });
      return to;
    }
  };

  } // namespace adaptor
} // MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS)
} // namespace msgpack

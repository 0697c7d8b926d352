#pragma once
#include <msgpack.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace troupe {

/// How `T` is read from a text and written as one. Specialise it for a type of your own:
///
///     template <>
///     struct troupe::text_codec<version> {
///       static version from_text(std::string_view text); // throws what it cannot read
///       static std::string to_text(const version& from);
///     };
///
/// Such a value is a text in every protocol: clients of `troupe.v1` see a text where it stands
/// among arguments, clients without typed arguments are sent exactly what `to_text` makes when it
/// is the only one. Handlers take a `T`. The specialisation must be visible before the first use of
/// `T` as an argument; `T` must have a default constructor.
///
/// Errors:  an exception of `from_text` refuses the message; clients see its `what()`.
template <class T>
struct text_codec;

template <class T>
concept text_coded = requires(const T& value, std::string_view text) {
  { text_codec<T>::from_text(text) } -> std::convertible_to<T>;
  { text_codec<T>::to_text(value) } -> std::convertible_to<std::string>;
};

} // namespace troupe

namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS) {
  namespace adaptor {

  template <troupe::text_coded T>
  struct pack<T> {
    template <class Stream>
    packer<Stream>& operator()(packer<Stream>& to, const T& from) const {
      return to.pack(std::string{troupe::text_codec<T>::to_text(from)});
    }
  };

  } // namespace adaptor
} // MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS)
} // namespace msgpack

#pragma once
#include "troupe/bytes.hpp"
#include "troupe/content_kind.hpp"
#include "troupe/payload_sink.hpp"
#include "troupe/text_codec.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace troupe {

/// What an event, ask or reply carries: its arguments as one msgpack array (no arguments: no
/// bytes), raw bytes that nobody on the way looks into, or a text.
///
/// Threading:  a plain value; distinct objects are independent.
/// Ownership:  owns its bytes.
struct payload {
  std::vector<std::byte> bytes{};
  content_kind kind = content_kind::arguments;

  friend bool operator==(const payload&, const payload&) = default;
};

/// A payload that somebody else owns. A handler that takes one gets whatever was sent, unchecked
/// against any parameters; the bytes are valid during the call.
struct payload_view {
  byte_view bytes;
  content_kind kind = content_kind::arguments;

  payload_view() = default;
  payload_view(byte_view the_bytes, content_kind the_kind) noexcept
      : bytes{the_bytes}, kind{the_kind} {}
  payload_view(const payload& owner) noexcept // NOLINT: a view of its owner, like string_view
      : bytes{owner.bytes}, kind{owner.kind} {}
};

/// Marks bytes that are to travel as a RAW payload: `emit("frame", raw_bytes{pixels})`. It must be
/// the only argument. Without it bytes travel as msgpack binary inside the array of arguments.
///
/// Ownership:  none; the bytes must outlive the call it is passed to.
struct raw_bytes {
  byte_view bytes;
};

/// The arguments as a payload.
///
/// Everything that msgpack-cxx can pack: booleans, integers, floats, texts, bytes
/// (`std::vector<std::byte>`, `byte_view`), containers, maps, optionals, tuples, and structures
/// with MSGPACK_DEFINE, MSGPACK_DEFINE_MAP or (with troupe/describe.hpp) Boost.Describe. Texts are
/// sent as they are; clients in other languages expect UTF-8. A single `payload` or `payload_view`
/// is copied, a single `raw_bytes` becomes a RAW payload, a single value with a `text_codec` a
/// text.
///
/// Errors:  std::bad_alloc; msgpack::container_size_overflow beyond 2^32 - 1 elements.
template <class... Args>
payload make_payload(const Args&... args) {
  static_assert(sizeof...(Args) == 1 || !(std::is_same_v<Args, raw_bytes> || ...),
                "raw_bytes must be the only argument: a RAW payload has no other content");
  static_assert(sizeof...(Args) == 1 || !(std::is_same_v<Args, payload> || ...),
                "a payload must be the only argument: it already holds all arguments");
  if constexpr (sizeof...(Args) == 0)
    return {};
  payload_sink sink;
  sink.reserve(64);
  payload_packer packer{sink};
  packer.pack_array(static_cast<std::uint32_t>(sizeof...(Args)));
  (packer.pack(args), ...);
  return {sink.take(), content_kind::arguments};
}

/// A text as it is; native clients get it as the only argument.
inline payload make_text(std::string_view text) {
  const auto bytes = as_bytes(text);
  return {{bytes.begin(), bytes.end()}, content_kind::text};
}

template <text_coded T>
payload make_payload(const T& value) {
  return make_text(std::string{text_codec<T>::to_text(value)});
}
inline payload make_payload(const payload& ready) {
  return ready;
}
inline payload make_payload(payload&& ready) noexcept {
  return std::move(ready);
}
inline payload make_payload(const payload_view& ready) {
  return {{ready.bytes.begin(), ready.bytes.end()}, ready.kind};
}
inline payload make_payload(const raw_bytes& bytes) {
  return {{bytes.bytes.begin(), bytes.bytes.end()}, content_kind::raw};
}

/// The elements of `values` as the arguments: how a handler answers with several values.
template <class... Values>
payload make_payload_of(const std::tuple<Values...>& values) {
  return std::apply([](const auto&... each) { return make_payload(each...); }, values);
}

} // namespace troupe

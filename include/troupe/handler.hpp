#pragma once
#include "troupe/arguments.hpp"
#include "troupe/errc.hpp"
#include "troupe/handler_traits.hpp"
#include "troupe/payload.hpp"

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe {

/// How a call of a handler ended.
struct handler_outcome {
  errc code = errc::ok;           ///< `ok`: the handler ran; otherwise it was not called
  std::string text{};             ///< why not: "argument 2: expected number, got text"
  std::optional<payload> reply{}; ///< what it returned; nothing if it returns void
};

template <class T>
struct is_std_tuple : std::false_type {};
template <class... T>
struct is_std_tuple<std::tuple<T...>> : std::true_type {};

/// The payload that stands for what a handler returned: a tuple is several values, a payload is
/// itself, everything else one value.
template <class Result>
payload to_reply(Result&& value) {
  using type = std::remove_cvref_t<Result>;
  if constexpr (is_std_tuple<type>::value)
    return make_payload_of(value);
  else
    return make_payload(std::forward<Result>(value));
}

template <class Context, class F, class Arguments>
decltype(auto) call_handler(F& handler, Context& context, Arguments&& arguments) {
  return std::apply(
      [&](auto&&... each) -> decltype(auto) {
        if constexpr (handler_traits<Context, F>::takes_context)
          return handler(context, std::move(each)...);
        else
          return handler(std::move(each)...);
      },
      std::forward<Arguments>(arguments));
}

/// Decodes `from` into the parameters of `handler` and calls it.
///
/// A leading parameter `Context&` receives `context`. Further parameters are the arguments, by
/// value, `const&` or `&&`; trailing std::optional may be missing. std::string_view and byte_view
/// are valid during the call. What a handler returns becomes the reply: void none,
/// a std::tuple several values, `payload` and `raw_bytes` themselves.
///
/// Threading:  calls the handler on the calling thread.
/// Errors:     a payload that does not fit is reported in the outcome. Exceptions of the handler
///             are not caught here: the caller decides what they cost.
template <class Context, class F>
handler_outcome invoke_handler(F& handler, Context& context, payload_view from) {
  using traits = handler_traits<Context, F>;
  std::vector<std::byte> converted; // what views among the arguments may refer to
  auto arguments = unpack_args<typename traits::arguments>(from, converted);
  if (!arguments)
    return {arguments.error().code, arguments.error().text, {}};
  if constexpr (std::is_void_v<typename traits::result>) {
    call_handler(handler, context, *std::move(arguments));
    return {};
  } else {
    return {.reply = to_reply(call_handler(handler, context, *std::move(arguments)))};
  }
}

} // namespace troupe

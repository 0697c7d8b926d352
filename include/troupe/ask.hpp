#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "troupe/arguments.hpp"
#include "troupe/errc.hpp"
#include "troupe/payload.hpp"
#include "troupe/result.hpp"

namespace troupe {

inline constexpr std::chrono::milliseconds default_ask_timeout{10'000};

/// Why an ask got no usable answer.
struct ask_error {
  errc code = errc::timed_out; ///< `timed_out`, `connection_lost`, or what the other side answered
  std::string text;
};

/// What an ask of any result type looks like from below: an answer's bytes or an error.
using ask_answer = std::function<void(result<payload_view, ask_error>)>;

/// What the `done` function of an ask for an `R` is given.
template <class R>
struct answer_type {
  using type = R;
};
/// void: that there was an answer.
template <>
struct answer_type<void> {
  using type = std::monostate;
};
template <class R>
using answer_type_t = typename answer_type<R>::type;

/// Turns `done`, which wants an `R`, into a function of the bytes of the answer.
template <class R>
ask_answer decode_answer(std::function<void(result<answer_type_t<R>, ask_error>)> done) {
  return [done = std::move(done)](result<payload_view, ask_error> answer) {
    if (!answer)
      return done(answer.error());
    if constexpr (std::is_void_v<R>) {
      done(std::monostate{});
    } else {
      std::vector<std::byte> converted; // what views in the answer may refer to
      auto values = unpack_args<std::tuple<R>>(*answer, converted);
      if (!values)
        return done(ask_error{.code = values.error().code, .text = values.error().text});
      done(std::get<0>(*std::move(values)));
    }
  };
}

} // namespace troupe

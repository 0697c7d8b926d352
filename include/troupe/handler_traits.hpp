#pragma once
#include <cstddef>
#include <tuple>
#include <type_traits>

namespace troupe {

/// The result and the parameters of a function, as written.
template <class Result, class... Parameters>
struct signature {
  using result = Result;
  using parameters = std::tuple<Parameters...>;
  static constexpr std::size_t size = sizeof...(Parameters);
};

// What `&F::operator()` or a function is. The primary template is chosen for everything that
// cannot be called with one fixed list of parameters.
template <class F>
struct signature_of_pointer {};
template <class R, class... P>
struct signature_of_pointer<R (*)(P...)> : signature<R, P...> {};
template <class R, class... P>
struct signature_of_pointer<R (*)(P...) noexcept> : signature<R, P...> {};
template <class C, class R, class... P>
struct signature_of_pointer<R (C::*)(P...)> : signature<R, P...> {};
template <class C, class R, class... P>
struct signature_of_pointer<R (C::*)(P...) noexcept> : signature<R, P...> {};
template <class C, class R, class... P>
struct signature_of_pointer<R (C::*)(P...) const> : signature<R, P...> {};
template <class C, class R, class... P>
struct signature_of_pointer<R (C::*)(P...) const noexcept> : signature<R, P...> {};

template <class F>
concept has_one_call_operator = requires {
  &F::operator();
};

template <class F>
struct signature_of : signature_of_pointer<std::decay_t<F>> {};
template <has_one_call_operator F>
struct signature_of<F> : signature_of_pointer<decltype(&F::operator())> {};

/// A lambda, function object or function pointer whose parameters are known.
template <class F>
concept has_signature = requires {
  typename signature_of<std::remove_cvref_t<F>>::parameters;
};

/// Whether a parameter is the context itself rather than an argument from the wire.
template <class Context, class Parameter>
inline constexpr bool is_context = std::is_same_v<std::remove_cvref_t<Parameter>, Context>;

/// The parameters of a handler without its leading context, as types that can be decoded into.
template <class Context, class Parameters>
struct handler_parameters;

template <class Context, class... P>
struct handler_parameters<Context, std::tuple<P...>> {
  using arguments = std::tuple<std::remove_cvref_t<P>...>;
  static constexpr bool takes_context = false;

  static_assert(!(is_context<Context, P> || ...), "the context must be the first parameter");
  static_assert(
      !((std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>) || ...),
      "handlers take their arguments by value, const& or &&: nobody would see a change "
      "made through a non-const reference");
  static_assert(!(std::is_pointer_v<P> || ...),
                "pointers cannot be decoded: take std::string_view or byte_view");
};

template <class Context, class First, class... P>
requires is_context<Context, First>
struct handler_parameters<Context, std::tuple<First, P...>>
    : handler_parameters<Context, std::tuple<P...>> {
  static constexpr bool takes_context = true;
  static_assert(std::is_reference_v<First>, "take the context by reference");
};

/// Everything `invoke_handler` needs to know about the callable `F`.
template <class Context, class F>
struct handler_traits {
  static_assert(has_signature<F>,
                "a handler is a lambda, function or function object with one fixed list of "
                "parameters; generic lambdas (auto) and overloads do not say what to decode");
  using call = signature_of<std::remove_cvref_t<F>>;
  using result = typename call::result;
  using parameters = typename call::parameters;
  using arguments = typename handler_parameters<Context, parameters>::arguments;
  static constexpr bool takes_context = handler_parameters<Context, parameters>::takes_context;
};

} // namespace troupe

#pragma once
#include <string>

namespace troupe::net {

/// A random UUID (version 4, RFC 9562), 36 characters: "f81d4fae-7dec-41d0-a765-00a0c91e6bf6".
/// Its 122 random bits come from OpenSSL's generator, so nobody can guess one.
///
/// Threading:  any thread.
/// Errors:     std::runtime_error if the system gives no randomness.
std::string make_uuid();

/// 128 bits of the same origin, in hexadecimal: for secrets.
std::string make_token();

} // namespace troupe::net

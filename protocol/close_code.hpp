#pragma once
#include "troupe/close_code.hpp"
#include "troupe/errc.hpp"

namespace troupe::protocol {

using troupe::close_code;
using troupe::is_valid_close_code;

/// The code that a connection ends with because of `reason`.
close_code to_close_code(errc reason) noexcept;

} // namespace troupe::protocol

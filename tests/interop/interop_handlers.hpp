#pragma once
#include "troupe/server.hpp"

namespace troupe::test {

/// What the recorded Go neffos server offered: /ws, /strict (without native messages), /native
/// (raw).
void offer_neffos(server& to);

/// What the recorded legacy iris server offered, at /iris, and the browser script.
void offer_iris(server& to);

} // namespace troupe::test

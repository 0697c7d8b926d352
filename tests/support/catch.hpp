#pragma once
// One spelling for Catch2 2.13 (Debian bookworm) and 3.x (trixie, noble).
#if __has_include(<catch2/catch_all.hpp>)
#  include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#  include <catch2/catch.hpp>
#endif

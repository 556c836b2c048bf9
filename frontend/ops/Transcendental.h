// Elementary functions beside those of Math.h, element by element, of float32 and float64.
#pragma once

#include "frontend/Output.h"

namespace graphc {

/// exp(x) - 1 and log(1 + x), with their digits kept near x = 0.
Output expm1(const Output &x, std::string_view name = {}, Where where = Where::current());
Output log1p(const Output &x, std::string_view name = {}, Where where = Where::current());
/// Of angles in radians.
Output sin(const Output &x, std::string_view name = {}, Where where = Where::current());
Output cos(const Output &x, std::string_view name = {}, Where where = Where::current());
Output tan(const Output &x, std::string_view name = {}, Where where = Where::current());
/// The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.
Output erf(const Output &x, std::string_view name = {}, Where where = Where::current());

namespace nn {

/// x / (1 + |x|).
Output softsign(const Output &x, std::string_view name = {}, Where where = Where::current());

} // namespace nn
} // namespace graphc

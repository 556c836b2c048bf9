// TensorBoard's Summary messages, serialized, as uint8 vectors whose sizes do not depend on values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "runtime/Tensor.h"

namespace graphc {

namespace proto {
class Histogram;
class Summary;
} // namespace proto

/// One number under a tag; scalar_summary_bytes(tag) elements.
Tensor scalar_summary(const std::string &tag, float value);
std::int64_t scalar_summary_bytes(const std::string &tag);

/// The distribution of finite values; histogram_summary_bytes(tag, values.size()) elements.
Tensor histogram_summary(const std::string &tag, std::span<const double> values);
std::int64_t histogram_summary_bytes(const std::string &tag, std::int64_t count);

/// TensorFlow's histogram: buckets whose limits grow by a tenth, from 1e-12 to 1e20, mirrored for
/// negative values, with one around zero; a run of empty ones is one.
proto::Histogram histogramOf(std::span<const double> values);

/// What serialized summaries, one or several behind each other, hold, without padding. Throws Error
/// (invalid_argument) for what is none.
proto::Summary parse_summary(const Tensor &serialized);

} // namespace graphc

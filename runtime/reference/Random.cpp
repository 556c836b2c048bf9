// Random numbers as a function of key, run and place (runtime/RandomGenerator.h).
//
// An element's place is its column, the index in the last dimension, and its row, the linear index
// of the leading ones; inside a recurrence row r of step t counts as t * rows + r. A scalar is one
// row of one column. One Philox block serves four columns of 32-bit numbers (word column % 4 of
// block column / 4), or two columns of 64-bit ones (words 2 * (column % 2) and the next of block
// column / 2).
#include <array>
#include <cmath>
#include <numbers>

#include "runtime/RandomGenerator.h"
#include "runtime/reference/OpTable.h"
#include "runtime/reference/Parameters.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;
using Words = std::array<std::uint32_t, 4>;

/// Where an op's numbers come from.
struct Stream {
  RandomKey key;
  std::uint64_t run_index;

  explicit Stream(const OpCall &call)
      : key(randomKey(seed(call, "seed"), seed(call, "seed2"), seed(call, "stream"),
                      call.context.session_seed)),
        run_index(call.context.run_index) {}

private:
  static std::uint64_t seed(const OpCall &call, std::string_view name) {
    return static_cast<std::uint64_t>(call.attributes.int_or(name, 0));
  }
};

/// Makes a tensor of function(block, lane, row) where `block` counts groups of `lanes` columns.
template <typename T, typename Function>
Tensor generate(const OpCall &call, const Shape &shape, int64_t lanes, Function function) {
  Tensor y(data_type_of<T>, shape);
  const int64_t columns = shape.rank() == 0 ? 1 : shape[shape.rank() - 1];
  const int64_t rows = columns == 0 ? 0 : y.num_elements() / columns;
  const int64_t first_row = call.attributes.int_or("step", call.step) * rows;
  T *out = y.data<T>();
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column)
      *out++ = static_cast<T>(function(static_cast<std::uint32_t>(column / lanes), column % lanes,
                                       static_cast<std::uint32_t>(first_row + row)));
  return y;
}

Shape shapeOf(const OpCall &call, std::size_t operand) {
  const Shape shape(Parameters(call, operand).next("shape"));
  if (!shape.is_fully_known())
    invalid(call, "expects extents of at least 0, got shape " + shape.to_string());
  return shape;
}

DataType floatingType(const OpCall &call) {
  return call.attributes.has("dtype") ? call.attributes.get_dtype("dtype") : float32;
}

/// 53 bits in [0, 1): 27 of the first word above 26 of the second.
double uniformFromWords(std::uint32_t high, std::uint32_t low) {
  return (static_cast<double>(high >> 5) * 0x1p26 + static_cast<double>(low >> 6)) * 0x1p-53;
}

Results randomUniform(const OpCall &call) {
  const Stream stream(call);
  const Shape shape = shapeOf(call, 0);
  return dispatchFloating(call, floatingType(call), [&](auto zero) -> Results {
    using T = decltype(zero);
    constexpr bool narrow = std::is_same_v<T, float>;
    return {generate<T>(call, shape, narrow ? 4 : 2,
                        [&](std::uint32_t block, int64_t lane, std::uint32_t row) -> T {
                          const Words words = philox(stream.key, block, row, stream.run_index);
                          if constexpr (narrow)
                            return uniformFromWord(words[lane]);
                          else
                            return uniformFromWords(words[2 * lane], words[2 * lane + 1]);
                        })};
  });
}

/// Box and Muller's transform: two uniform numbers, `u` in (0, 1] and `v` in [0, 1), make two
/// normal ones; even lanes take the cosine, odd ones the sine.
double boxMuller(double u, double v, int64_t lane) {
  const double angle = 2 * std::numbers::pi * v;
  return std::sqrt(-2 * std::log(u)) * (lane % 2 == 0 ? std::cos(angle) : std::sin(angle));
}

/// float32: words (0, 1) of a block make lanes 0 and 1, words (2, 3) lanes 2 and 3, with all 32
/// bits of each. float64: words (0, 1) are u and words (2, 3) v of lanes 0 and 1.
template <typename T> double normalFromWords(const Words &words, int64_t lane) {
  if constexpr (std::is_same_v<T, float>) {
    const int64_t pair = lane / 2 * 2;
    return boxMuller((static_cast<double>(words[pair]) + 1) * 0x1p-32,
                     static_cast<double>(words[pair + 1]) * 0x1p-32, lane);
  } else {
    return boxMuller(1 - uniformFromWords(words[0], words[1]), uniformFromWords(words[2], words[3]),
                     lane);
  }
}

Results randomNormal(const OpCall &call) {
  const Stream stream(call);
  const Shape shape = shapeOf(call, 0);
  return dispatchFloating(call, floatingType(call), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {generate<T>(call, shape, std::is_same_v<T, float> ? 4 : 2,
                        [&](std::uint32_t block, int64_t lane, std::uint32_t row) {
                          return normalFromWords<T>(
                              philox(stream.key, block, row, stream.run_index), lane);
                        })};
  });
}

/// The first of an element's attempts within two sigma. Attempt a is what random_normal gives there
/// with a added to the low word of the key.
Results truncatedNormal(const OpCall &call) {
  const Stream stream(call);
  const Shape shape = shapeOf(call, 0);
  return dispatchFloating(call, floatingType(call), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {generate<T>(call, shape, std::is_same_v<T, float> ? 4 : 2,
                        [&](std::uint32_t block, int64_t lane, std::uint32_t row) {
                          RandomKey key = stream.key;
                          for (;; ++key.low) {
                            const double drawn =
                                normalFromWords<T>(philox(key, block, row, stream.run_index), lane);
                            if (std::fabs(drawn) < 2)
                              return drawn;
                          }
                        })};
  });
}

/// The remainder of one word (int32) or of two, the first one high (int64). The bias is below
/// (maxval - minval) / 2^32 or 2^64.
Results randomUniformInt(const OpCall &call) {
  const Stream stream(call);
  const Shape shape = shapeOf(call, 2);
  auto make = [&](auto zero) -> Results {
    using T = decltype(zero);
    using U = std::make_unsigned_t<T>;
    const T low = call.inputs[0].scalar<T>(), high = call.inputs[1].scalar<T>();
    if (low >= high)
      invalid(call, "expects minval < maxval, got " + std::to_string(low) + " and " +
                        std::to_string(high));
    const U count = static_cast<U>(high) - static_cast<U>(low);
    constexpr bool narrow = sizeof(T) == 4;
    return {generate<T>(call, shape, narrow ? 4 : 2,
                        [&](std::uint32_t block, int64_t lane, std::uint32_t row) {
                          const Words words = philox(stream.key, block, row, stream.run_index);
                          U drawn;
                          if constexpr (narrow)
                            drawn = words[lane];
                          else
                            drawn = U{words[2 * lane]} << 32 | words[2 * lane + 1];
                          return static_cast<U>(low) + drawn % count;
                        })};
  };
  switch (call.inputs[0].dtype()) {
  case DataType::int32: return make(std::int32_t{});
  case DataType::int64: return make(std::int64_t{});
  default: break;
  }
  invalid(call, "expects int32 or int64, got " + std::string(to_string(call.inputs[0].dtype())));
}

constexpr Entry kOps[] = {
    {"random_uniform", randomUniform},
    {"random_normal", randomNormal},
    {"truncated_normal", truncatedNormal},
    {"random_uniform_int", randomUniformInt},
};

} // namespace

std::span<const Entry> randomOps() { return kOps; }

} // namespace graphc::reference

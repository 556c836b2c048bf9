// Sums, extremes and conjunctions over axes.
#include <algorithm>
#include <limits>

#include "runtime/reference/Indexing.h"
#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

/// Which axes go, and what that makes of the shape.
struct Reduction {
  std::vector<bool> reduced; ///< one for each axis
  Shape kept;                ///< the input's rank; reduced extents are one
  Shape result;

  explicit Reduction(const OpCall &call) {
    const Shape &shape = call.inputs[0].shape();
    const bool all = !call.attributes.has("axes");
    reduced.assign(static_cast<std::size_t>(shape.rank()), all);
    if (!all)
      for (int64_t axis : call.attributes.get_ints("axes"))
        reduced.at(static_cast<std::size_t>(resolveAxis(axis, shape.rank()))) = true;
    const bool keep_dims = call.attributes.bool_or("keep_dims", false);
    std::vector<int64_t> ones, remaining;
    for (int64_t axis = 0; axis < shape.rank(); ++axis) {
      ones.push_back(reduced[axis] ? 1 : shape[axis]);
      if (!reduced[axis] || keep_dims)
        remaining.push_back(ones.back());
    }
    kept = Shape(std::move(ones));
    result = Shape(std::move(remaining));
  }
};

/// Combines, in row-major order, all elements of x that fall on one element of the result.
template <typename T, typename A, typename Combine, typename Finish>
Tensor reduce(const OpCall &call, A initial, Combine combine, Finish finish) {
  const Reduction reduction(call);
  const Tensor &x = call.inputs[0];
  Tensor y(x.dtype(), reduction.result);
  std::vector<A> totals(static_cast<std::size_t>(y.num_elements()), initial);
  const T *in = x.data<T>();
  walk<1>(x.shape(), {broadcastView(reduction.kept, x.shape())}, [&](std::array<int64_t, 1> at) {
    A &total = totals[at[0]];
    total = combine(total, *in++);
  });
  const int64_t count = y.num_elements() == 0 ? 0 : x.num_elements() / y.num_elements();
  std::transform(totals.begin(), totals.end(), y.data<T>(),
                 [&](A total) { return static_cast<T>(finish(total, count)); });
  return y;
}

constexpr auto asItIs = [](auto total, int64_t) { return total; };

Results reduceSum(const OpCall &call) {
  return dispatchNumeric(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    using A = Accumulator<T>;
    return {
        reduce<T, A>(call, A{0}, [](A total, T x) { return total + static_cast<A>(x); }, asItIs)};
  });
}

/// Integers are divided toward zero. The mean of no elements is NaN, or 0 for integers.
Results reduceMean(const OpCall &call) {
  return dispatchNumeric(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    using A = Accumulator<T>;
    return {reduce<T, A>(
        call, A{0}, [](A total, T x) { return total + static_cast<A>(x); },
        [](A total, int64_t count) {
          if constexpr (std::is_floating_point_v<T>)
            return total / static_cast<double>(count);
          else
            return count == 0 ? 0 : static_cast<int64_t>(total) / count;
        })};
  });
}

Results reduceProd(const OpCall &call) {
  return dispatchNumeric(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    using A = Accumulator<T>;
    return {
        reduce<T, A>(call, A{1}, [](A total, T x) { return total * static_cast<A>(x); }, asItIs)};
  });
}

/// The least value: minus infinity where there is one.
template <typename T> constexpr T bottom() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_infinity ? static_cast<T>(-Limits::infinity()) : Limits::lowest();
}
template <typename T> constexpr T top() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_infinity ? Limits::infinity() : Limits::max();
}

Results reduceMax(const OpCall &call) {
  return dispatchNumeric(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {reduce<T, T>(
        call, bottom<T>(), [](T most, T x) { return x > most || x != x ? x : most; }, asItIs)};
  });
}

Results reduceMin(const OpCall &call) {
  return dispatchNumeric(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {reduce<T, T>(
        call, top<T>(), [](T least, T x) { return x < least || x != x ? x : least; }, asItIs)};
  });
}

// Counted in bytes, since a std::vector<bool> has no elements to refer to.
Results reduceAll(const OpCall &call) {
  return {reduce<bool, std::uint8_t>(
      call, 1, [](std::uint8_t all, bool x) { return static_cast<std::uint8_t>(all && x); },
      asItIs)};
}

Results reduceAny(const OpCall &call) {
  return {reduce<bool, std::uint8_t>(
      call, 0, [](std::uint8_t any, bool x) { return static_cast<std::uint8_t>(any || x); },
      asItIs)};
}

/// The first position that no other beats; NaN is beaten by every number.
template <typename Better> Results argument(const OpCall &call, Better better) {
  const Tensor &x = call.inputs[0];
  const int64_t axis = resolveAxis(call.attributes.get_int("axis"), x.shape().rank());
  const AxisSplit split(x.shape(), axis);
  std::vector<int64_t> extents = x.shape().extents();
  extents.erase(extents.begin() + axis);
  Tensor y(int64, Shape(extents));
  if (split.extent == 0 && y.num_elements() > 0)
    invalid(call, "expects at least one element along axis " + std::to_string(axis) +
                      ", got shape " + x.shape().to_string());
  dispatchNumeric(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    int64_t *out = y.data<int64_t>();
    for (int64_t outer = 0; outer < split.outer; ++outer)
      for (int64_t inner = 0; inner < split.inner; ++inner) {
        const T *line = x.data<T>() + outer * split.extent * split.inner + inner;
        int64_t best = 0;
        for (int64_t i = 1; i < split.extent; ++i) {
          const T candidate = line[i * split.inner], champion = line[best * split.inner];
          if (better(candidate, champion) || (champion != champion && candidate == candidate))
            best = i;
        }
        *out++ = best;
      }
  });
  return {call.attributes.has("dtype") ? y.cast(call.attributes.get_dtype("dtype")) : y};
}

Results l2Loss(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  return dispatchFloating(call, x.dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    double total = 0;
    for (T value : x.values<T>())
      total += static_cast<double>(value) * static_cast<double>(value);
    return {Tensor(static_cast<T>(total / 2))};
  });
}

constexpr Entry kOps[] = {
    {"reduce_sum", reduceSum},
    {"reduce_mean", reduceMean},
    {"reduce_prod", reduceProd},
    {"reduce_max", reduceMax},
    {"reduce_min", reduceMin},
    {"reduce_all", reduceAll},
    {"reduce_any", reduceAny},
    {"argmax",
     [](const OpCall &call) { return argument(call, [](auto a, auto b) { return a > b; }); }},
    {"argmin",
     [](const OpCall &call) { return argument(call, [](auto a, auto b) { return a < b; }); }},
    {"l2_loss", l2Loss},
};

} // namespace

std::span<const Entry> reductionOps() { return kOps; }

} // namespace graphc::reference

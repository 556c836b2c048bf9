// Ops that work element by element, with TensorFlow's broadcasting.
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/reference/Indexing.h"
#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

// ---- one operand ----

template <typename Function> Results mapNumeric(const OpCall &call, Function function) {
  const Tensor &x = call.inputs[0];
  Tensor y(x.dtype(), x.shape());
  dispatchNumeric(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T *out = y.data<T>();
    for (T value : x.values<T>())
      *out++ = static_cast<T>(function(value));
  });
  return {y};
}

/// `function` computes in double, whatever the dtype.
template <typename Function> Results mapFloating(const OpCall &call, Function function) {
  const Tensor &x = call.inputs[0];
  Tensor y(x.dtype(), x.shape());
  dispatchFloating(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T *out = y.data<T>();
    for (T value : x.values<T>())
      *out++ = static_cast<T>(function(static_cast<double>(value)));
  });
  return {y};
}

/// As mapNumeric for functions that leave integers as they are.
template <typename Function> Results mapFractional(const OpCall &call, Function function) {
  if (is_integer(call.inputs[0].dtype()))
    return {call.inputs[0]};
  return mapFloating(call, function);
}

Results fillLike(const OpCall &call, int value) {
  const Tensor &x = call.inputs[0];
  Tensor y(x.dtype(), x.shape());
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(y.data<T>(), y.num_elements(), static_cast<T>(value));
  });
  return {y};
}

/// x itself: the op only gives it another name.
Results same(const OpCall &call) { return {call.inputs[0]}; }

/// Wraps around for integers, so that the least one negated is itself.
template <typename T> T negated(T x) {
  if constexpr (std::is_floating_point_v<T>)
    return -x;
  else
    return static_cast<T>(0u - static_cast<std::uint64_t>(x));
}

double sigmoid(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

/// The constants keep mean 0 and variance 1 from layer to layer (Klambauer and others, 2017).
double selu(double x) {
  constexpr double alpha = 1.6732632423543772, scale = 1.0507009873554805;
  return x < 0 ? scale * alpha * std::expm1(x) : scale * x;
}

double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

/// Fractions are cut off. What an integer type cannot hold, NaN included, becomes the least int32
/// or int64, as x86 converts it; uint8 keeps the low bits of the int64.
template <typename To, typename From> To converted(From x) {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From{};
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Wide = std::conditional_t<std::is_same_v<To, std::int32_t>, std::int32_t, std::int64_t>;
    constexpr double least = static_cast<double>(std::numeric_limits<Wide>::min());
    const double whole = std::trunc(static_cast<double>(x));
    if (!(whole >= least && whole < -least))
      return static_cast<To>(std::numeric_limits<Wide>::min());
    return static_cast<To>(static_cast<Wide>(whole));
  } else {
    return static_cast<To>(x);
  }
}

Results cast(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const DataType to = call.attributes.get_dtype("dtype");
  if (to == x.dtype())
    return {x};
  Tensor y(to, x.shape());
  dispatch(x.dtype(), [&](auto from_zero) {
    using From = decltype(from_zero);
    dispatch(to, [&](auto to_zero) {
      using To = decltype(to_zero);
      To *out = y.data<To>();
      for (From value : x.values<From>())
        *out++ = converted<To>(value);
    });
  });
  return {y};
}

// ---- two operands ----

Shape broadcastShape(const OpCall &call, const Shape &a, const Shape &b) {
  std::optional<Shape> shape = Shape::broadcast(a, b);
  if (!shape)
    invalid(call, "expects shapes that broadcast, got " + a.to_string() + " and " + b.to_string());
  return *shape;
}

template <typename T, typename R, typename Function>
Tensor zip(const OpCall &call, const Tensor &x, const Tensor &y, Function function) {
  const Shape shape = broadcastShape(call, x.shape(), y.shape());
  Tensor z(data_type_of<R>, shape);
  const T *a = x.data<T>();
  const T *b = y.data<T>();
  R *out = z.data<R>();
  if (x.shape() == y.shape()) {
    for (int64_t i = 0; i < z.num_elements(); ++i)
      out[i] = static_cast<R>(function(a[i], b[i]));
    return z;
  }
  walk<2>(
      shape, {broadcastView(x.shape(), shape), broadcastView(y.shape(), shape)},
      [&](std::array<int64_t, 2> at) { *out++ = static_cast<R>(function(a[at[0]], b[at[1]])); });
  return z;
}

template <typename Function> Results zipNumeric(const OpCall &call, Function function) {
  return dispatchNumeric(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {zip<T, T>(call, call.inputs[0], call.inputs[1], function)};
  });
}

template <typename Function> Results compareNumeric(const OpCall &call, Function function) {
  return dispatchNumeric(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {zip<T, bool>(call, call.inputs[0], call.inputs[1], function)};
  });
}

/// For all dtypes, bool included.
template <typename Function> Results compareAny(const OpCall &call, Function function) {
  return dispatch(call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {zip<T, bool>(call, call.inputs[0], call.inputs[1], function)};
  });
}

template <typename Function> Results zipLogical(const OpCall &call, Function function) {
  return {zip<bool, bool>(call, call.inputs[0], call.inputs[1], function)};
}

/// Sums, differences and products wrap around for integers.
template <typename T> T sum(T x, T y) {
  using A = Accumulator<T>;
  return static_cast<T>(static_cast<A>(x) + static_cast<A>(y));
}
template <typename T> T difference(T x, T y) {
  using A = Accumulator<T>;
  return static_cast<T>(static_cast<A>(x) - static_cast<A>(y));
}
template <typename T> T product(T x, T y) {
  using A = Accumulator<T>;
  return static_cast<T>(static_cast<A>(x) * static_cast<A>(y));
}

template <typename T> void checkDivisor(const OpCall &call, T y) {
  if (y == 0)
    invalid(call, "expects integer divisors other than 0, got 0");
}

/// Toward zero for integers.
template <typename T> T quotient(const OpCall &call, T x, T y) {
  if constexpr (std::is_floating_point_v<T>) {
    return x / y;
  } else {
    checkDivisor(call, y);
    if (std::is_signed_v<T> && y == static_cast<T>(-1))
      return negated(x); // the processor traps on the least integer divided by -1
    return static_cast<T>(x / y);
  }
}

template <typename T> T floorRemainder(const OpCall &call, T x, T y) {
  T remainder;
  if constexpr (std::is_floating_point_v<T>) {
    remainder = std::fmod(x, y);
  } else {
    checkDivisor(call, y);
    remainder = std::is_signed_v<T> && y == static_cast<T>(-1) ? T{0} : static_cast<T>(x % y);
  }
  return remainder != 0 && (remainder < 0) != (y < 0) ? static_cast<T>(remainder + y) : remainder;
}

template <typename T> T floorQuotient(const OpCall &call, T x, T y) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::floor(x / y);
  } else {
    const T towardZero = quotient(call, x, y);
    const bool exact = product(towardZero, y) == x;
    return exact || (x < 0) == (y < 0) ? towardZero : static_cast<T>(towardZero - 1);
  }
}

/// A NaN on either side stays a NaN.
template <typename T> T greater(T x, T y) { return x != x || x > y ? x : y; }
template <typename T> T lesser(T x, T y) { return x != x || x < y ? x : y; }

template <typename T> T power(const OpCall &call, T x, T y) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(std::pow(static_cast<double>(x), static_cast<double>(y)));
  } else {
    if (y < 0)
      invalid(call, "expects exponents of at least 0 for integers, got " + std::to_string(y));
    T result = 1;
    for (; y > 0; y /= 2) {
      if (y % 2 == 1)
        result = product(result, x);
      x = product(x, x);
    }
    return result;
  }
}

// ---- more operands ----

Results where(const OpCall &call) {
  const Tensor &condition = call.inputs[0], &x = call.inputs[1], &y = call.inputs[2];
  const Shape shape =
      broadcastShape(call, condition.shape(), broadcastShape(call, x.shape(), y.shape()));
  Tensor z(x.dtype(), shape);
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const bool *c = condition.data<bool>();
    const T *a = x.data<T>();
    const T *b = y.data<T>();
    T *out = z.data<T>();
    walk<3>(shape,
            {broadcastView(condition.shape(), shape), broadcastView(x.shape(), shape),
             broadcastView(y.shape(), shape)},
            [&](std::array<int64_t, 3> at) { *out++ = c[at[0]] ? a[at[1]] : b[at[2]]; });
  });
  return {z};
}

/// Compares so that a NaN in x stays one.
Results clipByValue(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  Tensor y(x.dtype(), x.shape());
  dispatchNumeric(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T low = call.inputs[1].scalar<T>(), high = call.inputs[2].scalar<T>();
    T *out = y.data<T>();
    for (T value : x.values<T>())
      *out++ = value < low ? low : value > high ? high : value;
  });
  return {y};
}

Results addN(const OpCall &call) {
  const Tensor &first = call.inputs[0];
  Tensor y(first.dtype(), first.shape());
  dispatchNumeric(call, first.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using A = Accumulator<T>;
    std::vector<A> total(static_cast<std::size_t>(first.num_elements()), A{0});
    for (const Tensor &x : call.inputs)
      for (int64_t i = 0; i < y.num_elements(); ++i)
        total[i] += static_cast<A>(x.data<T>()[i]);
    std::transform(total.begin(), total.end(), y.data<T>(), [](A a) { return static_cast<T>(a); });
  });
  return {y};
}

constexpr Entry kOps[] = {
    {"identity", same},
    {"stop_gradient", same},
    {"zeros_like", [](const OpCall &call) { return fillLike(call, 0); }},
    {"ones_like", [](const OpCall &call) { return fillLike(call, 1); }},
    {"cast", cast},

    {"negative",
     [](const OpCall &call) { return mapNumeric(call, [](auto x) { return negated(x); }); }},
    {"abs",
     [](const OpCall &call) {
       return mapNumeric(call, [](auto x) {
         if constexpr (std::is_floating_point_v<decltype(x)>)
           return std::fabs(x);
         else
           return x < 0 ? negated(x) : x;
       });
     }},
    {"sign",
     [](const OpCall &call) {
       return mapNumeric(call, [](auto x) {
         using T = decltype(x);
         return x > 0 ? T{1} : x < 0 ? static_cast<T>(-1) : x; // zeros and NaN as they are
       });
     }},
    {"square",
     [](const OpCall &call) { return mapNumeric(call, [](auto x) { return product(x, x); }); }},
    {"relu",
     [](const OpCall &call) {
       return mapNumeric(call, [](auto x) { return x < 0 ? decltype(x){0} : x; }); // keeps NaN
     }},
    {"sqrt",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::sqrt(x); }); }},
    {"rsqrt",
     [](const OpCall &call) {
       return mapFloating(call, [](double x) { return 1 / std::sqrt(x); });
     }},
    {"reciprocal",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return 1 / x; }); }},
    {"exp",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::exp(x); }); }},
    {"log",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::log(x); }); }},
    {"expm1",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::expm1(x); }); }},
    {"log1p",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::log1p(x); }); }},
    {"sin",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::sin(x); }); }},
    {"cos",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::cos(x); }); }},
    {"erf",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::erf(x); }); }},
    {"tanh",
     [](const OpCall &call) { return mapFloating(call, [](double x) { return std::tanh(x); }); }},
    {"sigmoid", [](const OpCall &call) { return mapFloating(call, sigmoid); }},
    {"softplus", [](const OpCall &call) { return mapFloating(call, softplus); }},
    {"relu6",
     [](const OpCall &call) {
       return mapNumeric(call, [](auto x) {
         using T = decltype(x);
         return x < 0 ? T{0} : x > 6 ? T{6} : x; // keeps NaN
       });
     }},
    {"elu",
     [](const OpCall &call) {
       return mapFloating(call, [](double x) { return x < 0 ? std::expm1(x) : x; });
     }},
    {"selu", [](const OpCall &call) { return mapFloating(call, selu); }},
    {"leaky_relu",
     [](const OpCall &call) {
       return mapFloating(call, [alpha = call.attributes.get_double("alpha")](double x) {
         return x > 0 ? x : alpha * x;
       });
     }},
    {"floor",
     [](const OpCall &call) {
       return mapFractional(call, [](double x) { return std::floor(x); });
     }},
    {"ceil",
     [](const OpCall &call) { return mapFractional(call, [](double x) { return std::ceil(x); }); }},
    // The default rounding mode is to nearest, halves to even.
    {"round",
     [](const OpCall &call) {
       return mapFractional(call, [](double x) { return std::nearbyint(x); });
     }},

    {"add",
     [](const OpCall &call) { return zipNumeric(call, [](auto x, auto y) { return sum(x, y); }); }},
    {"bias_add",
     [](const OpCall &call) { return zipNumeric(call, [](auto x, auto y) { return sum(x, y); }); }},
    {"subtract",
     [](const OpCall &call) {
       return zipNumeric(call, [](auto x, auto y) { return difference(x, y); });
     }},
    {"multiply",
     [](const OpCall &call) {
       return zipNumeric(call, [](auto x, auto y) { return product(x, y); });
     }},
    {"divide",
     [](const OpCall &call) {
       return zipNumeric(call, [&](auto x, auto y) { return quotient(call, x, y); });
     }},
    {"floordiv",
     [](const OpCall &call) {
       return zipNumeric(call, [&](auto x, auto y) { return floorQuotient(call, x, y); });
     }},
    {"floormod",
     [](const OpCall &call) {
       return zipNumeric(call, [&](auto x, auto y) { return floorRemainder(call, x, y); });
     }},
    {"maximum",
     [](const OpCall &call) {
       return zipNumeric(call, [](auto x, auto y) { return greater(x, y); });
     }},
    {"minimum",
     [](const OpCall &call) {
       return zipNumeric(call, [](auto x, auto y) { return lesser(x, y); });
     }},
    {"pow",
     [](const OpCall &call) {
       return zipNumeric(call, [&](auto x, auto y) { return power(call, x, y); });
     }},
    {"squared_difference",
     [](const OpCall &call) {
       return zipNumeric(call, [](auto x, auto y) {
         const auto d = difference(x, y);
         return product(d, d);
       });
     }},

    {"equal",
     [](const OpCall &call) { return compareAny(call, [](auto x, auto y) { return x == y; }); }},
    {"not_equal",
     [](const OpCall &call) { return compareAny(call, [](auto x, auto y) { return x != y; }); }},
    {"less",
     [](const OpCall &call) { return compareNumeric(call, [](auto x, auto y) { return x < y; }); }},
    {"less_equal",
     [](const OpCall &call) {
       return compareNumeric(call, [](auto x, auto y) { return x <= y; });
     }},
    {"greater",
     [](const OpCall &call) { return compareNumeric(call, [](auto x, auto y) { return x > y; }); }},
    {"greater_equal",
     [](const OpCall &call) {
       return compareNumeric(call, [](auto x, auto y) { return x >= y; });
     }},

    {"logical_and",
     [](const OpCall &call) { return zipLogical(call, [](bool x, bool y) { return x && y; }); }},
    {"logical_or",
     [](const OpCall &call) { return zipLogical(call, [](bool x, bool y) { return x || y; }); }},
    {"logical_xor",
     [](const OpCall &call) { return zipLogical(call, [](bool x, bool y) { return x != y; }); }},
    {"logical_not",
     [](const OpCall &call) -> Results {
       const Tensor &x = call.inputs[0];
       Tensor y(bool_, x.shape());
       std::ranges::transform(x.values<bool>(), y.data<bool>(), [](bool b) { return !b; });
       return {y};
     }},

    {"where", where},
    {"clip_by_value", clipByValue},
    {"add_n", addN},
};

} // namespace

std::span<const Entry> elementwiseOps() { return kOps; }

} // namespace graphc::reference

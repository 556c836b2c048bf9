// Elementwise arithmetic, comparisons, and matrix products.
//
// Operands of two-operand ops broadcast as in NumPy and have one dtype; numbers take the other
// operand's. Every op throws Error (invalid_argument), naming itself and the user's line, for
// shapes or dtypes that do not fit.
#pragma once

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc {

/// x + y, numbers of any dtype.
Output add(const Input &x, const Input &y, std::string_view name = {},
           Where where = Where::current());
Output subtract(const Input &x, const Input &y, std::string_view name = {},
                Where where = Where::current());
Output multiply(const Input &x, const Input &y, std::string_view name = {},
                Where where = Where::current());
/// The quotient; integers are converted to float64 first (uint8 to float32), as Python 3 does.
Output divide(const Input &x, const Input &y, std::string_view name = {},
              Where where = Where::current());
Output truediv(const Input &x, const Input &y, std::string_view name = {},
               Where where = Where::current());
/// The quotient in the operands' dtype; integers truncate toward zero.
Output div(const Input &x, const Input &y, std::string_view name = {},
           Where where = Where::current());
/// floor(x / y).
Output floordiv(const Input &x, const Input &y, std::string_view name = {},
                Where where = Where::current());
/// x - floor(x / y) * y: has the sign of y.
Output floormod(const Input &x, const Input &y, std::string_view name = {},
                Where where = Where::current());
Output maximum(const Input &x, const Input &y, std::string_view name = {},
               Where where = Where::current());
Output minimum(const Input &x, const Input &y, std::string_view name = {},
               Where where = Where::current());
Output pow(const Input &x, const Input &y, std::string_view name = {},
           Where where = Where::current());
/// (x - y)^2.
Output squared_difference(const Input &x, const Input &y, std::string_view name = {},
                          Where where = Where::current());

/// Comparisons give bool.
Output equal(const Input &x, const Input &y, std::string_view name = {},
             Where where = Where::current());
Output not_equal(const Input &x, const Input &y, std::string_view name = {},
                 Where where = Where::current());
Output less(const Input &x, const Input &y, std::string_view name = {},
            Where where = Where::current());
Output less_equal(const Input &x, const Input &y, std::string_view name = {},
                  Where where = Where::current());
Output greater(const Input &x, const Input &y, std::string_view name = {},
               Where where = Where::current());
Output greater_equal(const Input &x, const Input &y, std::string_view name = {},
                     Where where = Where::current());

/// Of bools.
Output logical_and(const Input &x, const Input &y, std::string_view name = {},
                   Where where = Where::current());
Output logical_or(const Input &x, const Input &y, std::string_view name = {},
                  Where where = Where::current());
Output logical_xor(const Input &x, const Input &y, std::string_view name = {},
                   Where where = Where::current());
Output logical_not(const Output &x, std::string_view name = {}, Where where = Where::current());

/// TensorFlow's operators, named "add", "sub", "mul", "truediv", "mod", "Neg", "Less", ...
Output operator+(const Input &x, const Input &y);
Output operator-(const Input &x, const Input &y);
Output operator*(const Input &x, const Input &y);
Output operator/(const Input &x, const Input &y);
Output operator%(const Input &x, const Input &y);
Output operator<(const Input &x, const Input &y);
Output operator<=(const Input &x, const Input &y);
Output operator>(const Input &x, const Input &y);
Output operator>=(const Input &x, const Input &y);
Output operator-(const Input &x);

Output negative(const Output &x, std::string_view name = {}, Where where = Where::current());
Output abs(const Output &x, std::string_view name = {}, Where where = Where::current());
/// -1, 0 or 1; a NaN stays one.
Output sign(const Output &x, std::string_view name = {}, Where where = Where::current());
Output square(const Output &x, std::string_view name = {}, Where where = Where::current());
/// The following are of floating dtypes.
Output sqrt(const Output &x, std::string_view name = {}, Where where = Where::current());
/// 1 / sqrt(x).
Output rsqrt(const Output &x, std::string_view name = {}, Where where = Where::current());
Output reciprocal(const Output &x, std::string_view name = {}, Where where = Where::current());
Output exp(const Output &x, std::string_view name = {}, Where where = Where::current());
Output log(const Output &x, std::string_view name = {}, Where where = Where::current());
Output tanh(const Output &x, std::string_view name = {}, Where where = Where::current());
/// 1 / (1 + exp(-x)).
Output sigmoid(const Output &x, std::string_view name = {}, Where where = Where::current());
Output floor(const Output &x, std::string_view name = {}, Where where = Where::current());
Output ceil(const Output &x, std::string_view name = {}, Where where = Where::current());
/// To the nearest integer, halves to the even one. Integers stay as they are.
Output round(const Output &x, std::string_view name = {}, Where where = Where::current());

/// Which elements are numbers, infinite, or no numbers at all; of floating dtypes.
Output is_finite(const Output &x, std::string_view name = {}, Where where = Where::current());
Output is_inf(const Output &x, std::string_view name = {}, Where where = Where::current());
Output is_nan(const Output &x, std::string_view name = {}, Where where = Where::current());
/// x / y, and 0 where y is 0.
Output div_no_nan(const Input &x, const Input &y, std::string_view name = {},
                  Where where = Where::current());

/// Elements of x where the condition holds, of y elsewhere; the three broadcast. A condition of
/// rank 1 beside operands of a higher rank picks whole rows, as TensorFlow's `tf.where`.
Output where(const Output &condition, const Input &x, const Input &y, std::string_view name = {},
             Where where = Where::current());
/// min(max(x, low), high); NaN stays NaN. Gradients pass where low <= x <= high.
Output clip_by_value(const Output &x, const Input &low, const Input &high,
                     std::string_view name = {}, Where where = Where::current());
/// The sum of tensors of one shape and dtype.
Output add_n(const std::vector<Output> &inputs, std::string_view name = {},
             Where where = Where::current());

/// Converts element by element; floats to integers toward zero. Returns x where it has the dtype.
Output cast(const Output &x, DataType dtype, std::string_view name = {},
            Where where = Where::current());
Output identity(const Output &x, std::string_view name = {}, Where where = Where::current());
/// x, with no gradient flowing back.
Output stop_gradient(const Output &x, std::string_view name = {}, Where where = Where::current());

struct MatmulOptions {
  bool transpose_a = false;
  bool transpose_b = false;
  std::string_view name = {};
};
/// The products of the matrices in the last two axes: [..., m, k] x [..., k, n] -> [..., m, n];
/// leading axes broadcast. Ranks of at least 2.
Output matmul(const Output &a, const Output &b, const MatmulOptions &options = {},
              Where where = Where::current());

/// x times min(1, clip_norm / ||x||), the norm over `axes`.
Output clip_by_norm(const Output &x, const Input &clip_norm, const Axes &axes = {},
                    std::string_view name = {}, Where where = Where::current());
/// sqrt of the sum of the squares of all elements of all tensors; empty outputs are left out.
Output global_norm(const std::vector<Output> &tensors, std::string_view name = {},
                   Where where = Where::current());

struct ClippedByGlobalNorm {
  std::vector<Output> tensors; ///< empty where the input was
  Output global_norm;
};
/// Every tensor times clip_norm / max(global_norm, clip_norm). With a norm that is not finite, all
/// become NaN. `use_norm`: the norm, where it is known already.
ClippedByGlobalNorm clip_by_global_norm(const std::vector<Output> &tensors, const Input &clip_norm,
                                        const Output &use_norm = {}, std::string_view name = {},
                                        Where where = Where::current());

} // namespace graphc

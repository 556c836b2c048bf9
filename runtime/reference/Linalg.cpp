// Matrix factorisations.
#include <algorithm>
#include <cmath>

#include "runtime/reference/Indexing.h"
#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

/// I - scale * v * v', which maps one column onto a multiple of a unit vector.
struct Reflection {
  std::vector<double> v; ///< from the pivot's row on; v[0] = 1
  double scale = 0;
};

/// Applies the reflection to rows [pivot, m) and columns [from, n) of a.
void reflect(const Reflection &reflection, std::vector<double> &a, int64_t m, int64_t n,
             int64_t pivot, int64_t from) {
  for (int64_t column = from; column < n; ++column) {
    double dot = 0;
    for (int64_t row = pivot; row < m; ++row)
      dot += reflection.v[row - pivot] * a[row * n + column];
    for (int64_t row = pivot; row < m; ++row)
      a[row * n + column] -= reflection.scale * dot * reflection.v[row - pivot];
  }
}

/// Makes the column below the pivot zero. The pivot becomes -sign(pivot) * norm, as LAPACK's larfg
/// has it; a column that already is zero below stays as it is.
Reflection makeReflection(std::vector<double> &a, int64_t m, int64_t n, int64_t pivot) {
  Reflection reflection{std::vector<double>(static_cast<std::size_t>(m - pivot), 0), 0};
  reflection.v[0] = 1;
  double below = 0;
  for (int64_t row = pivot + 1; row < m; ++row)
    below = std::hypot(below, a[row * n + pivot]);
  if (below == 0)
    return reflection;
  const double alpha = a[pivot * n + pivot];
  const double beta = -std::copysign(std::hypot(alpha, below), alpha);
  for (int64_t row = pivot + 1; row < m; ++row)
    reflection.v[row - pivot] = a[row * n + pivot] / (alpha - beta);
  reflection.scale = (beta - alpha) / beta;
  return reflection;
}

/// a (m x n) becomes r in its upper triangle; returns q (m x k), k = min(m, n).
std::vector<double> factorise(std::vector<double> &a, int64_t m, int64_t n) {
  const int64_t k = std::min(m, n);
  std::vector<Reflection> reflections;
  for (int64_t pivot = 0; pivot < k; ++pivot) {
    reflections.push_back(makeReflection(a, m, n, pivot));
    reflect(reflections.back(), a, m, n, pivot, pivot);
  }
  std::vector<double> q(static_cast<std::size_t>(m * k), 0);
  for (int64_t i = 0; i < k; ++i)
    q[i * k + i] = 1;
  for (int64_t pivot = k; pivot-- > 0;)
    reflect(reflections[pivot], q, m, k, pivot, 0);
  return q;
}

std::vector<Tensor> qr(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const int64_t rank = x.shape().rank();
  if (rank < 2)
    invalid(call, "expects an operand of rank 2 or more, got " + x.shape().to_string());
  const int64_t m = x.shape()[rank - 2], n = x.shape()[rank - 1], k = std::min(m, n);
  std::vector<int64_t> q_extents = x.shape().extents(), r_extents = q_extents;
  q_extents[rank - 1] = k;
  r_extents[rank - 2] = k;
  Tensor q(x.dtype(), Shape(q_extents)), r(x.dtype(), Shape(r_extents));
  dispatchFloating(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T *q_out = q.data<T>();
    T *r_out = r.data<T>();
    const int64_t batch = m * n == 0 ? 0 : x.num_elements() / (m * n);
    for (int64_t b = 0; b < batch; ++b) {
      const T *matrix = x.data<T>() + b * m * n;
      std::vector<double> a(matrix, matrix + m * n);
      for (double element : factorise(a, m, n))
        *q_out++ = static_cast<T>(element);
      for (int64_t row = 0; row < k; ++row)
        for (int64_t column = 0; column < n; ++column)
          *r_out++ = column < row ? T{0} : static_cast<T>(a[row * n + column]);
    }
  });
  return {q, r};
}

constexpr Entry kOps[] = {{"qr", qr}};

} // namespace

std::span<const Entry> linalgOps() { return kOps; }

} // namespace graphc::reference

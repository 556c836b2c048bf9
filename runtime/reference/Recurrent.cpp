// Recurrent layers with oneDNN's order of gates, step by step in double, and their gradients by
// backpropagation through time. Gradients compute the forward pass again: the workspace is empty.
//
// Names: T steps, B rows, I inputs, H units, G gates. pre = x W + h U + b, [B, G*H] per step.
#include <algorithm>
#include <cmath>

#include "runtime/reference/Matrix.h"
#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;
using Numbers = std::vector<double>;

Numbers numbersOf(const Tensor &tensor) {
  const Tensor wide = tensor.cast(float64);
  return {wide.values<double>().begin(), wide.values<double>().end()};
}

Tensor tensorOf(const Numbers &numbers, const Tensor &like) {
  return Tensor::of(like.shape(), numbers).cast(like.dtype());
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
/// Derivatives in terms of the function's value.
double sigmoidSlope(double y) { return y * (1 - y); }
double tanhSlope(double y) { return 1 - y * y; }

/// c += a * b for [m, k] x [k, n].
void addProduct(int64_t m, int64_t k, int64_t n, Matrix<double> a, Matrix<double> b, double *c) {
  multiply<double, double>(m, k, n, a, b, [&](int64_t i, const double *row) {
    for (int64_t j = 0; j < n; ++j)
      c[i * n + j] += row[j];
  });
}

Matrix<double> dense(const double *data, int64_t columns) {
  return Matrix<double>::dense(data, columns);
}
Matrix<double> turned(const double *data, int64_t columns) {
  return Matrix<double>::dense(data, columns, true);
}

/// The operands that all the layers share, and the gradients of those that are trained.
struct Layer {
  int64_t T, B, I, H, N; ///< N: all gates' units
  Numbers x, h0, w, u, b;
  Numbers dx, dw, du, db;

  /// weights_layer is operand `first_weight`; x and h0 are operands 0 and 1.
  Layer(const OpCall &call, std::size_t first_weight, int64_t gates)
      : T(call.inputs[0].shape()[0]), B(call.inputs[0].shape()[1]), I(call.inputs[0].shape()[2]),
        H(call.inputs[1].shape()[1]), N(call.inputs[first_weight].shape()[1]),
        x(numbersOf(call.inputs[0])), h0(numbersOf(call.inputs[1])),
        w(numbersOf(call.inputs[first_weight])), u(numbersOf(call.inputs[first_weight + 1])),
        b(numbersOf(call.inputs[first_weight + 2])), dx(x.size(), 0), dw(w.size(), 0),
        du(u.size(), 0), db(b.size(), 0) {
    const Shape wanted[] = {{B, H}, {I, gates * H}, {H, gates * H}, {gates * H}};
    const std::size_t operands[] = {1, first_weight, first_weight + 1, first_weight + 2};
    for (std::size_t i = 0; i < 4; ++i)
      if (call.inputs[operands[i]].shape() != wanted[i])
        invalid(call, "expects operand " + std::to_string(operands[i]) + " of shape " +
                          wanted[i].to_string() + ", got " +
                          call.inputs[operands[i]].shape().to_string());
  }

  Numbers stateSequence() const { return Numbers(static_cast<std::size_t>((T + 1) * B * H)); }
  const double *inputs(int64_t t) const { return x.data() + t * B * I; }

  /// x W + b of step t.
  Numbers project(int64_t t) const {
    Numbers pre(static_cast<std::size_t>(B * N));
    for (int64_t row = 0; row < B; ++row)
      std::copy(b.begin(), b.end(), pre.begin() + row * N);
    addProduct(B, I, N, dense(inputs(t), I), dense(w.data(), N), pre.data());
    return pre;
  }

  /// What d(pre) of step t gives to x, W and b.
  void backProject(int64_t t, const Numbers &d_pre) {
    addProduct(B, N, I, dense(d_pre.data(), N), turned(w.data(), N), dx.data() + t * B * I);
    addProduct(I, B, N, turned(inputs(t), I), dense(d_pre.data(), N), dw.data());
    for (int64_t row = 0; row < B; ++row)
      for (int64_t j = 0; j < N; ++j)
        db[j] += d_pre[row * N + j];
  }
};

/// States before step 0, 1, ..., T become the layer's outputs.
Tensor outputsOf(const Layer &layer, const Numbers &h, const Tensor &x) {
  return Tensor::of(Shape{layer.T, layer.B, layer.H},
                    Numbers(h.begin() + layer.B * layer.H, h.end()))
      .cast(x.dtype());
}

Tensor lastOf(const Layer &layer, const Numbers &states, const Tensor &like) {
  return tensorOf(Numbers(states.end() - layer.B * layer.H, states.end()), like);
}

Tensor noWorkspace() { return Tensor(uint8, Shape{0}); }

// ---- LSTM: gates i, f, candidate, o ----

struct LstmRun {
  Layer layer;
  Numbers h, c;               ///< [T+1, B, H]
  std::vector<Numbers> gates; ///< of each step, after their activations

  explicit LstmRun(const OpCall &call) : layer(call, 3, 4), h(layer.stateSequence()), c(h) {
    const int64_t B = layer.B, H = layer.H, N = layer.N;
    const Numbers c0 = numbersOf(call.inputs[2]);
    std::copy(layer.h0.begin(), layer.h0.end(), h.begin());
    std::copy(c0.begin(), c0.end(), c.begin());
    for (int64_t t = 0; t < layer.T; ++t) {
      const double *h_old = h.data() + t * B * H, *c_old = c.data() + t * B * H;
      double *h_new = h.data() + (t + 1) * B * H, *c_new = c.data() + (t + 1) * B * H;
      Numbers gate = layer.project(t);
      addProduct(B, H, N, dense(h_old, H), dense(layer.u.data(), N), gate.data());
      for (int64_t row = 0; row < B; ++row)
        for (int64_t j = 0; j < H; ++j) {
          double &i = gate[row * N + j], &f = gate[row * N + H + j];
          double &candidate = gate[row * N + 2 * H + j], &o = gate[row * N + 3 * H + j];
          i = sigmoid(i);
          f = sigmoid(f);
          candidate = std::tanh(candidate);
          o = sigmoid(o);
          c_new[row * H + j] = f * c_old[row * H + j] + i * candidate;
          h_new[row * H + j] = o * std::tanh(c_new[row * H + j]);
        }
      gates.push_back(std::move(gate));
    }
  }
};

Results lstm(const OpCall &call) {
  const LstmRun run(call);
  return {outputsOf(run.layer, run.h, call.inputs[0]), lastOf(run.layer, run.h, call.inputs[1]),
          lastOf(run.layer, run.c, call.inputs[2]), noWorkspace()};
}

Results lstmGradient(const OpCall &call) {
  LstmRun run(call);
  Layer &layer = run.layer;
  const int64_t B = layer.B, H = layer.H, N = layer.N;
  const Numbers d_outputs = numbersOf(call.inputs[10]);
  Numbers dh = numbersOf(call.inputs[11]), dc = numbersOf(call.inputs[12]);
  for (int64_t t = layer.T; t-- > 0;) {
    const double *h_old = run.h.data() + t * B * H, *c_old = run.c.data() + t * B * H;
    const double *c_new = run.c.data() + (t + 1) * B * H;
    Numbers d_pre(static_cast<std::size_t>(B * N));
    for (int64_t row = 0; row < B; ++row)
      for (int64_t j = 0; j < H; ++j) {
        const double *gate = run.gates[t].data() + row * N + j;
        double *d = d_pre.data() + row * N + j;
        const int64_t at = row * H + j;
        const double i = gate[0], f = gate[H], candidate = gate[2 * H], o = gate[3 * H];
        const double bounded = std::tanh(c_new[at]);
        const double d_h = dh[at] + d_outputs[t * B * H + at];
        const double d_c = dc[at] + d_h * o * tanhSlope(bounded);
        d[0] = d_c * candidate * sigmoidSlope(i);
        d[H] = d_c * c_old[at] * sigmoidSlope(f);
        d[2 * H] = d_c * i * tanhSlope(candidate);
        d[3 * H] = d_h * bounded * sigmoidSlope(o);
        dc[at] = d_c * f;
      }
    layer.backProject(t, d_pre);
    addProduct(H, B, N, turned(h_old, H), dense(d_pre.data(), N), layer.du.data());
    std::fill(dh.begin(), dh.end(), 0);
    addProduct(B, N, H, dense(d_pre.data(), N), turned(layer.u.data(), N), dh.data());
  }
  return {tensorOf(layer.dx, call.inputs[0]), tensorOf(dh, call.inputs[1]),
          tensorOf(dc, call.inputs[2]),       tensorOf(layer.dw, call.inputs[3]),
          tensorOf(layer.du, call.inputs[4]), tensorOf(layer.db, call.inputs[5])};
}

// ---- GRU: gates u, r, o; h' = u h + (1 - u) o, o = tanh(x W + (r h) U + b) ----

struct GruRun {
  Layer layer;
  Numbers h;                  ///< [T+1, B, H]
  std::vector<Numbers> gates; ///< of each step, after their activations
  std::vector<Numbers> reset; ///< r * h of each step

  explicit GruRun(const OpCall &call) : layer(call, 2, 3), h(layer.stateSequence()) {
    const int64_t B = layer.B, H = layer.H, N = layer.N;
    std::copy(layer.h0.begin(), layer.h0.end(), h.begin());
    for (int64_t t = 0; t < layer.T; ++t) {
      const double *h_old = h.data() + t * B * H;
      double *h_new = h.data() + (t + 1) * B * H;
      Numbers gate = layer.project(t);
      addGateProduct(h_old, 0, 2, gate);
      Numbers r_h(static_cast<std::size_t>(B * H));
      for (int64_t row = 0; row < B; ++row)
        for (int64_t j = 0; j < H; ++j) {
          double &u = gate[row * N + j], &r = gate[row * N + H + j];
          u = sigmoid(u);
          r = sigmoid(r);
          r_h[row * H + j] = r * h_old[row * H + j];
        }
      addGateProduct(r_h.data(), 2, 1, gate);
      for (int64_t row = 0; row < B; ++row)
        for (int64_t j = 0; j < H; ++j) {
          const double u = gate[row * N + j];
          double &o = gate[row * N + 2 * H + j];
          o = std::tanh(o);
          h_new[row * H + j] = u * h_old[row * H + j] + (1 - u) * o;
        }
      gates.push_back(std::move(gate));
      reset.push_back(std::move(r_h));
    }
  }

  /// The columns of U that belong to gates [first, ...).
  Matrix<double> gateWeights(int64_t first) const {
    return {layer.u.data() + first * layer.H, layer.N, 1};
  }

private:
  /// pre += state * U over `count` gates from `first`.
  void addGateProduct(const double *state, int64_t first, int64_t count, Numbers &pre) {
    const int64_t columns = count * layer.H;
    multiply<double, double>(layer.B, layer.H, columns, dense(state, layer.H), gateWeights(first),
                             [&](int64_t row, const double *product) {
                               double *out = pre.data() + row * layer.N + first * layer.H;
                               for (int64_t j = 0; j < columns; ++j)
                                 out[j] += product[j];
                             });
  }
};

Results gru(const OpCall &call) {
  const GruRun run(call);
  return {outputsOf(run.layer, run.h, call.inputs[0]), lastOf(run.layer, run.h, call.inputs[1]),
          noWorkspace()};
}

Results gruGradient(const OpCall &call) {
  GruRun run(call);
  Layer &layer = run.layer;
  const int64_t B = layer.B, H = layer.H, N = layer.N;
  const Numbers d_outputs = numbersOf(call.inputs[8]);
  Numbers dh = numbersOf(call.inputs[9]);
  const Matrix<double> candidate_weights = run.gateWeights(2);
  for (int64_t t = layer.T; t-- > 0;) {
    const double *h_old = run.h.data() + t * B * H;
    const Numbers &gate = run.gates[t];
    Numbers d_pre(static_cast<std::size_t>(B * N)), d_old(static_cast<std::size_t>(B * H));
    for (int64_t row = 0; row < B; ++row)
      for (int64_t j = 0; j < H; ++j) {
        const int64_t at = row * H + j, first = row * N + j;
        const double u = gate[first], o = gate[first + 2 * H];
        const double d_h = dh[at] + d_outputs[t * B * H + at];
        d_pre[first] = d_h * (h_old[at] - o) * sigmoidSlope(u);
        d_pre[first + 2 * H] = d_h * (1 - u) * tanhSlope(o);
        d_old[at] = d_h * u;
      }
    // Through the candidate: first to r * h, then to r and to h.
    Numbers d_reset(static_cast<std::size_t>(B * H));
    addProduct(
        B, H, H, {d_pre.data() + 2 * H, N, 1},
        {candidate_weights.data, candidate_weights.column_stride, candidate_weights.row_stride},
        d_reset.data());
    for (int64_t row = 0; row < B; ++row)
      for (int64_t j = 0; j < H; ++j) {
        const int64_t at = row * H + j, first = row * N + j;
        const double r = gate[first + H];
        d_pre[first + H] = d_reset[at] * h_old[at] * sigmoidSlope(r);
        d_old[at] += d_reset[at] * r;
      }
    layer.backProject(t, d_pre);
    // U's columns of u and r saw h, those of the candidate r * h.
    auto addWeightGradient = [&](const double *state, int64_t first, int64_t count) {
      multiply<double, double>(H, B, count * H, turned(state, H), {d_pre.data() + first * H, N, 1},
                               [&](int64_t row, const double *product) {
                                 double *out = layer.du.data() + row * N + first * H;
                                 for (int64_t j = 0; j < count * H; ++j)
                                   out[j] += product[j];
                               });
    };
    addWeightGradient(h_old, 0, 2);
    addWeightGradient(run.reset[t].data(), 2, 1);
    addProduct(B, 2 * H, H, {d_pre.data(), N, 1}, {layer.u.data(), 1, N}, d_old.data());
    dh = std::move(d_old);
  }
  return {tensorOf(layer.dx, call.inputs[0]), tensorOf(dh, call.inputs[1]),
          tensorOf(layer.dw, call.inputs[2]), tensorOf(layer.du, call.inputs[3]),
          tensorOf(layer.db, call.inputs[4])};
}

// ---- the plain recurrence h' = activation(x W + h U + b) ----

struct VanillaRun {
  Layer layer;
  Numbers h; ///< [T+1, B, H]
  bool relu;

  explicit VanillaRun(const OpCall &call)
      : layer(call, 2, 1), h(layer.stateSequence()),
        relu(call.attributes.has("activation") &&
             call.attributes.get_string("activation") == "relu") {
    const int64_t size = layer.B * layer.H;
    std::copy(layer.h0.begin(), layer.h0.end(), h.begin());
    for (int64_t t = 0; t < layer.T; ++t) {
      Numbers pre = layer.project(t);
      addProduct(layer.B, layer.H, layer.N, dense(h.data() + t * size, layer.H),
                 dense(layer.u.data(), layer.N), pre.data());
      std::transform(pre.begin(), pre.end(), h.begin() + (t + 1) * size,
                     [&](double x) { return relu ? (x < 0 ? 0 : x) : std::tanh(x); });
    }
  }
};

Results vanillaRnn(const OpCall &call) {
  const VanillaRun run(call);
  return {outputsOf(run.layer, run.h, call.inputs[0]), lastOf(run.layer, run.h, call.inputs[1]),
          noWorkspace()};
}

Results vanillaRnnGradient(const OpCall &call) {
  VanillaRun run(call);
  Layer &layer = run.layer;
  const int64_t B = layer.B, H = layer.H, size = B * H;
  const Numbers d_outputs = numbersOf(call.inputs[8]);
  Numbers dh = numbersOf(call.inputs[9]);
  for (int64_t t = layer.T; t-- > 0;) {
    Numbers d_pre(static_cast<std::size_t>(size));
    for (int64_t at = 0; at < size; ++at) {
      const double y = run.h[(t + 1) * size + at];
      d_pre[at] = (dh[at] + d_outputs[t * size + at]) * (run.relu ? (y > 0 ? 1 : 0) : tanhSlope(y));
    }
    layer.backProject(t, d_pre);
    addProduct(H, B, H, turned(run.h.data() + t * size, H), dense(d_pre.data(), H),
               layer.du.data());
    std::fill(dh.begin(), dh.end(), 0);
    addProduct(B, H, H, dense(d_pre.data(), H), turned(layer.u.data(), H), dh.data());
  }
  return {tensorOf(layer.dx, call.inputs[0]), tensorOf(dh, call.inputs[1]),
          tensorOf(layer.dw, call.inputs[2]), tensorOf(layer.du, call.inputs[3]),
          tensorOf(layer.db, call.inputs[4])};
}

constexpr Entry kOps[] = {
    {"lstm", lstm},
    {"lstm_gradient", lstmGradient},
    {"gru", gru},
    {"gru_gradient", gruGradient},
    {"vanilla_rnn", vanillaRnn},
    {"vanilla_rnn_gradient", vanillaRnnGradient},
};

} // namespace

std::span<const Entry> recurrentOps() { return kOps; }

} // namespace graphc::reference

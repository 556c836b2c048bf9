// Batch and layer normalization as graphc compiles them, as the fused loops of their small ops and
// as oneDNN's primitives alone, in turns: the counters `graphc` and `loops` are these two's median
// processor time, of all threads, over that of the primitives. Where something follows, the
// primitives' share is computed by graphc: `graphc` is then over `loops`.
#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <oneapi/dnnl/dnnl.hpp>

#include <graphc/graphc.h>

#include "benchmarks/PreparedLayer.h"
#include "benchmarks/ProcessorTime.h"

namespace graphc::benchmarks {
namespace {

using dnnl::memory;
constexpr float kEpsilon = 1e-3f;

/// What a pass computes, in this order, however it is made.
enum Result { kY, kDx, kDgamma, kDbeta };

struct Case {
  bool batch;         ///< batch normalization; else layer normalization over the last axis
  bool training;      ///< forward and backward; else forward alone
  bool followed;      ///< by a relu and a residual sum, which loops take in
  memory::dims shape; ///< the last axis has the channels

  std::int64_t channels() const { return shape.back(); }
};

std::vector<float> drawn(std::int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.5f, 2);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float &value : values)
    value = normal(random);
  return values;
}

/// The data of a case: x and dy, gamma and beta; mean and variance where they are given.
struct Inputs {
  explicit Inputs(const Case &c)
      : x(drawn(Shape(c.shape).num_elements(), 1)), dy(drawn(Shape(c.shape).num_elements(), 2)),
        gamma(drawn(c.channels(), 3)), beta(drawn(c.channels(), 4)), mean(drawn(c.channels(), 5)),
        variance(drawn(c.channels(), 6)) {
    for (float &value : variance)
      value = 1 + std::abs(value);
  }
  std::vector<float> x, dy, gamma, beta, mean, variance;
};

/// Results in the order of Result.
class Ours : public PreparedLayer {
public:
  Ours(const Case &c, const Inputs &in, std::vector<std::string> disabled)
      : PreparedLayer({.disabled_passes = std::move(disabled)}) {
    const Shape shape(c.shape), channels{c.channels()};
    const auto given = [&](const Shape &extents, const std::vector<float> &values) {
      return fed(Tensor::of(extents, values));
    };
    const Output x = given(shape, in.x), gamma = given(channels, in.gamma),
                 beta = given(channels, in.beta);
    const std::int64_t last = shape.rank() - 1;
    std::vector<std::int64_t> axes;
    for (std::int64_t axis = 0; axis < last; ++axis)
      axes.push_back(axis);
    if (!c.batch)
      axes = {last};
    const nn::Moments moments =
        c.batch && !c.training ? nn::Moments{given(channels, in.mean), given(channels, in.variance)}
                               : nn::moments(x, axes, /*keep_dims=*/!c.batch);
    Output y = nn::batch_normalization(x, moments.mean, moments.variance, beta, gamma, kEpsilon);
    if (c.followed)
      y = relu(y) + x;
    std::vector<Output> results = {y};
    if (c.training)
      for (const Output &gradient :
           gradients({y}, {x, gamma, beta}, {.grad_ys = {given(shape, in.dy)}}))
        results.push_back(gradient);
    prepare(results);
  }
};

/// The primitives, executed on memory that stays where it is.
class Theirs {
public:
  Theirs(const Case &c, Inputs &in) : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
    // Batch normalization wants the channels second, wherever they lie. Without an axis between
    // them and the batch, the batch is the places of one image, which is faster.
    memory::dims extents = c.shape;
    memory::format_tag tag = extents.size() == 2 ? memory::format_tag::ab : memory::format_tag::abc;
    if (c.batch) {
      tag = memory::format_tag::nwc;
      extents = extents.size() == 2 ? memory::dims{1, c.shape[1], c.shape[0]}
                                    : memory::dims{c.shape[0], c.shape[2], c.shape[1]};
    }
    const memory::desc data(extents, memory::data_type::f32, tag);
    const auto scale = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
    const memory x(data, engine_, in.x.data()), y = made(kY, data), gamma = vector(in.gamma),
                                                beta = vector(in.beta);
    const auto forward = [&](const auto &description, const auto &primitive, memory mean,
                             memory variance) {
      add(primitive, {{DNNL_ARG_SRC, x},
                      {DNNL_ARG_DST, y},
                      {DNNL_ARG_SCALE, gamma},
                      {DNNL_ARG_SHIFT, beta},
                      {DNNL_ARG_MEAN, mean},
                      {DNNL_ARG_VARIANCE, variance}});
      implementation_ = description.impl_info_str();
    };
    const auto backward = [&](const auto &description, const auto &primitive, memory mean,
                              memory variance) {
      const memory::desc channels({c.channels()}, memory::data_type::f32, memory::format_tag::a);
      std::unordered_map<int, memory> arguments = {
          {DNNL_ARG_SRC, x},
          {DNNL_ARG_DIFF_DST, memory(data, engine_, in.dy.data())},
          {DNNL_ARG_SCALE, gamma},
          {DNNL_ARG_MEAN, mean},
          {DNNL_ARG_VARIANCE, variance},
          {DNNL_ARG_DIFF_SRC, made(kDx, data)},
          {DNNL_ARG_DIFF_SCALE, made(kDgamma, channels)},
          {DNNL_ARG_DIFF_SHIFT, made(kDbeta, channels)}};
      if (!c.batch) // counts it among the inputs; that of batches refuses it
        arguments.emplace(DNNL_ARG_SHIFT, beta);
      add(primitive, std::move(arguments));
      implementation_ += std::string(", ") + description.impl_info_str();
    };
    const dnnl::prop_kind kind =
        c.training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    if (c.batch) {
      using Forward = dnnl::batch_normalization_forward;
      using Backward = dnnl::batch_normalization_backward;
      const Forward::primitive_desc f(
          engine_, kind, data, data, kEpsilon,
          c.training ? scale : scale | dnnl::normalization_flags::use_global_stats);
      const memory mean = c.training ? memory(f.mean_desc(), engine_) : vector(in.mean);
      const memory variance = c.training ? memory(f.variance_desc(), engine_) : vector(in.variance);
      forward(f, Forward(f), mean, variance);
      if (c.training) {
        const Backward::primitive_desc b(engine_, dnnl::prop_kind::backward, data, data, data,
                                         kEpsilon, scale, f);
        backward(b, Backward(b), mean, variance);
      }
    } else {
      using Forward = dnnl::layer_normalization_forward;
      using Backward = dnnl::layer_normalization_backward;
      const Forward::primitive_desc f(engine_, kind, data, data, kEpsilon, scale);
      const memory mean(f.mean_desc(), engine_), variance(f.variance_desc(), engine_);
      forward(f, Forward(f), mean, variance);
      if (c.training) {
        const Backward::primitive_desc b(engine_, dnnl::prop_kind::backward, data, data, data,
                                         kEpsilon, scale, f);
        backward(b, Backward(b), mean, variance);
      }
    }
  }

  void run() {
    for (auto &[primitive, arguments] : steps_)
      primitive.execute(stream_, arguments);
    stream_.wait();
  }
  const memory &result(std::size_t number) const { return results_[number]; }
  const std::string &implementation() const { return implementation_; }

private:
  memory vector(std::vector<float> &values) {
    return {
        {{static_cast<std::int64_t>(values.size())}, memory::data_type::f32, memory::format_tag::a},
        engine_,
        values.data()};
  }
  memory made(Result, const memory::desc &layout) {
    results_.emplace_back(layout, engine_);
    return results_.back();
  }
  void add(const dnnl::primitive &primitive, std::unordered_map<int, memory> arguments) {
    steps_.emplace_back(primitive, std::move(arguments));
  }

  dnnl::engine engine_;
  dnnl::stream stream_;
  std::vector<std::pair<dnnl::primitive, std::unordered_map<int, memory>>> steps_;
  std::vector<memory> results_; ///< in the order of Result
  std::string implementation_;
};

/// The greatest difference of an element, relative to the largest one.
double difference(const Tensor &ours, const memory &theirs) {
  const auto *other = static_cast<const float *>(theirs.get_data_handle());
  double worst = 0, largest = 1e-12;
  for (std::int64_t i = 0; i < ours.num_elements(); ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(ours.data<float>()[i]) - other[i]));
    largest = std::max(largest, std::abs(static_cast<double>(other[i])));
  }
  return worst / largest;
}

void compared(benchmark::State &state, const Case &c) {
  Inputs in(c);
  Ours ours(c, in, {});
  Ours loops(c, in, {"graph-fuse-normalization"});
  std::optional<Theirs> theirs;
  if (!c.followed)
    theirs.emplace(c, in);
  ours.run();
  loops.run();
  if (theirs) {
    theirs->run();
    for (const std::vector<Tensor> &results : {ours.results(), loops.results()})
      for (std::size_t i = 0; i < results.size(); ++i)
        if (const double apart = difference(results[i], theirs->result(i)); apart > 1e-4) {
          state.SkipWithError(
              ("result " + std::to_string(i) + " differs by " + std::to_string(apart)).c_str());
          return;
        }
    state.SetLabel(theirs->implementation());
  }
  std::vector<double> our, looped, their;
  for (auto _ : state) {
    our.push_back(secondsOfRun(ours));
    looped.push_back(secondsOfRun(loops));
    if (theirs)
      their.push_back(secondsOfRun(*theirs));
    state.SetIterationTime(our.back());
  }
  const double a = median(our), l = median(looped);
  state.counters["graphc us"] = a * 1e6;
  state.counters["loops us"] = l * 1e6;
  if (!theirs) {
    state.counters["graphc"] = a / l;
    return;
  }
  const double b = median(their);
  state.counters["oneDNN us"] = b * 1e6;
  state.counters["graphc"] = a / b;
  state.counters["loops"] = l / b;
}

[[maybe_unused]] const bool registered = [] {
  for (const bool batch : {true, false})
    for (const bool training : {true, false})
      for (const bool followed : {false, true})
        for (const memory::dims &shape : {memory::dims{600, 128, 36},
                                          {128, 500, 32},
                                          {600, 32, 64},
                                          {64, 784, 16},
                                          {64, 784, 8},
                                          {256, 32, 24},
                                          {128, 32, 8},
                                          {32, 16, 64},
                                          {1024, 128},
                                          {32, 512}}) {
          std::string name = batch ? "batchNormalization" : "layerNormalization";
          name += training ? "/training" : "/inference";
          if (followed)
            name += "/followed";
          for (const std::int64_t extent : shape)
            name += "/" + std::to_string(extent);
          benchmark::RegisterBenchmark(name.c_str(), compared,
                                       Case{batch, training, followed, shape})
              ->Unit(benchmark::kMillisecond)
              ->UseManualTime();
        }
  return true;
}();

} // namespace
} // namespace graphc::benchmarks

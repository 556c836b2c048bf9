// graphc's own part in the comparison: the workloads as a user of graphc would write them.
#include <cstdlib>
#include <optional>

#include <CLI/CLI.hpp>

#include <graphc/graphc.h>

#include "benchmarks/HarGraph.h"
#include "benchmarks/Machine.h"
#include "benchmarks/compare/PeerServer.h"
#include "examples/Programs.h"
#include "runtime/NpyFile.h"

namespace graphc::benchmarks {
namespace {

using nlohmann::json;
using std::filesystem::path;

constexpr float kRate = 5e-4f;
constexpr float kKeep = .5f;

/// "dense/kernel" lies in dense.kernel.npy.
path fileOf(const path &folder, std::string name) {
  std::ranges::replace(name, '/', '.');
  return folder / (name + ".npy");
}

Tensor input(const path &data, const char *name) { return read_npy(fileOf(data, name)); }

void loadWeights(Session &session, const Graph &graph, const path &data) {
  std::map<std::string, Tensor> values;
  for (const Variable &variable : graph.trainable_variables())
    values[variable.op_name()] = read_npy(fileOf(data, variable.op_name()));
  session.set_variables(values);
}

/// A training step: x, y, keep and learning rate fed, the loss fetched.
class Training : public Prepared {
public:
  struct Ends {
    Output x, y, keep, rate, logits, loss;
    Operation train;
  };

  Training(Graph &graph, Session &session, const Ends &ends, const path &data)
      : graph_(graph), session_(session), ends_(ends),
        call_(session.prepare({ends.x, ends.y, ends.keep, ends.rate}, {ends.train, ends.loss})),
        feeds_{input(data, "x"), input(data, "y"), kKeep, kRate} {
    loadWeights(session, graph, data);
  }

  void step() override { call_(feeds_); }

  void check(const path &data, const path &results) override {
    const std::vector<Tensor> feeds = {feeds_[0], feeds_[1], 1.f, kRate};
    const std::vector<Variable> variables = graph_.trainable_variables();
    Fetches::Fetch logits = ends_.logits, loss = ends_.loss;
    std::vector<Fetches::Fetch> fetches = {logits, loss};
    std::vector<Output> values;
    for (const Variable &variable : variables)
      values.push_back(variable.value());
    if (gradients_.empty())
      gradients_ = gradients({ends_.loss}, values);
    for (const Output &gradient : gradients_)
      fetches.emplace_back(gradient);
    session_.run(graph_.global_variables_initializer()); // the optimizer starts afresh
    loadWeights(session_, graph_, data);
    const std::vector<Tensor> out =
        session_.prepare({ends_.x, ends_.y, ends_.keep}, fetches)({feeds[0], feeds[1], feeds[2]});
    write_npy(results / "logits.npy", out[0]);
    write_npy(results / "loss.npy", out[1]);
    for (std::size_t i = 0; i < variables.size(); ++i)
      write_npy(fileOf(results, "gradient." + variables[i].op_name()), out[i + 2]);
    call_(feeds);
    call_(feeds);
    write_npy(results / "loss_after_2_steps.npy", call_(feeds)[1]);
  }

private:
  Graph &graph_;
  Session &session_;
  Ends ends_;
  Callable call_;
  std::vector<Tensor> feeds_;
  std::vector<Output> gradients_;
};

class LstmTraining : public Prepared {
public:
  LstmTraining(const json &workload, const path &data, int threads)
      : har_(workload.at("H"), workload.at("T"),
             {.intra_op_parallelism_threads = threads, .seed = 1}) {
    har_.initialise();
    const HarGraph::Ends &ends = har_.ends();
    training_.emplace(
        har_.graph, har_.session,
        Training::Ends{ends.x, ends.y, ends.keep, ends.rate, ends.logits, ends.cost, ends.train},
        data);
  }
  void step() override { training_->step(); }
  void check(const path &data, const path &results) override { training_->check(data, results); }

private:
  HarGraph har_;
  std::optional<Training> training_;
};

class LstmInference : public Prepared {
public:
  LstmInference(const json &workload, const path &data, int threads)
      : har_(workload.at("H"), workload.at("T"), {.intra_op_parallelism_threads = threads}),
        call_(har_.inference()), feeds_{input(data, "x"), 1.f} {
    loadWeights(har_.session, har_.graph, data);
  }
  void step() override { call_(feeds_); }
  void check(const path &, const path &results) override {
    write_npy(results / "logits.npy", call_(feeds_)[0]);
  }

private:
  HarGraph har_;
  Callable call_;
  std::vector<Tensor> feeds_;
};

/// The convolutional program that comes with graphc.
class CnnTraining : public Prepared {
public:
  CnnTraining(const path &data, int threads) {
    const examples::ProgramGraph ends = examples::findProgram("har-cnn").build(graph_, {});
    session_.emplace(graph_, SessionOptions{.intra_op_parallelism_threads = threads, .seed = 1});
    session_->run(graph_.global_variables_initializer());
    training_.emplace(graph_, *session_,
                      Training::Ends{ends.feeds[0].tensor, ends.feeds[1].tensor,
                                     ends.feeds[2].tensor, ends.feeds[3].tensor, ends.predictions,
                                     ends.loss, ends.train},
                      data);
  }
  void step() override { training_->step(); }
  void check(const path &data, const path &results) override { training_->check(data, results); }

private:
  Graph graph_;
  std::optional<Session> session_;
  std::optional<Training> training_;
};

/// Two LSTM layers over x [time, batch, H], forward and backward, all gradients fetched.
class Recurrence : public Prepared {
public:
  Recurrence(const json &workload, const path &data, int threads)
      : call_(build(workload.at("H"))), session_(graph_, {.intra_op_parallelism_threads = threads}),
        feeds_{input(data, "sequence"), input(data, "output_gradient")} {
    loadWeights(session_, graph_, data);
    run_.emplace(session_.prepare(call_.feeds, call_.fetches));
  }
  void step() override { (*run_)(feeds_); }
  void check(const path &, const path &results) override {
    const std::vector<Tensor> out = (*run_)(feeds_);
    for (std::size_t i = 0; i < out.size(); ++i)
      write_npy(fileOf(results, call_.names[i]), out[i]);
  }

private:
  struct Call {
    std::vector<Output> feeds;
    std::vector<Fetches::Fetch> fetches;
    std::vector<std::string> names;
  };

  Call build(std::int64_t hidden) {
    auto x = graph_.placeholder(float32, {none, none, hidden}, "sequence");
    auto dy = graph_.placeholder(float32, {none, none, hidden}, "output_gradient");
    rnn::MultiRNNCell cell({rnn::BasicLSTMCell(hidden), rnn::BasicLSTMCell(hidden)});
    const Output y = rnn::dynamic_rnn(cell, x, {.dtype = float32, .time_major = true}).outputs;
    std::vector<Output> wanted = {x};
    Call call{{x, dy}, {Fetches::Fetch(y)}, {"outputs", "gradient.sequence"}};
    for (const Variable &variable : graph_.trainable_variables()) {
      wanted.push_back(variable.value());
      call.names.push_back("gradient." + variable.op_name());
    }
    for (const Output &gradient : gradients({y}, wanted, {.grad_ys = {dy}}))
      call.fetches.emplace_back(gradient);
    return call;
  }

  Graph graph_;
  Call call_;
  Session session_;
  std::vector<Tensor> feeds_;
  std::optional<Callable> run_;
};

/// One scalar in, the same out.
class EmptyRun : public Prepared {
public:
  explicit EmptyRun(int threads)
      : x_(graph_.placeholder(float32, {}, "x")), y_(identity(x_)),
        session_(graph_, {.intra_op_parallelism_threads = threads}),
        call_(session_.prepare({x_}, {y_})) {}
  void step() override { call_(feeds_); }
  void check(const path &, const path &results) override {
    write_npy(results / "y.npy", call_(feeds_)[0]);
  }

private:
  Graph graph_;
  Output x_, y_;
  Session session_;
  Callable call_;
  std::vector<Tensor> feeds_ = {1.5f};
};

std::unique_ptr<Prepared> prepare(const json &workload, const path &data, int threads) {
  const std::string kind = workload.at("kind");
  if (kind == "lstm_training")
    return std::make_unique<LstmTraining>(workload, data, threads);
  if (kind == "lstm_inference")
    return std::make_unique<LstmInference>(workload, data, threads);
  if (kind == "cnn_training")
    return std::make_unique<CnnTraining>(data, threads);
  if (kind == "recurrence")
    return std::make_unique<Recurrence>(workload, data, threads);
  if (kind == "empty_run")
    return std::make_unique<EmptyRun>(threads);
  throw std::invalid_argument("unknown kind of workload '" + kind + "'");
}

json facts(int threads) {
  const Machine machine = measureMachine(threads);
  return {{"gflops", machine.gflops}, {"gigabytes_per_second", machine.gigabytesPerSecond}};
}

} // namespace
} // namespace graphc::benchmarks

int main(int argc, char **argv) {
  using namespace graphc::benchmarks;
  CLI::App app("Runs workloads of the comparison; benchmarks/compare/compare.py speaks with it");
  int threads = 0;
  app.add_option("--threads", threads, "threads of a run; 0 for one on each core");
  CLI11_PARSE(app, argc, argv);
  return serve(
      [&](const auto &workload, const auto &data) { return prepare(workload, data, threads); },
      [&] { return facts(threads); });
}

// Compiles parts of a graph and runs them with fed values.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frontend/Graph.h"
#include "runtime/Tensor.h"

namespace graphc {

/// How the recurrences of a graph are computed. All forms give the same numbers, up to rounding.
enum class RecurrenceForm : std::uint8_t {
  kernel,    ///< one compiled kernel for the whole sequence (the default)
  primitive, ///< oneDNN's RNN primitives, where the cell is one that oneDNN has
  unroll,    ///< every time step by itself
};

/// What executes a graph.
enum class Backend : std::uint8_t {
  compiled,  ///< kernels and oneDNN primitives
  reference, ///< plain loops, op by op: slow, and what the compiled form is compared with
};

/// The counterpart of TensorFlow's ConfigProto.
struct SessionOptions {
  /// Threads that one run uses; 0 is one for each core.
  int intra_op_parallelism_threads = 0;
  /// Prints, for every program that is compiled, where each of its steps runs.
  bool log_device_placement = false;
  /// The seed of random ops that have none of their own; without it, one is drawn for the session.
  std::optional<std::uint64_t> seed = {};
  RecurrenceForm recurrence = RecurrenceForm::kernel;
  Backend backend = Backend::compiled;
  /// Passes to leave out, by the names that `graphc passes` lists.
  std::vector<std::string> disabled_passes = {};
  /// Compiled programs kept, one for each combination of fetches, feeds and shapes; the one that
  /// was used longest ago goes first.
  std::size_t program_cache_size = 32;
  /// Where above 0, training keeps of a long recurrence the states after every so many steps only;
  /// the backward pass computes the steps in between again. Less memory for about a forward pass
  /// more. Of the form `kernel` alone.
  std::int64_t recompute_every = 0;
};

/// A tensor of the graph and its value for one run. Any tensor may be fed, placeholder or not.
struct Feed {
  Feed(const Output &tensor, Tensor value) : name(tensor.name()), value(std::move(value)) {}
  Feed(std::string tensor_name, Tensor value)
      : name(std::move(tensor_name)), value(std::move(value)) {}

  std::string name; ///< "inputs:0"; "inputs" means the same
  Tensor value;
};

/// What a run gives back: tensors ("cost:0"), or ops that are only run ("train").
class Fetches {
public:
  struct Fetch {
    Fetch(const Output &tensor) : name(tensor.name()) {}         // NOLINT: lists of mixed kinds
    Fetch(const Operation &op) : name(op.name()) {}              // NOLINT
    Fetch(const Variable &variable) : Fetch(variable.value()) {} // NOLINT
    Fetch(std::string name) : name(std::move(name)) {}           // NOLINT
    Fetch(const char *name) : name(name) {}                      // NOLINT

    std::string name;
  };

  Fetches(std::initializer_list<Fetch> fetches) : fetches_(fetches) {}
  Fetches(std::vector<Fetch> fetches) : fetches_(std::move(fetches)) {} // NOLINT
  template <typename T>
    requires std::constructible_from<Fetch, const T &>
  Fetches(const T &fetch) : fetches_{Fetch(fetch)} {} // NOLINT

  const std::vector<Fetch> &list() const { return fetches_; }

private:
  std::vector<Fetch> fetches_;
};

/// The tensors that a prepared call takes values for, by handle or by name, in the order of the
/// values.
class FedTensors {
public:
  struct Fed {
    Fed(const Output &tensor) : name(tensor.name()) {}             // NOLINT: lists of mixed kinds
    Fed(std::string tensor_name) : name(std::move(tensor_name)) {} // NOLINT
    Fed(const char *tensor_name) : name(tensor_name) {}            // NOLINT

    std::string name; ///< "inputs:0"; "inputs" means the same
  };

  FedTensors() = default;
  FedTensors(std::initializer_list<Fed> tensors) : tensors_(tensors) {}
  FedTensors(const std::vector<Output> &tensors)
      : tensors_(tensors.begin(), tensors.end()) {} // NOLINT
  FedTensors(const std::vector<std::string> &names)
      : tensors_(names.begin(), names.end()) {} // NOLINT

  const std::vector<Fed> &list() const { return tensors_; }

private:
  std::vector<Fed> tensors_;
};

/// A compiled program with its feeds and fetches settled: calling it looks up no name.
class Callable {
public:
  /// `values` in the order of the feeds that prepare() was given; other shapes than before are
  /// compiled when they first come.
  std::vector<Tensor> operator()(const std::vector<Tensor> &values) const;

private:
  friend class Session;
  struct State;
  explicit Callable(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

/// What a session knows of random numbers beside the graph.
struct RandomState {
  std::uint64_t seed = 0;      ///< of ops that have none of their own
  std::uint64_t run_index = 0; ///< the number of runs so far: each draws other numbers
};

/// Holds the values of a graph's variables. The graph must outlive the session; ops may be added to
/// it between runs. run() may be called from many threads at once: runs that only read variables
/// go side by side, a run that writes them is atomic.
class Session {
public:
  explicit Session(const Graph &graph, SessionOptions options = {});
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// Values of the fetched tensors, in order; an empty tensor for each fetched op.
  /// Throws Error, and leaves all variables as they were, where a fetch or a feed is unknown, a
  /// fed value has the wrong dtype or shape, a placeholder that the fetches need is not fed, or a
  /// variable is read before it was initialised.
  std::vector<Tensor> run(const std::vector<Feed> &feeds, const Fetches &fetches);
  std::vector<Tensor> run(const Fetches &fetches) { return run({}, fetches); }

  /// Settles names and order of feeds and fetches for many calls.
  Callable prepare(const FedTensors &feeds, const Fetches &fetches);

  /// The value of a variable by name ("dense/kernel"), a copy.
  Tensor variable(const std::string &name) const;
  /// Sets a variable by name. Throws Error where name, dtype or shape are not the graph's.
  void set_variable(const std::string &name, const Tensor &value);
  /// The values of several, all from between the same two runs.
  std::vector<Tensor> variables(const std::vector<std::string> &names) const;
  /// Sets several by name: no run sees some without the others, and where one is wrong none is set.
  void set_variables(const std::map<std::string, Tensor> &values);

  /// What random ops without a seed of their own draw in the next run.
  RandomState random_state() const;
  /// Goes on where the session that gave `state` stood. A seed that the options named stays.
  void set_random_state(const RandomState &state);
  /// Bytes of the arena that the program of these fetches and the last fed shapes uses.
  std::size_t peak_bytes() const;
  /// Bytes that the step of that program needs which needs most: no arena can be smaller.
  std::size_t arena_lower_bound() const;

private:
  friend class Callable;
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

} // namespace graphc

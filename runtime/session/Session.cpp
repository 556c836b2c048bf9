#include "runtime/session/Session.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <random>
#include <unordered_map>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "frontend/GraphModule.h"
#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "passes/Interpreter.h"
#include "passes/Stages.h"
#include "runtime/Executor.h"
#include "runtime/Status.h"
#include "runtime/VariableStore.h"
#include "runtime/session/Compiler.h"
#include "llvm/Support/raw_ostream.h"

namespace graphc {
namespace {

std::string join(const std::vector<std::string> &parts) {
  std::string text;
  for (const std::string &part : parts)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// "inputs" and "inputs:0" name the same tensor.
std::string tensorNameOf(const std::string &name) {
  return name.find(':') == std::string::npos ? name + ":0" : name;
}

/// One compiled combination of feeds, shapes and fetches, by either backend.
class CompiledRun {
public:
  virtual ~CompiledRun() = default;
  virtual std::vector<Tensor> run(std::span<const Tensor> feeds,
                                  const GraphcRunContext &context) = 0;
  virtual std::size_t peakBytes() const = 0;
  virtual std::size_t arenaLowerBound() const = 0;
};

class CompiledProgramRun : public CompiledRun {
public:
  CompiledProgramRun(std::shared_ptr<const Program> program, VariableStore &variables)
      : executor_(std::move(program), variables) {}

  std::vector<Tensor> run(std::span<const Tensor> feeds, const GraphcRunContext &context) override {
    return executor_.run(feeds, context);
  }
  std::size_t peakBytes() const override { return executor_.program().arena_bytes; }
  std::size_t arenaLowerBound() const override { return executor_.program().arena_lower_bound; }

private:
  Executor executor_;
};

class ReferenceRun : public CompiledRun {
public:
  ReferenceRun(mlir::OwningOpRef<mlir::ModuleOp> module, VariableStore &variables)
      : module_(std::move(module)), store_(variables) {
    for (mlir::Operation &op : *module_->getBody())
      if (op.getName().getStringRef() == "graph.program")
        program_ = &op;
    program_->walk([&](mlir::Operation *op) {
      if (op->getName().getStringRef() != "graph.fetch")
        return;
      for (std::int64_t index : op->getAttrOfType<mlir::DenseI64ArrayAttr>("indices").asArrayRef())
        indices_.push_back(static_cast<std::size_t>(index));
    });
    fetch_count_ = program_->getAttrOfType<mlir::ArrayAttr>("fetch_names").size();
  }

  std::vector<Tensor> run(std::span<const Tensor> feeds, const GraphcRunContext &context) override {
    std::lock_guard guard(lock_);
    std::map<std::string, Tensor> values;
    for (const std::string &name : store_.initialised_names())
      values[name] = *store_.get(name);
    Interpreter interpreter(values, context);
    std::vector<Tensor> fetched = interpreter.runProgram(program_, feeds);
    // Only now, when nothing can fail any more.
    for (const auto &[name, value] : values)
      store_.set(name, value);
    std::vector<Tensor> results(fetch_count_);
    for (std::size_t i = 0; i < fetched.size(); ++i)
      results[indices_[i]] = fetched[i].clone(); // the caller's own, even where it is a feed
    return results;
  }
  std::size_t peakBytes() const override { return 0; }
  std::size_t arenaLowerBound() const override { return 0; }

private:
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::Operation *program_ = nullptr;
  VariableStore &store_;
  std::vector<std::size_t> indices_;
  std::size_t fetch_count_ = 0;
  std::mutex lock_;
};

/// Least recently used entries go first.
class ProgramCache {
public:
  explicit ProgramCache(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

  std::shared_ptr<CompiledRun> find(const std::string &key) {
    auto found = index_.find(key);
    if (found == index_.end())
      return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->second;
  }

  void insert(const std::string &key, std::shared_ptr<CompiledRun> run) {
    entries_.emplace_front(key, std::move(run));
    index_[key] = entries_.begin();
    if (entries_.size() > capacity_) {
      index_.erase(entries_.back().first);
      entries_.pop_back();
    }
  }

private:
  using Entries = std::list<std::pair<std::string, std::shared_ptr<CompiledRun>>>;
  std::size_t capacity_;
  Entries entries_; ///< most recently used first
  std::unordered_map<std::string, Entries::iterator> index_;
};

} // namespace

struct Session::Implementation {
  Implementation(const Graph &graph, SessionOptions options)
      : graph(graph), options(std::move(options)), cache(this->options.program_cache_size),
        seed(this->options.seed
                 ? *this->options.seed
                 : (std::uint64_t{std::random_device{}()} << 32 | std::random_device{}())) {}

  std::vector<Tensor> run(const std::vector<std::string> &feedNames, std::span<const Tensor> values,
                          const std::vector<std::string> &fetches);
  std::shared_ptr<CompiledRun> compiledFor(const std::vector<std::string> &feedNames,
                                           std::span<const Tensor> values,
                                           const std::vector<std::string> &fetches);
  std::shared_ptr<CompiledRun> compile(const CompileRequest &request);
  std::vector<Tensor> start(CompiledRun &run, std::span<const Tensor> values) {
    return run.run(values, GraphcRunContext{seed, run_index.fetch_add(1), 0});
  }

  const Graph &graph;
  SessionOptions options;
  VariableStore variables;
  std::mutex lock; ///< guards the cache and compilation
  ProgramCache cache;
  std::atomic<std::uint64_t> seed;
  std::atomic<std::uint64_t> run_index{0};
  std::shared_ptr<CompiledRun> last;
};

static SourceLine where(const Output &tensor) { return sourceLine(valueOf(tensor).getLoc()); }

static Variable findVariable(const Graph &graph, const std::string &name) {
  for (const Variable &variable : graph.global_variables())
    if (variable.op_name() == name)
      return variable;
  throw Error(Code::not_found, "there is no variable '" + name + "' in the graph");
}

/// Checks feeds and fetches against the graph.
static CompileRequest makeRequest(const Graph &graph, const std::vector<std::string> &feedNames,
                                  std::span<const Tensor> values,
                                  const std::vector<std::string> &fetches) {
  CompileRequest request;
  for (std::size_t i = 0; i < feedNames.size(); ++i) {
    const std::string name = tensorNameOf(feedNames[i]);
    if (std::ranges::any_of(request.feeds, [&](const auto &feed) { return feed.name == name; }))
      throw Error(Code::invalid_argument, "tensor '" + name + "' is fed twice");
    const Output tensor = graph.get_tensor_by_name(name); // throws not_found
    const Tensor &value = values[i];
    if (value.empty())
      throw Error(Code::invalid_argument, "tensor '" + name + "' is fed an empty tensor",
                  tensor.op().name(), where(tensor));
    if (value.dtype() != tensor.dtype() || !tensor.shape().is_compatible_with(value.shape()))
      throw Error(Code::invalid_argument,
                  "feed '" + name + "' expects " +
                      ValueType{tensor.dtype(), tensor.shape()}.to_string() + ", got " +
                      ValueType{value.dtype(), value.shape()}.to_string(),
                  tensor.op().name(), where(tensor));
    request.feeds.push_back({tensor.name(), {value.dtype(), value.shape()}});
  }
  if (fetches.empty())
    throw Error(Code::invalid_argument, "nothing is fetched: name at least one tensor or op");
  for (const std::string &fetch : fetches) {
    if (fetch.empty())
      throw Error(Code::invalid_argument, "a fetch is empty: it is no tensor or op of a graph");
    // The graph's own name of it: "v:0" is the variable's value, "v/read:0".
    request.fetches.push_back(fetch.find(':') != std::string::npos
                                  ? graph.get_tensor_by_name(fetch).name()
                                  : graph.get_operation_by_name(fetch).name());
  }
  return request;
}

static CompileOptions compileOptions(const Graph &graph, const SessionOptions &options) {
  CompileOptions result;
  switch (options.recurrence) {
  case RecurrenceForm::kernel: result.recurrence = "kernel"; break;
  case RecurrenceForm::primitive: result.recurrence = "primitive"; break;
  case RecurrenceForm::unroll: result.recurrence = "unroll"; break;
  }
  result.disabled_passes = options.disabled_passes;
  result.threads = options.intra_op_parallelism_threads;
  result.recompute_every = options.recompute_every;
  result.custom_gradients = customGradients(graph);
  return result;
}

static void printPlacement(const Program &program) {
  for (const Step &step : program.steps) {
    llvm::errs() << (step.op_name.empty() ? "(unnamed)" : step.op_name) << ": ";
    if (const auto *kernel = std::get_if<KernelStep>(&step.action))
      llvm::errs() << "kernel " << kernel->name;
    else if (const auto *primitive = std::get_if<PrimitiveStep>(&step.action))
      llvm::errs() << "oneDNN " << primitive->primitive->implementation();
    else if (const auto *host = std::get_if<HostStep>(&step.action))
      llvm::errs() << "host " << host->op;
    else
      llvm::errs() << "copy";
    llvm::errs() << " on CPU, " << program.threads << " threads\n";
  }
}

/// Passes and LLVM allocate and free some tens of MB in small pieces, in several threads' heaps.
/// The C library would keep most of that for later, beside the arena that the first run fills.
static void returnFreedMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

std::shared_ptr<CompiledRun> Session::Implementation::compile(const CompileRequest &request) {
  const CompileOptions compile = compileOptions(graph, options);
  std::lock_guard guard(
      graph.module().mutex()); // the graph's MLIR context is of one thread at a time
  mlir::OwningOpRef<mlir::ModuleOp> module(graph.module().module().clone());
  setEndpoints(*module, request);
  if (options.backend == Backend::reference) {
    runPipeline(*module, compile, {.stage = "differentiated"});
    return std::make_shared<ReferenceRun>(std::move(module), variables);
  }
  std::shared_ptr<const Program> program = compileProgram(*module, compile);
  module = {};
  returnFreedMemory();
  if (options.log_device_placement)
    printPlacement(*program);
  return std::make_shared<CompiledProgramRun>(std::move(program), variables);
}

std::shared_ptr<CompiledRun>
Session::Implementation::compiledFor(const std::vector<std::string> &feedNames,
                                     std::span<const Tensor> values,
                                     const std::vector<std::string> &fetches) {
  std::string key;
  for (std::size_t i = 0; i < feedNames.size(); ++i) {
    key += feedNames[i];
    key += '=';
    key += static_cast<char>('0' + static_cast<int>(values[i].dtype()));
    for (std::int64_t extent : values[i].shape().extents()) {
      key += ',';
      key += std::to_string(extent);
    }
    key += values[i].empty() ? "?;" : ";";
  }
  for (const std::string &fetch : fetches) {
    key += '>';
    key += fetch;
  }
  std::lock_guard guard(lock);
  std::shared_ptr<CompiledRun> found = cache.find(key);
  if (!found) {
    graph.check(); // a deferred error of building
    found = compile(makeRequest(graph, feedNames, values, fetches));
    cache.insert(key, found);
  }
  last = found;
  return found;
}

std::vector<Tensor> Session::Implementation::run(const std::vector<std::string> &feedNames,
                                                 std::span<const Tensor> values,
                                                 const std::vector<std::string> &fetches) {
  return start(*compiledFor(feedNames, values, fetches), values);
}

struct Callable::State {
  Session::Implementation *session = nullptr;
  std::vector<std::string> feeds;
  std::vector<std::string> fetches;
  std::mutex lock;
  std::vector<std::pair<DataType, Shape>> last_types;
  std::shared_ptr<CompiledRun> last;
};

std::vector<Tensor> Callable::operator()(const std::vector<Tensor> &values) const {
  State &state = *state_;
  if (values.size() != state.feeds.size())
    throw Error(Code::invalid_argument,
                "the prepared call expects " + std::to_string(state.feeds.size()) + " values for " +
                    join(state.feeds) + ", got " + std::to_string(values.size()));
  std::shared_ptr<CompiledRun> run;
  {
    std::lock_guard guard(state.lock);
    const bool same =
        state.last &&
        std::ranges::equal(values, state.last_types, [](const Tensor &value, const auto &type) {
          return !value.empty() && value.dtype() == type.first && value.shape() == type.second;
        });
    if (!same) {
      state.last = state.session->compiledFor(state.feeds, values, state.fetches);
      state.last_types.clear();
      for (const Tensor &value : values)
        state.last_types.emplace_back(value.dtype(), value.shape());
    }
    run = state.last;
  }
  return state.session->start(*run, values);
}

Session::Session(const Graph &graph, SessionOptions options)
    : implementation_(std::make_unique<Implementation>(graph, std::move(options))) {}

Session::~Session() = default;

static std::vector<std::string> namesOf(const Fetches &fetches) {
  std::vector<std::string> names;
  for (const Fetches::Fetch &fetch : fetches.list())
    names.push_back(fetch.name);
  return names;
}

std::vector<Tensor> Session::run(const std::vector<Feed> &feeds, const Fetches &fetches) {
  std::vector<std::string> names;
  std::vector<Tensor> values;
  for (const Feed &feed : feeds) {
    names.push_back(feed.name);
    values.push_back(feed.value);
  }
  return implementation_->run(names, values, namesOf(fetches));
}

Callable Session::prepare(const FedTensors &feeds, const Fetches &fetches) {
  auto state = std::make_shared<Callable::State>();
  state->session = implementation_.get();
  for (const FedTensors::Fed &feed : feeds.list())
    state->feeds.push_back(feed.name);
  state->fetches = namesOf(fetches);
  return Callable(std::move(state));
}

Tensor Session::variable(const std::string &name) const { return variables({name}).front(); }

std::vector<Tensor> Session::variables(const std::vector<std::string> &names) const {
  for (const std::string &name : names)
    findVariable(implementation_->graph, name);
  std::vector<Tensor> values;
  for (std::optional<Tensor> &value : implementation_->variables.get(names)) {
    const std::string &name = names[values.size()];
    if (!value)
      throw Error(Code::failed_precondition,
                  "variable '" + name + "' is read before it was initialised", name);
    values.push_back(std::move(*value));
  }
  return values;
}

void Session::set_variable(const std::string &name, const Tensor &value) {
  set_variables({{name, value}});
}

void Session::set_variables(const std::map<std::string, Tensor> &values) {
  for (const auto &[name, value] : values) {
    const Variable variable = findVariable(implementation_->graph, name);
    if (value.empty() || value.dtype() != variable.dtype() || !(value.shape() == variable.shape()))
      throw Error(
          Code::invalid_argument,
          "variable '" + name + "' expects " +
              ValueType{variable.dtype(), variable.shape()}.to_string() + ", got " +
              (value.empty() ? "nothing" : ValueType{value.dtype(), value.shape()}.to_string()),
          name);
  }
  implementation_->variables.set(values);
}

RandomState Session::random_state() const {
  return {implementation_->seed, implementation_->run_index};
}

void Session::set_random_state(const RandomState &state) {
  if (!implementation_->options.seed)
    implementation_->seed = state.seed;
  implementation_->run_index = state.run_index;
}

std::size_t Session::peak_bytes() const {
  std::lock_guard guard(implementation_->lock);
  return implementation_->last ? implementation_->last->peakBytes() : 0;
}

std::size_t Session::arena_lower_bound() const {
  std::lock_guard guard(implementation_->lock);
  return implementation_->last ? implementation_->last->arenaLowerBound() : 0;
}

} // namespace graphc

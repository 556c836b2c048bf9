#include "runtime/session/Saver.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "ir/ShapeFunctions.h"
#include "runtime/Status.h"
#include "runtime/checkpoint/CheckpointState.h"
#include "runtime/checkpoint/TensorBundle.h"

namespace graphc::train {

namespace fs = std::filesystem;

/// No variable can have it: TensorFlow's names do not begin with an underscore.
static constexpr const char *kRandomState = "_graphc_random_state";

std::optional<std::int64_t> GlobalStep::value(const Session &session) const {
  if (const auto *step = std::get_if<std::int64_t>(&step_))
    return *step;
  const auto *variable = std::get_if<Variable>(&step_);
  if (!variable)
    return std::nullopt;
  const Tensor value = *variable ? session.variable(variable->op_name()) : Tensor();
  if (value.empty() || !is_integer(value.dtype()) || value.num_elements() != 1)
    throw Error(
        Code::invalid_argument,
        "expected a scalar integer variable as global step, got " +
            (value.empty() ? "an empty one" : ValueType{value.dtype(), value.shape()}.to_string()));
  return value.cast(int64).scalar<std::int64_t>();
}

static std::map<std::string, Variable> byOwnName(const std::vector<Variable> &variables) {
  std::map<std::string, Variable> named;
  for (const Variable &variable : variables)
    if (!variable)
      throw Error(Code::invalid_argument, "a saver expects variables, got an empty one");
    else if (!named.emplace(variable.op_name(), variable).second)
      throw Error(Code::invalid_argument,
                  "a saver got the variable '" + variable.op_name() + "' twice");
  return named;
}

Saver::Saver(const std::map<std::string, Variable> &variables, SaverOptions options)
    : variables_(variables), options_(options) {
  if (variables.empty())
    throw Error(Code::invalid_argument, "a saver expects variables, got none");
  if (options.max_to_keep < 0)
    throw Error(Code::invalid_argument,
                fmt::format("max_to_keep expects a number from 0 on, got {}", options.max_to_keep));
  for (const auto &[name, variable] : variables)
    if (name.empty() || name == kRandomState)
      throw Error(Code::invalid_argument, "no variable can be saved as '" + name + "'");
}

Saver::Saver(const std::vector<Variable> &variables, SaverOptions options)
    : Saver(byOwnName(variables), options) {}

Saver::Saver(const Graph &graph, SaverOptions options) : Saver(graph.global_variables(), options) {
  whole_graph_ = true;
}

static std::string folderOf(const std::string &prefix) {
  return fs::path(prefix).parent_path().string();
}

std::string Saver::save(const Session &session, const std::string &prefix,
                        const SaveOptions &options) {
  if (fs::path(prefix).filename().empty())
    throw Error(Code::invalid_argument,
                "expected the first part of file names to save to, got '" + prefix + "'");
  const std::optional<std::int64_t> step = options.global_step.value(session);
  const std::string path = step ? fmt::format("{}-{}", prefix, *step) : prefix;

  const RandomState random = session.random_state();
  std::vector<std::string> names;
  for (const auto &[name, variable] : variables_)
    names.push_back(variable.op_name());
  const std::vector<Tensor> values = session.variables(names);
  std::map<std::string, Tensor> tensors;
  for (const auto &[name, variable] : variables_)
    tensors.emplace(name, values[tensors.size()]);
  if (whole_graph_)
    tensors[kRandomState] = Tensor::of<std::int64_t>(
        {2}, {static_cast<std::int64_t>(random.seed), static_cast<std::int64_t>(random.run_index)});
  write_tensor_bundle(path, tensors);

  std::erase(last_checkpoints_, path);
  last_checkpoints_.push_back(path);
  std::vector<std::string> old;
  while (options_.max_to_keep > 0 &&
         static_cast<std::int64_t>(last_checkpoints_.size()) > options_.max_to_keep) {
    old.push_back(last_checkpoints_.front());
    last_checkpoints_.erase(last_checkpoints_.begin());
  }
  // What is listed is there, whenever the process stops: so first off the list, then off the disk.
  write_checkpoint_state(folderOf(path), {path, last_checkpoints_}, options.latest_filename);
  for (const std::string &each : old)
    delete_tensor_bundle(each);
  return path;
}

static std::string typeOf(DataType dtype, const Shape &shape) {
  return ValueType{dtype, shape}.to_string();
}

void Saver::restore(Session &session, const std::string &prefix) const {
  TensorBundle bundle(prefix);
  // All that lack, at once: one can see then that it is another model's checkpoint.
  std::string missing;
  for (const auto &[name, variable] : variables_)
    if (!bundle.find(name))
      missing += fmt::format("{}'{}' ({})", missing.empty() ? "" : ", ", name,
                             typeOf(variable.dtype(), variable.shape()));
  if (!missing.empty())
    throw Error(Code::not_found, "checkpoint '" + prefix + "' has no tensor " + missing);
  for (const auto &[name, variable] : variables_) {
    const BundleEntry &entry = *bundle.find(name);
    if (entry.obstacle.empty() &&
        (entry.dtype != variable.dtype() || entry.shape != variable.shape()))
      throw Error(Code::invalid_argument,
                  fmt::format("variable '{}' expects {}, got {} in checkpoint '{}'",
                              variable.op_name(), typeOf(variable.dtype(), variable.shape()),
                              typeOf(entry.dtype, entry.shape), prefix),
                  variable.op_name());
  }
  std::map<std::string, Tensor> values;
  for (const auto &[name, variable] : variables_)
    values.emplace(variable.op_name(), bundle.read(name));
  std::optional<RandomState> random;
  const BundleEntry *entry = bundle.find(kRandomState);
  if (whole_graph_ && entry && entry->dtype == int64 && entry->shape == Shape{2}) {
    const Tensor state = bundle.read(kRandomState);
    random = {static_cast<std::uint64_t>(state.values<std::int64_t>()[0]),
              static_cast<std::uint64_t>(state.values<std::int64_t>()[1])};
  }
  // Nothing can fail any more.
  session.set_variables(values);
  if (random)
    session.set_random_state(*random);
}

void Saver::recover_last_checkpoints(const std::vector<std::string> &prefixes) {
  last_checkpoints_.clear();
  std::ranges::copy_if(prefixes, std::back_inserter(last_checkpoints_), checkpoint_exists);
}

std::optional<std::string> latest_checkpoint(const std::string &folder,
                                             const std::string &latest_filename) {
  const std::optional<CheckpointState> state = read_checkpoint_state(folder, latest_filename);
  if (!state || state->latest.empty() || !checkpoint_exists(state->latest))
    return std::nullopt;
  return state->latest;
}

bool checkpoint_exists(const std::string &prefix) {
  std::error_code error;
  return fs::is_regular_file(prefix + ".index", error);
}

} // namespace graphc::train

// TensorFlow's tf.train.Saver: a session's variables to and from checkpoints.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "frontend/Graph.h"
#include "runtime/session/Session.h"

namespace graphc::train {

struct SaverOptions {
  /// Older checkpoints than so many are deleted; 0 keeps all.
  std::int64_t max_to_keep = 5;
};

/// A number of steps: given, or an integer variable of the session.
class GlobalStep {
public:
  GlobalStep() = default;
  GlobalStep(std::int64_t step) : step_(step) {}                // NOLINT: `.global_step = 100`
  GlobalStep(int step) : GlobalStep(std::int64_t{step}) {}      // NOLINT
  GlobalStep(Variable variable) : step_(std::move(variable)) {} // NOLINT
  /// Nothing where none was given.
  std::optional<std::int64_t> value(const Session &session) const;

private:
  std::variant<std::monostate, std::int64_t, Variable> step_;
};

struct SaveOptions {
  GlobalStep global_step = {};                ///< the checkpoint is "PREFIX-STEP"
  std::string latest_filename = "checkpoint"; ///< lists the checkpoints of the folder
};

/// Saves variables in TensorFlow's V2 format, under TensorFlow's names, and restores what
/// TensorFlow or graphc saved.
///
/// A saver of a whole graph also saves where the session stands in its random numbers, as an
/// int64[2] tensor "_graphc_random_state" (seed, runs so far), so that a restored session trains on
/// as if it had never stopped, bit for bit. Checkpoints without it restore too.
class Saver {
public:
  /// All variables that the graph has now, optimizers' slots included. Every constructor throws
  /// Error (invalid_argument) where there is no variable or max_to_keep is negative.
  explicit Saver(const Graph &graph, SaverOptions options = {});
  /// These variables, by their own names.
  explicit Saver(const std::vector<Variable> &variables, SaverOptions options = {});
  explicit Saver(std::initializer_list<Variable> variables, SaverOptions options = {})
      : Saver(std::vector<Variable>(variables), options) {}
  /// Variables by their names in the checkpoint.
  explicit Saver(const std::map<std::string, Variable> &variables, SaverOptions options = {});

  /// Writes the checkpoint PREFIX (or PREFIX-STEP) and returns its name, the argument of restore().
  /// Then lists it in the folder's file `checkpoint` and deletes the oldest that this saver wrote,
  /// beyond max_to_keep. Stopped at any moment, the process leaves every listed checkpoint whole.
  /// Throws Error: failed_precondition for a variable without a value, invalid_argument where the
  /// files cannot be written.
  std::string save(const Session &session, const std::string &prefix,
                   const SaveOptions &options = {});

  /// Gives the variables the checkpoint's values. All of them, or, where an Error is thrown, none:
  /// not_found where the checkpoint or a variable in it is missing, invalid_argument for another
  /// dtype or shape, data_loss where the files are damaged.
  void restore(Session &session, const std::string &prefix) const;

  /// The prefixes that this saver wrote and did not delete, the oldest first.
  const std::vector<std::string> &last_checkpoints() const { return last_checkpoints_; }
  /// Makes a new saver go on with checkpoints that are there, so that it deletes them in their
  /// turn; those that are not are left out.
  void recover_last_checkpoints(const std::vector<std::string> &prefixes);

private:
  std::map<std::string, Variable> variables_; ///< by name in the checkpoint
  bool whole_graph_ = false;
  SaverOptions options_;
  std::vector<std::string> last_checkpoints_;
};

/// The prefix of the folder's latest checkpoint by its file `checkpoint`; nothing where there is no
/// such file or the checkpoint is gone. Throws Error (data_loss) where the file cannot be
/// understood.
std::optional<std::string> latest_checkpoint(const std::string &folder,
                                             const std::string &latest_filename = "checkpoint");

/// Is there a checkpoint of this prefix?
bool checkpoint_exists(const std::string &prefix);

} // namespace graphc::train

// The variables of a session, by name.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "runtime/Tensor.h"

namespace graphc {

/// One variable. Guarded by its store's lock; its address never changes.
struct StoredVariable {
  Tensor value; ///< has storage from the first use on, initialised or not
  bool initialised = false;
  std::uint64_t version = 0; ///< grows with every run that writes the variable
};

/// A run is atomic: a program that writes variables holds the lock alone from its first to its last
/// step, programs that only read share it. So a reader never sees half an update, two updates never
/// mix, and runs of the same inference program go on side by side.
class VariableStore {
public:
  VariableStore() = default;
  VariableStore(const VariableStore &) = delete;
  VariableStore &operator=(const VariableStore &) = delete;

  /// Finds the variable or makes it, without a value. Throws Error (invalid_argument) where it
  /// exists with another dtype or shape.
  StoredVariable &declare(const std::string &name, DataType dtype, const Shape &shape);

  /// A copy of the value; nothing for an unknown or uninitialised variable.
  std::optional<Tensor> get(const std::string &name) const;
  /// The same for several: values from between the same two runs.
  std::vector<std::optional<Tensor>> get(const std::vector<std::string> &names) const;
  /// Copies `value` in and makes the variable initialised, declaring it where needed.
  void set(const std::string &name, const Tensor &value);
  /// The same for several: no run sees some without the others. Where one exists with another dtype
  /// or shape, none is set.
  void set(const std::map<std::string, Tensor> &values);
  /// Names of all initialised variables, sorted.
  std::vector<std::string> initialised_names() const;

  std::shared_mutex &lock() const { return lock_; }

private:
  mutable std::shared_mutex lock_;
  /// Guards the map alone, since a run declares its variables before it takes `lock_`.
  mutable std::shared_mutex map_lock_;
  std::map<std::string, std::unique_ptr<StoredVariable>> variables_;
};

} // namespace graphc

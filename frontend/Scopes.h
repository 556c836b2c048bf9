// Names and scopes exactly as TensorFlow 1 makes them. No MLIR, no ops.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "frontend/Variable.h"

namespace graphc {

/// The names of ops in use, and the name scope that is open.
class NameTable {
public:
  /// `name` under the open scope, with "_1", "_2", ... where the name is taken. Names that differ
  /// only in case count as equal (TensorFlow's `Graph.unique_name`).
  std::string unique_name(std::string_view name, bool mark_as_used = true);
  bool is_used(const std::string &full_name) const;

  /// The open scope without a trailing slash; "" at the root.
  const std::string &scope() const { return scope_; }
  void set_scope(std::string scope) { scope_ = std::move(scope); }

  /// The scope that `with name_scope(name)` opens: a fresh one; for "a/b/" exactly "a/b"; for ""
  /// the root. Throws Error (invalid_argument) for what is no scope name.
  std::string scope_for(std::string_view name);
  /// The full name of an op called `name`: unique, or, with a trailing slash, exactly that.
  std::string op_name_for(std::string_view name);

private:
  std::string scope_;
  std::unordered_map<std::string, int> used_; // by lower-case name
};

/// What is inherited by the variables made under a variable_scope; a value that can be kept and
/// entered again.
struct VariableScope {
  std::string name;                ///< prefix of variable names, "" at the root
  std::string original_name_scope; ///< the name scope it was first opened with, "a/b/"
  bool reuse = false;
  bool auto_reuse = false;
  Initializer initializer;
  std::optional<DataType> dtype;
};

/// The open variable scope and how often each was opened.
class VariableScopes {
public:
  const VariableScope &current() const { return current_; }
  VariableScope &current() { return current_; }

  /// `prefix`, or with "_1", ... where such a scope was opened under the current one.
  std::string unique_scope(const std::string &prefix) const;
  void open(const std::string &full_name) { ++counts_[full_name]; }
  /// Forgets how often the scopes under `full_name` were opened.
  void close_subscopes(const std::string &full_name);

  using Counts = std::map<std::string, int>;
  const Counts &counts() const { return counts_; }
  void set_counts(Counts counts) { counts_ = std::move(counts); }

private:
  VariableScope current_;
  Counts counts_;
};

} // namespace graphc

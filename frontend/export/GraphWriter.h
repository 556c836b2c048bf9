// Writes the ops of a module as TensorFlow's nodes: what each becomes is said by the rules of its
// family (Rules.h); here are names, values, the frames of loops, and what a node waits for.
#pragma once

#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "frontend/export/ModuleGraphDef.h"
#include "frontend/export/Node.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace graphc::graphdef {

/// TensorFlow 1's frame of a loop: values come in by Enter nodes and go out by Exit nodes. Or a
/// branch, which has no such nodes, and no name.
struct Frame {
  std::string name;
  /// Alive where the body runs once more, or the branch runs. What depends on nothing else waits
  /// for it.
  std::string pivot = {};
  /// graph.step_index in the body.
  std::string step = {};
  /// What is the same at every step: outer value -> its Enter node.
  std::map<std::string, std::string> entered = {};
  std::set<std::string> invariant = {};

  bool isLoop() const { return !name.empty(); }
};

class GraphWriter {
public:
  explicit GraphWriter(mlir::ModuleOp module) : module_(module) {}
  /// Throws Error (unimplemented) for an op that has no form in TensorFlow, unless it is only
  /// drawn.
  proto::GraphDef write(const Beside &beside = {});

  //===--- For the rules ---------------------------------------------------------------------===//

  /// A node named `name`, or, where that is taken, `name_1`, ...
  Node add(const std::string &name, llvm::StringRef type, const std::vector<std::string> &inputs,
           const std::vector<ValueType> &results);
  /// The node that stands for `op` and has its name: its results are the op's.
  Node addFor(mlir::Operation *op, llvm::StringRef type, const std::vector<std::string> &inputs);
  /// For an op of several nodes whose results are `results`: who takes one, or waits for the op,
  /// does so with these nodes. A node with the op's name hands them to whoever fetches them by it.
  void addResults(mlir::Operation *op, std::vector<std::string> results);
  std::string constant(const std::string &name, const Tensor &value);

  /// The value as an input.
  std::string input(mlir::Value value) const;
  void define(mlir::Value value, const std::string &as) { values_[value] = as; }
  std::string nodeName(mlir::Operation *op) const { return nodeNames_.lookup(op); }
  void writeBlock(mlir::Block &block);

  bool inFrame() const { return !frames_.empty(); }
  Frame &frame() { return frames_.back(); }
  /// The innermost loop; null outside of loops.
  const Frame *loop() const;
  /// How many loops are open.
  std::size_t depth() const;
  /// Whether the node is the same in every iteration of the innermost loop.
  bool isInvariant(const std::string &input) const;
  void openFrame(const std::string &name) { frames_.push_back({.name = name}); }
  void openBranch(const std::string &pivot) { frames_.push_back({.name = {}, .pivot = pivot}); }
  void closeFrame() { frames_.pop_back(); }
  /// `outer`, which is of the frame around, inside of the open one.
  std::string enter(const std::string &name, const std::string &outer, proto::DataType dtype,
                    bool invariant);
  /// The same for what does not change in the open loop, once for each `outer`.
  std::string enterOnce(const std::string &name, const std::string &outer, DataType dtype);
  /// Writes what stands in the outermost `loops` loops only, and in none of the branches within.
  template <typename F> void inLoops(std::size_t loops, F write) {
    auto end = frames_.begin();
    for (std::size_t open = 0; open < loops; ++end)
      open += end->isLoop();
    std::vector<Frame> within(std::make_move_iterator(end), std::make_move_iterator(frames_.end()));
    frames_.erase(end, frames_.end());
    write();
    frames_.insert(frames_.end(), std::make_move_iterator(within.begin()),
                   std::make_move_iterator(within.end()));
  }
  /// Nodes that several ops share, by any key; empty where there is none yet.
  std::string &shared(const std::string &key) { return shared_[key]; }

private:
  /// A node with the op's name, source line and control inputs.
  Node addNamed(mlir::Operation *op, llvm::StringRef type, const std::vector<std::string> &inputs,
                const std::vector<ValueType> &results);
  void nameOps(mlir::Block &block);
  std::string unique(const std::string &name);
  void leaveOutWhatNeedsGradients(mlir::Block &program);
  void writeOp(mlir::Operation &op);
  /// The same, for an op without a form in TensorFlow too.
  void drawOp(mlir::Operation &op);
  /// The nodes that the op's node waits for.
  std::set<std::string> controlsOf(mlir::Operation *op) const;
  void addAlias(const Beside::Alias &alias);

  mlir::ModuleOp module_;
  proto::GraphDef graph_;
  llvm::StringMap<unsigned> taken_;
  llvm::DenseMap<mlir::Operation *, std::string> nodeNames_;
  llvm::StringMap<mlir::Operation *> byName_; ///< by the names that control inputs use
  llvm::DenseMap<mlir::Value, std::string> values_;
  /// The nodes of the results of an op that has no single node.
  llvm::DenseMap<mlir::Operation *, std::set<std::string>> ends_;
  llvm::DenseSet<mlir::Operation *> leftOut_;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Operation *>> waits_;
  std::map<mlir::Operation *, std::vector<unsigned>> recorded_;
  std::vector<Frame> frames_;
  std::map<std::string, std::string> shared_;
  bool drawing_ = false;
};

} // namespace graphc::graphdef

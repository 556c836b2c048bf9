#include "frontend/import/ControlFlowRecording.h"

#include <fmt/format.h>

#include "frontend/control_flow/ControlFlow.h"
#include "frontend/control_flow/RegionRecorder.h"
#include "frontend/import/ControlInputs.h"
#include "frontend/import/IterationCount.h"
#include "frontend/import/RegionValues.h"
#include "frontend/ops/Array.h"

namespace graphc::importing {

namespace {

using Held = std::optional<std::map<std::string, Output>>;

/// While a region is recorded: variables are held, names are whole, and nothing waits for effects.
class InRegion {
public:
  explicit InRegion(ImportState &state)
      : state_(state), root_(state.graph, ""), held_(state.held),
        controls_(std::exchange(state.graph.state().controls, {})) {
    if (!state.held)
      state.held.emplace();
  }
  ~InRegion() {
    state_.held = std::move(held_);
    state_.graph.state().controls = std::move(controls_);
  }
  InRegion(const InRegion &) = delete;
  InRegion &operator=(const InRegion &) = delete;

private:
  ImportState &state_;
  NameScope root_;
  Held held_;
  std::vector<std::string> controls_;
};

/// Variables' values after the op, where it stands in the program itself: updates that all who use
/// the node's results, or wait for it, bring about.
class Updates {
public:
  Updates(NodeContext &c, std::string name, const std::vector<ImportedVariable> &assigned)
      : c_(c), name_(std::move(name)), assigned_(assigned),
        outside_(!c.state().held && !assigned.empty()) {}

  /// The op's own name; the node's stands for op and updates.
  std::string opName(const char *op) const { return outside_ ? name_ + "/" + op : name_; }

  void assign(std::vector<NodeValue> &results, const std::vector<Output> &tensors) {
    if (!outside_)
      return;
    ImportState &state = c_.state();
    const NameScope root(state.graph, "");
    std::vector<std::string> names;
    const std::size_t first = tensors.size() - assigned_.size();
    for (std::size_t k = 0; k < assigned_.size(); ++k) {
      const ImportedVariable &variable = assigned_[k];
      const Output value = graphc::record(state.graph, "assign", {{tensors[first + k]}},
                                          {{"variable", SymbolName{variable.op_name}}},
                                          {.name = name_ + "/assign",
                                           .where = state.where,
                                           .types = {{variable.dtype, variable.shape}}})
                               .front();
      names.push_back(value.op().name());
    }
    const ControlInputs after(state.graph, names);
    for (NodeValue &result : results)
      if (result.tensor && !result.variable)
        result.tensor = graphc::record(state.graph, "identity", {{result.tensor}}, {},
                                       {.name = name_ + "/after", .where = state.where})
                            .front();
    state.graph.no_op(name_ + "/", state.where);
  }

private:
  NodeContext &c_;
  std::string name_;
  const std::vector<ImportedVariable> &assigned_;
  bool outside_;
};

bool isPending(const NodeValue &value) {
  return value.list && value.list->capacity && !value.list->rows;
}

//===--- Loops --------------------------------------------------------------------------------===//

class WhileRecorder {
public:
  WhileRecorder(NodeContext &c, const ImportedLoop &loop)
      : c_(c), loop_(loop), initial_(loop.initial) {}

  std::vector<NodeValue> run() {
    ImportState &state = c_.state();
    if (std::ranges::any_of(initial_, [](const NodeValue &v) { return v.list && v.list->grows; }))
      makeRoom();
    if (std::ranges::any_of(initial_, isPending))
      findRows();
    const RegionValues values(initial_, loop_.assigned);
    const std::vector<Output> before = values.pack(c_, initial_, "loop variable");
    if (before.empty())
      c_.refuseUnknown("a loop without a tensor that goes round");
    Updates updates(c_, loop_.name, loop_.assigned);
    const NameScope root(state.graph, "");
    const std::vector<Output> after = while_loop(
        [&](const std::vector<Output> &tensors) {
          const InRegion region(state);
          const std::vector<NodeValue> holds =
              loop_.condition(values.unpack(state, tensors), loop_.name + "/cond");
          return holds.empty() ? Output() : holds.front().tensor;
        },
        [&](const std::vector<Output> &tensors) {
          const InRegion region(state);
          return values.pack(c_, loop_.body(values.unpack(state, tensors), loop_.name + "/body"),
                             "loop variable");
        },
        std::vector<Input>(before.begin(), before.end()), {.name = updates.opName("while") + "/"},
        state.where);
    std::vector<NodeValue> results = values.unpack(state, after);
    for (std::size_t k = 0; k < growths_.size(); ++k)
      if (const auto behind = growths_[k].behind; behind && results[k].list)
        results[k].list->length = c_.scalar(static_cast<double>(*behind), int32);
    updates.assign(results, after);
    return results;
  }

private:
  /// Lists that grow have room for what the loop puts into them; where nobody knows how much that
  /// is, they are carried along as nothing.
  void makeRoom() {
    try {
      const InRegion region(c_.state());
      growths_ = countIterations(c_, loop_);
    } catch (const Error &) { // what is wrong the loop itself says, or it is in what has no use
    }
    growths_.resize(initial_.size());
    const NameScope root(c_.graph(), "");
    for (std::size_t k = 0; k < initial_.size(); ++k) {
      if (!initial_[k].list || !initial_[k].list->grows)
        continue;
      ImportedList &list = *initial_[k].list;
      if (growths_[k].most) {
        list = withRoom(c_, std::move(list), *growths_[k].most);
      } else if (!growths_[k].same) {
        list.rows = {};
        list.capacity = {};
        list.grows = false;
      }
    }
  }

  /// Records the first iteration to see what it writes into lists that have no rows yet. Where that
  /// does not say all extents, the iteration stays recorded: the shapes of what it writes are
  /// taken, its values never.
  void findRows() {
    ImportState &state = c_.state();
    std::vector<NodeValue> first;
    {
      RegionRecorder aside(state.graph, loop_.name, {}, state.where); // vanishes
      const InRegion region(state);
      first = loop_.body(initial_, loop_.name + "/first");
      if (first.size() != initial_.size())
        c_.refuse(fmt::format("expected {} loop variables, got {}", initial_.size(), first.size()));
      for (std::size_t k = 0; k < first.size(); ++k)
        shapes_.push_back(first[k].list && first[k].list->rows ? first[k].list->rows.shape()
                                                               : Shape::unknown_rank());
    }
    bool known = true;
    for (std::size_t k = 0; k < initial_.size(); ++k)
      known &= !isPending(initial_[k]) || !shapes_[k].has_rank() || shapes_[k].is_fully_known();
    if (!known) {
      const InRegion region(state);
      first = loop_.body(initial_, loop_.name + "/first");
    }
    const NameScope root(state.graph, "");
    for (std::size_t k = 0; k < initial_.size(); ++k) {
      if (!isPending(initial_[k]) || !shapes_[k].has_rank())
        continue;
      ImportedList &list = *initial_[k].list;
      const Output zero = c_.scalar(0, list.dtype);
      const Dims dims = shapes_[k].is_fully_known()
                            ? Dims(shapes_[k])
                            : Dims(c_.helper("shape", {first[k].list->rows}, {{"dtype", int32}}));
      const NameScope scope(state.graph, loop_.name);
      list.rows = graphc::fill(state.graph, dims, zero, "rows", state.where);
    }
  }

  NodeContext &c_;
  const ImportedLoop &loop_;
  std::vector<NodeValue> initial_;
  std::vector<Shape> shapes_; ///< of the lists' rows
  std::vector<ListGrowth> growths_;
};

//===--- Branches -----------------------------------------------------------------------------===//

class CondRecorder {
public:
  CondRecorder(NodeContext &c, const ImportedBranches &branches) : c_(c), branches_(branches) {}

  std::vector<NodeValue> run() {
    ImportState &state = c_.state();
    Updates updates(c_, branches_.name, branches_.assigned);
    const NameScope root(state.graph, "");
    std::vector<NodeValue> results;
    const std::vector<Output> tensors = cond(
        branches_.pred,
        [&] {
          const InRegion region(state);
          results = branches_.then({}, branches_.name + "/then");
          return RegionValues(results, branches_.assigned).pack(c_, results, "result");
        },
        [&] {
          const InRegion region(state);
          return RegionValues(results, branches_.assigned)
              .pack(c_, branches_.otherwise({}, branches_.name + "/else"), "result");
        },
        {.name = updates.opName("cond") + "/"}, state.where);
    results = RegionValues(results, branches_.assigned).unpack(state, tensors);
    for (NodeValue &result : results)
      if (result.list && result.list->rows) // what the branch knew of it stays in the branch
        result.list->capacity = listOf(c_, result.list->rows).capacity;
    updates.assign(results, tensors);
    return results;
  }

private:
  NodeContext &c_;
  const ImportedBranches &branches_;
};

} // namespace

std::vector<NodeValue> recordWhile(NodeContext &context, const ImportedLoop &loop) {
  return WhileRecorder(context, loop).run();
}

std::vector<NodeValue> recordCond(NodeContext &context, const ImportedBranches &branches) {
  return CondRecorder(context, branches).run();
}

} // namespace graphc::importing

#include "frontend/import/GradientSections.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace graphc::importing {

namespace {

class SectionReader {
public:
  SectionReader(const NodeGraph &nodes, std::string scope) : nodes_(nodes), start_(scope + "/") {
    section_.scope = std::move(scope);
  }

  /// Nothing where some of it cannot be read.
  std::optional<GradientSection> read() {
    std::vector<bool> isBorder(static_cast<std::size_t>(nodes_.size()));
    for (int i = 0; i < nodes_.size(); ++i)
      for (const NodeOutput &from : nodes_[i].inputs) {
        if (!isInside(i) && isInside(from.node) && isAccumulator(from.node)) {
          keepWithInputs(from.node);
          continue;
        }
        const bool fromInside = isInside(from.node);
        if (isInside(i) && fromInside && isSeed(from.node) && !addLoss(i))
          return std::nullopt;
        if (isInside(i) || !fromInside || isBorder[static_cast<std::size_t>(from.node)])
          continue;
        isBorder[static_cast<std::size_t>(from.node)] = true;
        const std::optional<GradientBorder> border = readBorder(from);
        if (!border)
          return std::nullopt;
        section_.border.push_back(*border);
      }
    for (int i = 0; i < nodes_.size(); ++i)
      if (isInside(i) && !isBorder[static_cast<std::size_t>(i)] && !kept_.contains(i))
        section_.inner.push_back(i);
    if (section_.ys.empty() || section_.border.empty())
      return std::nullopt;
    return std::move(section_);
  }

private:
  /// What stands behind the forward node's name: "MatMul_grad/tuple/..." is {MatMul, "tuple/..."}.
  struct Place {
    int forward = -1;
    std::string_view rest;
  };

  /// The list in which a loop keeps for its gradient what an iteration makes: one of its variables.
  bool isAccumulator(int node) const { return nodes_[node].type() == "EmptyTensorList"; }
  void keepWithInputs(int node) {
    if (!isInside(node) || !kept_.insert(node).second)
      return;
    for (const NodeOutput &from : nodes_[node].inputs)
      keepWithInputs(from.node);
  }

  bool isInside(int node) const { return nodes_[node].name().starts_with(start_); }
  /// grad_ys_0, whose reader is the loss's gradient.
  bool isSeed(int node) const {
    const std::string_view name = std::string_view(nodes_[node].name()).substr(start_.size());
    return name.starts_with("grad_ys_") && name.find('/') == std::string_view::npos;
  }

  Place placeOf(int node) const {
    const std::string_view name = std::string_view(nodes_[node].name()).substr(start_.size());
    constexpr std::string_view ending = "_grad/";
    for (std::size_t at = name.find(ending); at != std::string_view::npos;
         at = name.find(ending, at + 1))
      if (const int forward = nodes_.find(name.substr(0, at)); forward >= 0)
        return {forward, name.substr(at + ending.size())};
    return {};
  }

  /// The loss is the op whose gradient reads the seed, which must be ones.
  bool addLoss(int reader) {
    const Place place = placeOf(reader);
    const NodeOutput loss{place.forward, 0};
    if (place.forward < 0)
      return false;
    if (std::ranges::find(section_.ys, loss) == section_.ys.end())
      section_.ys.push_back(loss);
    return std::ranges::all_of(nodes_[reader].inputs, [&](const NodeOutput &from) {
      return !isInside(from.node) || !isSeed(from.node) || isOnes(from.node);
    });
  }

  bool isOnes(int seed) const {
    const Node &node = nodes_[seed];
    if (node.type() == "OnesLike")
      return true;
    if (node.type() != "Fill" || node.inputs.size() != 2)
      return false;
    const Node &value = nodes_[node.inputs[1].node];
    const auto found = value.def->attr().find("value");
    if (value.type() != "Const" || found == value.def->attr().end())
      return false;
    const proto::TensorProto &tensor = found->second.tensor();
    return (tensor.float_val_size() == 1 && tensor.float_val(0) == 1) ||
           (tensor.double_val_size() == 1 && tensor.double_val(0) == 1);
  }

  /// The forward tensor behind copies of it, but for copies of a variable: those are its reads.
  NodeOutput behindCopies(NodeOutput tensor) const {
    while (nodes_[tensor.node].type() == "Identity" && nodes_[tensor.node].inputs.size() == 1) {
      const NodeOutput from = nodes_[tensor.node].inputs[0];
      if (nodes_[from.node].is({"Variable", "VariableV2", "VarHandleOp"}))
        break;
      tensor = from;
    }
    return tensor;
  }

  /// The variable that a ReadVariableOp reads; other tensors as they are.
  NodeOutput readFrom(NodeOutput tensor) const {
    const Node &node = nodes_[tensor.node];
    return node.type() == "ReadVariableOp" && node.inputs.size() == 1 ? node.inputs[0] : tensor;
  }

  std::optional<GradientBorder> readBorder(NodeOutput from) const {
    if (from.index != 0)
      return std::nullopt;
    const Place place = placeOf(from.node);
    if (place.forward >= 0 && nodes_[place.forward].is({"Gather", "GatherV2", "ResourceGather"})) {
      const NodeOutput result{place.forward, 0};
      if (place.rest == "Reshape")
        return GradientBorder{from.node, GradientBorder::Kind::rows, result};
      if (place.rest == "Reshape_1")
        return GradientBorder{from.node, GradientBorder::Kind::indices, result};
      return std::nullopt;
    }
    const std::optional<NodeOutput> of = differentiatedBy(from.node);
    if (!of || isInside(of->node))
      return std::nullopt;
    return GradientBorder{from.node, GradientBorder::Kind::tensor, *of};
  }

  std::optional<NodeOutput> differentiatedBy(int node) const {
    if (nodes_[node].type() != "AddN")
      return differentiatedByOne(node);
    // Sums of sums are met by many ways.
    std::optional<NodeOutput> common;
    std::vector<int> open{node};
    std::unordered_set<int> met{node};
    while (!open.empty()) {
      const int sum = open.back();
      open.pop_back();
      for (const NodeOutput &term : nodes_[sum].inputs) {
        if (!isInside(term.node))
          return std::nullopt;
        if (!met.insert(term.node).second)
          continue;
        if (nodes_[term.node].type() == "AddN") {
          open.push_back(term.node);
          continue;
        }
        const std::optional<NodeOutput> one = differentiatedByOne(term.node);
        if (!one)
          return std::nullopt;
        if (!common || *common == *one) {
          common = one;
          continue;
        }
        // Different reads of one variable: the gradient by the variable.
        common = readFrom(*common);
        if (!(*common == readFrom(*one)))
          return std::nullopt;
      }
    }
    return common;
  }

  /// The same for what is no sum.
  std::optional<NodeOutput> differentiatedByOne(int node) const {
    const Place place = placeOf(node);
    if (place.forward < 0)
      return std::nullopt;
    const Node &forward = nodes_[place.forward];
    std::size_t input = 0;
    constexpr std::string_view tuple = "tuple/control_dependency";
    if (forward.is({"While", "StatelessWhile", "If", "StatelessIf"}))
      return differentiatedByFunction(forward, place.rest);
    if (place.rest.starts_with(tuple)) {
      const std::optional<std::size_t> number = numberBehind(place.rest, tuple);
      if (!number)
        return std::nullopt;
      input = *number;
      // Inputs without a gradient come before the others.
      input += forward.is({"Select", "SelectV2", "Conv2DBackpropInput"}) ? 1 : 0;
    } else if (forward.type() == "Enter") {
      if (!place.rest.starts_with("b_acc_") && place.rest != "Exit")
        return std::nullopt;
    } else if (forward.type() == "TensorArrayScatterV3") {
      input = 2;
    } else if (!hasOneGradient(forward)) {
      return std::nullopt;
    } else {
      input = forward.type() == "Split" ? 1 : 0;
    }
    if (input >= forward.inputs.size())
      return std::nullopt;
    return behindCopies(forward.inputs[input]);
  }

  /// 2 of "start_2", 0 of "start".
  static std::optional<std::size_t> numberBehind(std::string_view text, std::string_view start) {
    if (!text.starts_with(start))
      return std::nullopt;
    const std::string_view number = text.substr(start.size());
    if (number.empty())
      return 0;
    if (number[0] != '_' || number.size() < 2 || number.size() > 5 ||
        number.find_first_not_of("0123456789", 1) != std::string_view::npos)
      return std::nullopt;
    return static_cast<std::size_t>(std::stoi(std::string(number.substr(1))));
  }

  /// Of a branch the gradients of all inputs behind the predicate are there, of a loop those of the
  /// inputs that are no integers, behind three counters.
  std::optional<NodeOutput> differentiatedByFunction(const Node &forward,
                                                     std::string_view rest) const {
    const bool isLoop = forward.type().ends_with("While");
    std::optional<std::size_t> number = numberBehind(rest, "tuple/control_dependency");
    if (!number && (number = numberBehind(rest, "Identity")) && isLoop) {
      if (*number < 3)
        return std::nullopt;
      *number -= 3;
    }
    if (!number)
      return std::nullopt;
    if (!isLoop)
      return *number + 1 < forward.inputs.size()
                 ? std::optional(behindCopies(forward.inputs[*number + 1]))
                 : std::nullopt;
    const auto types = forward.def->attr().find("T");
    if (types == forward.def->attr().end())
      return std::nullopt;
    for (std::size_t k = 0; k < forward.inputs.size(); ++k) {
      const int type = static_cast<int>(k) < types->second.list().type_size()
                           ? types->second.list().type(static_cast<int>(k))
                           : proto::DT_INVALID;
      const bool flows = type == proto::DT_FLOAT || type == proto::DT_DOUBLE ||
                         type == proto::DT_RESOURCE || type == proto::DT_VARIANT;
      if (flows && (*number)-- == 0)
        return behindCopies(forward.inputs[k]);
    }
    return std::nullopt;
  }

  static bool hasOneGradient(const Node &forward) {
    return forward.inputs.size() == 1 || forward.is({"Sum",
                                                     "Mean",
                                                     "Max",
                                                     "Min",
                                                     "Prod",
                                                     "Reshape",
                                                     "ExpandDims",
                                                     "Transpose",
                                                     "Split",
                                                     "SplitV",
                                                     "Slice",
                                                     "StridedSlice",
                                                     "Tile",
                                                     "Pad",
                                                     "PadV2",
                                                     "MirrorPad",
                                                     "BroadcastTo",
                                                     "ReverseV2",
                                                     "ReverseSequence",
                                                     "Cumsum",
                                                     "GatherNd",
                                                     "Switch",
                                                     "TensorListFromTensor",
                                                     "TopKV2",
                                                     "SparseSoftmaxCrossEntropyWithLogits"});
  }

  const NodeGraph &nodes_;
  std::string start_;
  GradientSection section_;
  std::unordered_set<int> kept_; ///< nodes inside that stay
};

} // namespace

std::vector<GradientSection> findGradientSections(const NodeGraph &nodes) {
  std::vector<GradientSection> sections;
  constexpr std::string_view seed = "/grad_ys_0";
  for (int i = 0; i < nodes.size(); ++i) {
    const std::string &name = nodes[i].name();
    if (!name.ends_with(seed))
      continue;
    SectionReader reader(nodes, name.substr(0, name.size() - seed.size()));
    if (std::optional<GradientSection> section = reader.read())
      sections.push_back(std::move(*section));
  }
  return sections;
}

std::vector<int> shortcutRowSums(NodeGraph &nodes) {
  std::unordered_set<int> between;
  for (int i = 0; i < nodes.size(); ++i) {
    if (nodes[i].type().find("SparseApply") == std::string::npos)
      continue;
    std::vector<NodeOutput> inputs = nodes[i].inputs;
    // The gradients and the rows' numbers lie side by side.
    for (std::size_t k = 0; k + 1 < inputs.size(); ++k) {
      const Node &sum = nodes[inputs[k].node], &unique = nodes[inputs[k + 1].node];
      if (sum.type() != "UnsortedSegmentSum" || unique.type() != "Unique" ||
          sum.inputs.size() != 3 || unique.inputs.size() != 1 ||
          !(sum.inputs[1] == NodeOutput{inputs[k + 1].node, 1}))
        continue;
      between.insert({inputs[k].node, inputs[k + 1].node, sum.inputs[2].node});
      inputs[k] = sum.inputs[0];
      inputs[k + 1] = unique.inputs[0];
    }
    nodes.setInputs(i, std::move(inputs));
  }
  // What only counted the rows goes too: all readers of what is not needed are not needed.
  std::vector<int> readers(static_cast<std::size_t>(nodes.size()));
  for (int i = 0; i < nodes.size(); ++i) {
    for (const NodeOutput &from : nodes[i].inputs)
      ++readers[static_cast<std::size_t>(from.node)];
    for (int control : nodes[i].controls)
      ++readers[static_cast<std::size_t>(control)];
  }
  std::vector<int> unread, candidates(between.begin(), between.end());
  while (!candidates.empty()) {
    const int node = candidates.back();
    candidates.pop_back();
    if (readers[static_cast<std::size_t>(node)] != 0)
      continue;
    readers[static_cast<std::size_t>(node)] = -1; // given back once
    unread.push_back(node);
    for (const NodeOutput &from : nodes[node].inputs)
      if (--readers[static_cast<std::size_t>(from.node)] == 0 &&
          nodes[from.node].is({"UnsortedSegmentSum", "Unique", "Shape", "StridedSlice"}))
        candidates.push_back(from.node);
  }
  return unread;
}

} // namespace graphc::importing

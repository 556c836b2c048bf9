#include "frontend/import/IterationCount.h"

#include "frontend/KnownValues.h"
#include "frontend/control_flow/RegionRecorder.h"

namespace graphc::importing {

namespace {

using Known = std::vector<std::pair<Output, Tensor>>;

class IterationCounter {
public:
  IterationCounter(NodeContext &c, const ImportedLoop &loop) : c_(c), loop_(loop) {}

  std::vector<ListGrowth> run() {
    values_ = loop_.initial;
    std::vector<ValueType> types;
    for (const Output *tensor : tensorsOf(values_))
      types.push_back(typeOf(*tensor));
    RegionRecorder aside(c_.graph(), loop_.name, types, c_.where()); // vanishes
    bindArguments(aside.arguments());
    const std::vector<NodeValue> holds = loop_.condition(values_, loop_.name + "/count");
    next_ = loop_.body(values_, loop_.name + "/count");
    growths_.resize(values_.size());
    if (holds.empty() || next_.size() != values_.size())
      return growths_;
    for (std::size_t k = 0; k < values_.size(); ++k)
      growths_[k].same = canGrow(k) && values_[k].list->length == next_[k].list->length;
    count(holds.front().tensor);
    return growths_;
  }

private:
  static bool grows(const NodeValue &value) { return value.list && value.list->grows; }
  /// A list without room behind the iteration is one that nobody can use.
  bool canGrow(std::size_t k) const {
    return grows(values_[k]) && next_[k].list && next_[k].list->length && next_[k].list->capacity;
  }

  /// What a value consists of; of a list the rows come last, which an iteration may make.
  static std::vector<Output *> partsOf(NodeValue &value) {
    std::vector<Output *> parts;
    if (value.tensor && !value.variable)
      parts.push_back(&value.tensor);
    if (value.list && value.list->length)
      parts.push_back(&value.list->length);
    if (value.list && value.list->rows)
      parts.push_back(&value.list->rows);
    return parts;
  }
  static std::vector<Output *> tensorsOf(std::vector<NodeValue> &values) {
    std::vector<Output *> all;
    for (NodeValue &value : values)
      for (Output *part : partsOf(value))
        all.push_back(part);
    return all;
  }

  void bindArguments(const std::vector<Output> &arguments) {
    std::size_t next = 0;
    for (Output *tensor : tensorsOf(values_))
      *tensor = arguments.at(next++);
    for (NodeValue &value : values_)
      if (grows(value) && !value.list->capacity)
        value.list->capacity = c_.scalar(1, int32); // for one element, to be looked at
  }

  /// The parts of the values that are small numbers and known: `of` in the place of `in`.
  void bind(std::vector<NodeValue> of, const Known &given, Known &known) {
    known.clear();
    for (std::size_t k = 0; k < values_.size(); ++k) {
      const std::vector<Output *> names = partsOf(values_[k]), parts = partsOf(of[k]);
      for (std::size_t i = 0; i < std::min(names.size(), parts.size()); ++i)
        if (isSmall(*names[i]))
          if (std::optional<Tensor> value = knownValue(*parts[i], given))
            known.emplace_back(*names[i], std::move(*value));
    }
  }
  static bool isSmall(const Output &tensor) {
    constexpr std::int64_t kMost = 16;
    const Shape shape = tensor.shape();
    return shape.is_fully_known() && shape.num_elements() <= kMost;
  }

  void count(const Output &holds) {
    constexpr int kMost = 1 << 12;
    bool exact = true;
    Known known, before;
    bind(loop_.initial, {}, known);
    for (std::size_t k = 0; k < values_.size(); ++k)
      growths_[k].most = lengthOf(k, known);
    for (int iteration = 0; iteration < kMost && !known.empty(); ++iteration) {
      const std::optional<Tensor> goes = knownValue(holds, known);
      if (goes && goes->dtype() == bool_ && goes->num_elements() == 1 && !goes->values<bool>()[0]) {
        for (std::size_t k = 0; k < values_.size() && exact; ++k)
          growths_[k].behind = lengthOf(k, known);
        return;
      }
      exact &= goes.has_value();
      before.swap(known);
      bind(next_, before, known);
      for (std::size_t k = 0; k < values_.size(); ++k) {
        const std::optional<std::int64_t> length = lengthOf(k, known);
        std::optional<std::int64_t> &most = growths_[k].most;
        most = most && length ? std::optional(std::max(*most, *length)) : std::nullopt;
      }
    }
    for (ListGrowth &growth : growths_)
      growth.most.reset();
  }

  std::optional<std::int64_t> lengthOf(std::size_t k, const Known &known) const {
    if (!canGrow(k))
      return std::nullopt;
    const std::optional<Tensor> length = knownValue(values_[k].list->length, known);
    return length ? std::optional(length->cast(int64).scalar<std::int64_t>()) : std::nullopt;
  }

  NodeContext &c_;
  const ImportedLoop &loop_;
  std::vector<NodeValue> values_, next_; ///< at the beginning of an iteration, at its end
  std::vector<ListGrowth> growths_;
};

} // namespace

std::vector<ListGrowth> countIterations(NodeContext &context, const ImportedLoop &loop) {
  return IterationCounter(context, loop).run();
}

} // namespace graphc::importing

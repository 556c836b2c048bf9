#include "frontend/import/RegionValues.h"

#include <fmt/format.h>

namespace graphc::importing {

namespace {

bool isTensor(const NodeValue &value) { return value.tensor && !value.variable; }
bool hasRows(const NodeValue &value) { return value.list && value.list->rows; }

const char *kindOf(const NodeValue &value) {
  if (value.variable)
    return "a variable";
  if (value.list && value.list->rows)
    return value.list->length ? "a list of a length that changes" : "a list of tensors";
  if (value.list)
    return "a list of tensors without elements";
  return value.tensor ? "a tensor" : "no tensor";
}

bool sameKind(const NodeValue &a, const NodeValue &b) {
  if (a.variable && b.variable)
    return a.variable->op_name == b.variable->op_name;
  return isTensor(a) == isTensor(b) && a.variable.has_value() == b.variable.has_value() &&
         a.list.has_value() == b.list.has_value() && hasRows(a) == hasRows(b) &&
         (!hasRows(a) || static_cast<bool>(a.list->length) == static_cast<bool>(b.list->length));
}

} // namespace

std::vector<Output> RegionValues::pack(NodeContext &c, const std::vector<NodeValue> &values,
                                       const char *what) const {
  if (values.size() != like_.size())
    c.refuse(fmt::format("expected {} {}s, got {}", like_.size(), what, values.size()));
  std::vector<Output> tensors;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const NodeValue &value = values[k];
    if (!sameKind(value, like_[k]))
      c.refuseUnknown(fmt::format("{} {} is {} at first and {} then: expected the same", what, k,
                                  kindOf(like_[k]), kindOf(value)));
    if (isTensor(value))
      tensors.push_back(value.tensor);
    if (hasRows(value)) {
      tensors.push_back(value.list->rows);
      if (like_[k].list->length)
        tensors.push_back(lengthOf(c, *value.list));
    }
  }
  for (const ImportedVariable &variable : assigned_)
    tensors.push_back(recordRead(c.state(), variable, variable.op_name + "/read"));
  return tensors;
}

std::vector<NodeValue> RegionValues::unpack(ImportState &state,
                                            const std::vector<Output> &tensors) const {
  std::vector<NodeValue> values = like_;
  std::size_t next = 0;
  for (NodeValue &value : values) {
    if (isTensor(value))
      value.tensor = tensors[next++];
    if (hasRows(value)) {
      value.list->rows = tensors[next++];
      if (value.list->length)
        value.list->length = tensors[next++];
    }
  }
  if (state.held)
    for (const ImportedVariable &variable : assigned_)
      (*state.held)[variable.op_name] = tensors[next++];
  return values;
}

} // namespace graphc::importing

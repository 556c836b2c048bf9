#include "frontend/import/Refusals.h"

#include <map>

#include <fmt/format.h>

#include "frontend/import/ImportRules.h"
#include "frontend/import/TensorMessage.h"
#include "runtime/Status.h"

namespace graphc::importing {

namespace {

struct Needed {
  const char *start; ///< of op types
  const char *what;
};

/// What stands behind families of op types; the first that fits.
constexpr Needed kNeeded[] = {
    {"Iterator", "an input pipeline: feed the tensors that it gives"},
    {"Queue", "an input pipeline: feed the tensors that it gives"},
    {"FIFOQueue", "an input pipeline: feed the tensors that it gives"},
    {"Reader", "an input pipeline: feed the tensors that it gives"},
    {"Decode", "reading files: feed what they hold"},
    {"Encode", "writing files: fetch what they shall hold"},
    {"ReadFile", "reading files: feed what they hold"},
    {"Parse", "reading files: feed what they hold"},
    {"String", "tensors of strings"},
    {"Regex", "tensors of strings"},
    {"AsString", "tensors of strings"},
    {"LookupTable", "tables: look words up outside and feed the numbers"},
    {"HashTable", "tables: look words up outside and feed the numbers"},
    {"PyFunc", "a Python interpreter: compute outside and feed the result"},
    {"EagerPyFunc", "a Python interpreter: compute outside and feed the result"},
    {"Quantize", "quantized arithmetic"},
    {"Dequantize", "quantized arithmetic"},
    {"Fake", "quantized arithmetic"},
    {"FFT", "complex numbers"},
    {"IFFT", "complex numbers"},
    {"RFFT", "complex numbers"},
    {"IRFFT", "complex numbers"},
    {"Complex", "complex numbers"},
    {"Sparse", "sparse tensors"},
    {"Ragged", "ragged tensors"},
    {"Enter", "loops in dataflow form"},
    {"Exit", "loops in dataflow form"},
    {"Merge", "loops in dataflow form"},
    {"NextIteration", "loops in dataflow form"},
    {"LoopCond", "loops in dataflow form"},
    {"Switch", "loops in dataflow form"},
    {"RefSwitch", "loops in dataflow form"},
    {"Stack", "loops in dataflow form"},
    {"TensorArray", "loops in dataflow form"},
    {"TensorList", "lists of tensors"},
    {"While", "functions"},
    {"StatelessWhile", "functions"},
    {"If", "functions"},
    {"StatelessIf", "functions"},
    {"PartitionedCall", "functions"},
    {"StatefulPartitionedCall", "functions"},
    {"Where", "results whose shape follows from values"},
    {"Unique", "results whose shape follows from values"},
    {"BooleanMask", "results whose shape follows from values"},
};

std::string_view neededFor(std::string_view type) {
  for (const auto &[start, what] : kNeeded)
    if (type.starts_with(start))
      return what;
  return "a rule under frontend/import/rules and ops that compute it";
}

struct Unknown {
  int count = 0;
  std::vector<std::string> first; ///< names
  std::string_view needed;

  void add(const std::string &name) {
    constexpr std::size_t kNamed = 3;
    if (++count <= static_cast<int>(kNamed))
      first.push_back("'" + name + "'");
  }
};

} // namespace

void refuseUnknownOps(const NodeGraph &nodes, const std::vector<bool> &leftOut,
                      const std::string &source) {
  std::map<std::string, Unknown> unknown;
  for (int i = 0; i < nodes.size(); ++i) {
    if (leftOut[static_cast<std::size_t>(i)])
      continue;
    const Node &node = nodes[i];
    if (!importRules().contains(node.type())) {
      Unknown &entry = unknown[node.type()];
      entry.needed = neededFor(node.type());
      entry.add(node.name());
      continue;
    }
    for (const char *attribute : {"T", "dtype", "SrcT", "DstT"}) {
      const auto found = node.def->attr().find(attribute);
      if (found == node.def->attr().end() ||
          found->second.value_case() != proto::AttrValue::kType || dtypeOf(found->second.type()))
        continue;
      const proto::DataType dtype = found->second.type();
      // Constants of strings are summaries' tags.
      if (dtype == proto::DT_RESOURCE || (dtype == proto::DT_STRING && node.type() == "Const"))
        continue;
      Unknown &entry = unknown[fmt::format("{} of {}", node.type(), dtypeName(dtype))];
      entry.needed = "another dtype: float32, float64, int32, int64, bool or uint8";
      entry.add(node.name());
      break;
    }
  }
  if (unknown.empty())
    return;
  std::string message = fmt::format("{} has op types or dtypes that graphc does not know:", source);
  for (const auto &[what, entry] : unknown)
    message += fmt::format("\n  {}: {} node{} ({}{}); needs {}", what, entry.count,
                           entry.count == 1 ? "" : "s", fmt::join(entry.first, ", "),
                           entry.count > static_cast<int>(entry.first.size()) ? ", ..." : "",
                           entry.needed);
  throw Error(Code::unimplemented, message);
}

} // namespace graphc::importing

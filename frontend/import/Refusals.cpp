#include "frontend/import/Refusals.h"

#include <map>
#include <set>

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

constexpr const char *kDataflow =
    "loops and branches of a form that is known: see frontend/import/DataflowControl.h";

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
    {"Enter", kDataflow},
    {"Exit", kDataflow},
    {"Merge", kDataflow},
    {"NextIteration", kDataflow},
    {"LoopCond", kDataflow},
    {"Switch", kDataflow},
    {"RefSwitch", kDataflow},
    {"RefMerge", kDataflow},
    {"Stack", "gradients that TensorFlow spelled out, read as a request: see "
              "frontend/import/GradientSections.h"},
    {"TensorArray", "lists of tensors of one shape, as large at the end as at first"},
    {"TensorList", "lists of tensors of one shape, as large at the end as at first"},
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

/// What stands between a graph and its import.
class Refusals {
public:
  explicit Refusals(const FunctionLibrary &functions) : functions_(functions) {}

  /// `source` is what messages call the nodes' graph, `inside` what they stand in: "" or the name
  /// of a function.
  void look(const NodeGraph &nodes, const std::vector<bool> &leftOut, const std::string &source,
            const std::string &inside, const std::vector<bool> &inRegion) {
    for (int i = 0; i < nodes.size(); ++i) {
      if (leftOut[static_cast<std::size_t>(i)])
        continue;
      const Node &node = nodes[i];
      const std::string name =
          inside.empty() ? node.name() : fmt::format("{}' in '{}", node.name(), inside);
      lookAt(node, name, inRegion[static_cast<std::size_t>(i)]);
      for (const FunctionUse &use : functions_.usedBy(node, source)) {
        if (inside.empty())
          functions_.refuseRecursion(use.name);
        lookInto(use, inRegion[static_cast<std::size_t>(i)]);
      }
    }
  }

  void refuse(const std::string &source) const {
    if (unknown_.empty())
      return;
    std::string message =
        fmt::format("{} has op types or dtypes that graphc does not know:", source);
    for (const auto &[what, entry] : unknown_)
      message += fmt::format("\n  {}: {} node{} ({}{}); needs {}", what, entry.count,
                             entry.count == 1 ? "" : "s", fmt::join(entry.first, ", "),
                             entry.count > static_cast<int>(entry.first.size()) ? ", ..." : "",
                             entry.needed);
    throw Error(Code::unimplemented, message);
  }

private:
  void add(const std::string &what, const std::string &name, std::string_view needed) {
    Unknown &entry = unknown_[what];
    entry.needed = needed;
    entry.add(name);
  }

  void lookInto(const FunctionUse &use, bool inRegion) {
    inRegion |= use.isRegion;
    if (!met_.emplace(use.name, inRegion).second)
      return;
    const ImportedFunction &function = functions_.at(use.name);
    const NodeGraph &nodes = *function.nodes;
    std::vector<bool> leftOut(static_cast<std::size_t>(nodes.size()));
    for (int i = 0; i < nodes.size(); ++i)
      leftOut[static_cast<std::size_t>(i)] =
          isLeftOut(nodes[i].type()) || nodes[i].type() == "_Arg";
    look(nodes, leftOut, function.source, use.name, std::vector<bool>(leftOut.size(), inRegion));
  }

  void lookAt(const Node &node, const std::string &name, bool inRegion) {
    if (!importRules().contains(node.type()) && !functions_.contains(node.type()))
      return add(node.type(), name, neededFor(node.type()));
    // A loop's or branch's region is a function of its arguments: what it assigns goes round with
    // them, as whole variables.
    if (inRegion && node.type().find("SparseApply") != std::string::npos)
      return add(node.type() + " in a loop or branch", name,
                 "an update of some rows outside of loops and branches, or of all rows");
    for (const char *attribute : {"T", "dtype", "SrcT", "DstT"}) {
      const auto found = node.def->attr().find(attribute);
      if (found == node.def->attr().end() ||
          found->second.value_case() != proto::AttrValue::kType || dtypeOf(found->second.type()))
        continue;
      const proto::DataType dtype = found->second.type();
      // Constants of strings are summaries' tags; variants are lists of tensors.
      if (dtype == proto::DT_RESOURCE || (dtype == proto::DT_STRING && node.type() == "Const") ||
          (dtype == proto::DT_VARIANT && node.type() == "Identity"))
        continue;
      return add(fmt::format("{} of {}", node.type(), dtypeName(dtype)), name,
                 "another dtype: float32, float64, int32, int64, bool or uint8");
    }
  }

  const FunctionLibrary &functions_;
  std::map<std::string, Unknown> unknown_;
  std::set<std::pair<std::string, bool>> met_; ///< functions, and whether in a region
};

} // namespace

void refuseUnknownOps(const NodeGraph &nodes, const std::vector<bool> &leftOut,
                      const std::vector<int> &inRegions, const FunctionLibrary &functions,
                      const std::string &source) {
  Refusals refusals(functions);
  std::vector<bool> inRegion(leftOut.size());
  for (int node : inRegions)
    inRegion[static_cast<std::size_t>(node)] = true;
  refusals.look(nodes, leftOut, source, "", inRegion);
  refusals.refuse(source);
}

} // namespace graphc::importing

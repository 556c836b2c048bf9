#include "frontend/import/OutputNames.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <vector>

namespace graphc::importing {

namespace {

struct Names {
  std::string_view type;
  std::vector<std::string_view> outputs;
};

/// Op types with more than one output, each a tensor of its own.
const std::vector<Names> &severalOutputs() {
  static const std::vector<Names> table = {
      {"FusedBatchNorm",
       {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"}},
      {"FusedBatchNormV2",
       {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"}},
      {"FusedBatchNormV3",
       {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2",
        "reserve_space_3"}},
      {"Merge", {"output", "value_index"}},
      {"RefMerge", {"output", "value_index"}},
      {"Switch", {"output_false", "output_true"}},
      {"RefSwitch", {"output_false", "output_true"}},
      {"SoftmaxCrossEntropyWithLogits", {"loss", "backprop"}},
      {"SparseSoftmaxCrossEntropyWithLogits", {"loss", "backprop"}},
      {"StatelessRandomGetKeyCounter", {"key", "counter"}},
      {"StatelessRandomGetKeyCounterAlg", {"key", "counter", "alg"}},
      {"TensorArrayConcatV3", {"value", "lengths"}},
      {"TensorArrayV3", {"handle", "flow"}},
      {"TensorListConcat", {"tensor", "lengths"}},
      {"TensorListConcatV2", {"tensor", "lengths"}},
      {"TensorListPopBack", {"output_handle", "tensor"}},
      {"TopK", {"values", "indices"}},
      {"TopKV2", {"values", "indices"}},
      {"Unique", {"y", "idx"}},
      {"UniqueWithCounts", {"y", "idx", "count"}},
  };
  return table;
}

} // namespace

std::optional<int> firstOutput(const proto::NodeDef &node, std::string_view argument) {
  const auto found = std::ranges::find(severalOutputs(), std::string_view(node.op()), &Names::type);
  if (found == severalOutputs().end())
    return 0;
  const auto name = std::ranges::find(found->outputs, argument);
  if (name == found->outputs.end())
    return std::nullopt;
  return static_cast<int>(name - found->outputs.begin());
}

} // namespace graphc::importing

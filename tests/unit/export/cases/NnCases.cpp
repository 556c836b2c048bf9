#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> nnCases() {
  return {
      {R"(%y = graph.softmax %f {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Softmax(f) T=float32
)"},
      {R"(%y = graph.softmax %c {axis = 0 : i64} : (tensor<3x?x4xf32>) -> tensor<3x?x4xf32> loc("y"))",
       R"(
y/perm = Const() int32[3]{2,1,0}
y/transpose = Transpose(c, y/perm) T=float32 Tperm=int32
y/Softmax = Softmax(y/transpose) T=float32
y = Transpose(y/Softmax, y/perm) T=float32 Tperm=int32
)"},
      {R"(%y = graph.log_softmax %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = LogSoftmax(f) T=float32
)"},
      {R"(%y:2 = graph.softmax_cross_entropy_with_logits %f, %g : (tensor<?x4xf32>, tensor<?x4xf32>) -> (tensor<?xf32>, tensor<?x4xf32>) loc("y"))",
       R"(
y = SoftmaxCrossEntropyWithLogits(f, g) T=float32
)"},
      {R"(%y:2 = graph.softmax_cross_entropy_with_logits %c, %c : (tensor<3x?x4xf32>, tensor<3x?x4xf32>) -> (tensor<3x?xf32>, tensor<3x?x4xf32>) loc("y"))",
       R"(
y/rows = Const() int32[2]{-1,4}
y/logits = Reshape(c, y/rows) T=float32 Tshape=int32
y/labels = Reshape(c, y/rows) T=float32 Tshape=int32
y/SoftmaxCrossEntropyWithLogits = SoftmaxCrossEntropyWithLogits(y/logits, y/labels) T=float32
y/Shape = Shape(c) T=float32 out_type=int32
y/Slice/begin = Const() int32[1]{0}
y/Slice/size = Const() int32[1]{2}
y/Slice = Slice(y/Shape, y/Slice/begin, y/Slice/size) Index=int32 T=int32
y/loss = Reshape(y/SoftmaxCrossEntropyWithLogits, y/Slice) T=float32 Tshape=int32
y/backprop = Reshape(y/SoftmaxCrossEntropyWithLogits:1, y/Shape) T=float32 Tshape=int32
y = IdentityN(y/loss, y/backprop) T=[float32,float32]
)"},
      {R"(%y:2 = graph.sparse_softmax_cross_entropy_with_logits %f, %q : (tensor<?x4xf32>, tensor<?xi64>) -> (tensor<?xf32>, tensor<?x4xf32>) loc("y"))",
       R"(
y = SparseSoftmaxCrossEntropyWithLogits(f, q) T=float32 Tlabels=int64
)"},
  };
}

} // namespace graphc::test

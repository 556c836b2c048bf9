#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> nnCases() {
  return {
      oneOp("softmax %f {axis = 1 : i64}", {"?x4xf32"}, {"y = Softmax(f) T=float32"}),
      oneOp("softmax %c {axis = 0 : i64}", {"3x?x4xf32"},
            {"y/perm = Const() int32[3]{2,1,0}",
             "y/transpose = Transpose(c, y/perm) T=float32 Tperm=int32",
             "y/Softmax = Softmax(y/transpose) T=float32",
             "y = Transpose(y/Softmax, y/perm) T=float32 Tperm=int32"}),
      oneOp("log_softmax %f", {"?x4xf32"}, {"y = LogSoftmax(f) T=float32"}),
      oneOp("softmax_cross_entropy_with_logits %f, %g", {"?xf32", "?x4xf32"},
            {"y = SoftmaxCrossEntropyWithLogits(f, g) T=float32"}),
      oneOp("softmax_cross_entropy_with_logits %c, %c", {"3x?xf32", "3x?x4xf32"},
            {"y/rows = Const() int32[2]{-1,4}",
             "y/logits = Reshape(c, y/rows) T=float32 Tshape=int32",
             "y/labels = Reshape(c, y/rows) T=float32 Tshape=int32",
             "y/SoftmaxCrossEntropyWithLogits = SoftmaxCrossEntropyWithLogits(y/logits, y/labels) "
             "T=float32",
             "y/Shape = Shape(c) T=float32 out_type=int32", "y/Slice/begin = Const() int32[1]{0}",
             "y/Slice/size = Const() int32[1]{2}",
             "y/Slice = Slice(y/Shape, y/Slice/begin, y/Slice/size) Index=int32 T=int32",
             "y/loss = Reshape(y/SoftmaxCrossEntropyWithLogits, y/Slice) T=float32 Tshape=int32",
             "y/backprop = Reshape(y/SoftmaxCrossEntropyWithLogits:1, y/Shape) T=float32 "
             "Tshape=int32",
             "y = IdentityN(y/loss, y/backprop) T=[float32,float32]"}),
      oneOp("sparse_softmax_cross_entropy_with_logits %f, %q", {"?xf32", "?x4xf32"},
            {"y = SparseSoftmaxCrossEntropyWithLogits(f, q) T=float32 Tlabels=int64"}),
  };
}

} // namespace graphc::test

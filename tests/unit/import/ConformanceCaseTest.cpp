// A case passes where everything agrees, and says what does not.
#include "tools/graphc/ConformanceCase.h"

#include <limits>

#include "runtime/NpyFile.h"
#include "tests/unit/import/GraphText.h"

namespace graphc::test {
namespace {

class ConformanceCases : public FolderTest {
protected:
  /// y = x * x of [1, 2, 3], with what is expected of it.
  std::string check(const Tensor &y, const Tensor &gradient) {
    writeText(folder / "graph.pbtxt",
              placeholder("x", "dim { size: -1 }") + node("y", "Mul", {"x", "x"}) +
                  constant("axis", "dtype: DT_INT32 tensor_shape { dim { size: 1 } } int_val: 0") +
                  node("loss", "Sum", {"y", "axis"}));
    writeText(folder / "case.json", R"({"feeds": {"x:0": "x.npy"}, "fetches": {"y:0": "y.npy"},
      "rtol": 1e-4, "atol": 1e-5, "gradients": {"of": "loss:0", "with_respect_to": {"x:0": "dx.npy"}}})");
    write_npy(folder / "x.npy", Tensor::of<float>({3}, {1, 2, 3}));
    write_npy(folder / "y.npy", y);
    write_npy(folder / "dx.npy", gradient);
    return tools::whyNotConforming(folder);
  }
  const Tensor y = Tensor::of<float>({3}, {1, 4, 9});
  const Tensor dx = Tensor::of<float>({3}, {2, 4, 6});
};

TEST_F(ConformanceCases, Agree) { EXPECT_EQ(check(y, dx), ""); }

TEST_F(ConformanceCases, OtherValues) {
  EXPECT_EQ(check(Tensor::of<float>({3}, {1, 4, 9.1f}), dx), "y:0: element 2: expected 9.1, got 9");
  EXPECT_EQ(check(y, Tensor::of<float>({3}, {2, 4, 7})),
            "the gradient by x:0: element 2: expected 7, got 6");
}

TEST_F(ConformanceCases, OtherTypes) {
  EXPECT_EQ(check(Tensor::of<double>({3}, {1, 4, 9}), dx),
            "y:0: expected float64[3], got float32[3]");
  EXPECT_EQ(check(Tensor::of<float>({1, 3}, {1, 4, 9}), dx),
            "y:0: expected float32[1,3], got float32[3]");
}

TEST(ConformanceDifference, NansAndInfinities) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  const Tensor a = Tensor::of<float>({2}, {nan, inf});
  EXPECT_EQ(tools::describeDifference(a, a, 0, 0), "");
  EXPECT_EQ(tools::describeDifference(Tensor::of<float>({2}, {nan, 1}), a, 1, 1),
            "element 1: expected inf, got 1");
  EXPECT_EQ(tools::describeDifference(Tensor::of<float>({2}, {0, inf}), a, 1, 1),
            "element 0: expected nan, got 0");
}

} // namespace
} // namespace graphc::test

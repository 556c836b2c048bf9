// Loops that are no recurrences, and branches, in TensorFlow 1's dataflow form.
#include "tests/unit/import/FunctionText.h"
#include "tests/unit/import/LoopText.h"

namespace graphc::test {
namespace {

std::string vectorX() { return placeholder("x", "dim { size: 2 }"); }

class DataflowControl : public ImportTest {
protected:
  /// y and d sum(y) / d x at [2, 3].
  std::pair<std::vector<float>, std::vector<float>> valueAndGradient(const std::string &y) {
    const Output value = graph.get_tensor_by_name(y);
    const Output dx = gradients({value}, {graph.get_tensor_by_name("x:0")}).front();
    Session session(graph);
    const auto out = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {value, dx});
    const auto list = [](const Tensor &t) {
      return std::vector<float>(t.values<float>().begin(), t.values<float>().end());
    };
    return {list(out[0]), list(out[1])};
  }
};
using Floats = std::vector<float>;

/// y *= x while sum(y) < 50: twice from [2, 3].
std::string power() {
  LoopText loop("w", "w/less");
  loop.variable("y", "x", "w/mul")
      .constant("x", "x")
      .constant("axis", "axis")
      .constant("limit", "limit");
  loop += node("w/sum", "Sum", {"w/y/Merge", "w/axis"}) +
          node("w/less", "Less", {"w/sum", "w/limit"}) +
          node("w/mul", "Mul", {"w/y/Identity", "w/x"});
  return vectorX() + integer("axis", 0) + number("limit", "50") + loop.text();
}

TEST_F(DataflowControl, LoopsUntilAConditionOfValues) {
  importText(power());
  EXPECT_EQ(graph.get_operation_by_name("w").type(), "while");
  EXPECT_EQ(graph.verify(), "");
  // Sums 5, 13, 35, 97.
  const auto [y, dx] = valueAndGradient("w/y/Exit:0");
  EXPECT_EQ(y, (Floats{16, 81}));
  EXPECT_EQ(dx, (Floats{32, 108}));
}

TEST_F(DataflowControl, ReplacedInputsOfALoop) {
  const Output mine = graph.placeholder(float32, {2}, "mine");
  importText(power(), {.prefix = "net", .input_map = {{"x", mine}}});
  Session session(graph);
  const auto out = session.run({{mine, Tensor::of<float>({2}, {2, 3})}}, {"net/w/y/Exit:0"});
  EXPECT_EQ(out[0].values<float>()[1], 81);
}

/// out[i] = (i-th row of a table) * s, s += out[i], backwards from row 2: an array that is written
/// from its end is no output of a recurrence.
TEST_F(DataflowControl, ArraysWrittenInAnotherOrder) {
  LoopText loop("w", "w/go");
  loop.variable("i", "two", "w/previous")
      .variable("s", "x", "w/sum")
      .variable("flow", "out:1", "w/write");
  loop.constant("minus", "minus").constant("out", "out").constant("zero", "zero");
  loop += node("w/go", "GreaterEqual", {"w/i/Merge", "w/zero"}) +
          node("w/previous", "Add", {"w/i/Identity", "w/minus"}) +
          node("w/sum", "Mul", {"w/s/Identity", "w/s/Identity"}) +
          node("w/write", "TensorArrayWriteV3",
               {"w/out", "w/i/Identity", "w/s/Identity", "w/flow/Identity"});
  importText(vectorX() + integer("two", 2) + integer("three", 3) + integer("zero", 0) +
             integer("one", 1) + integer("minus", -1) +
             node("out", "TensorArrayV3", {"three"}, attribute("dtype", "type: DT_FLOAT")) +
             loop.text() + node("size", "TensorArraySizeV3", {"out", "w/flow/Exit"}) +
             node("range", "Range", {"zero", "size", "one"}) +
             node("all", "TensorArrayGatherV3", {"out", "range", "w/flow/Exit"}));
  const auto [all, dx] = valueAndGradient("all:0");
  EXPECT_EQ(all, (Floats{16, 81, 4, 9, 2, 3}));
  EXPECT_EQ(dx, (Floats{1 + 4 + 32, 1 + 6 + 108}));
}

/// z = sum over i < 2 of (x * 2^j for j < 2): an inner loop that doubles.
TEST_F(DataflowControl, LoopsInLoops) {
  LoopText outer("a", "a/less"), inner("a/b", "a/b/less");
  outer.variable("i", "zero", "a/next").variable("z", "x", "a/sum");
  outer.constant("two", "two").constant("one", "one").constant("zero", "zero");
  outer += node("a/less", "Less", {"a/i/Merge", "a/two"}) +
           node("a/next", "Add", {"a/i/Identity", "a/one"}) +
           node("a/sum", "Add", {"a/z/Identity", "a/b/y/Exit"});
  inner.variable("j", "a/zero", "a/b/next").variable("y", "a/z/Identity", "a/b/add");
  inner.constant("two", "a/two").constant("one", "a/one");
  inner += node("a/b/less", "Less", {"a/b/j/Merge", "a/b/two"}) +
           node("a/b/next", "Add", {"a/b/j/Identity", "a/b/one"}) +
           node("a/b/add", "Add", {"a/b/y/Identity", "a/b/y/Identity"});
  importText(vectorX() + integer("zero", 0) + integer("one", 1) + integer("two", 2) + outer.text() +
             inner.text());
  const auto [z, dx] = valueAndGradient("a/z/Exit:0"); // 5 x, twice
  EXPECT_EQ(z, (Floats{50, 75}));
  EXPECT_EQ(dx, (Floats{25, 25}));
}

/// y = x * x where `pred`, else x + k; the names as tf.cond makes them.
std::string branches(const std::string &scope, const std::string &pred, const std::string &x,
                     const std::string &k) {
  const std::string s = scope + "/", id = s + "pred_id";
  return node(id, "Identity", {pred.c_str()}) +
         node(s + "Switch", "Switch", {pred.c_str(), pred.c_str()}) +
         node(s + "switch_t", "Identity", {(s + "Switch:1").c_str()}) +
         node(s + "square/Switch", "Switch", {x.c_str(), id.c_str()}) +
         node(s + "square", "Square", {(s + "square/Switch:1").c_str()}) +
         node(s + "add/Switch", "Switch", {x.c_str(), id.c_str()}) +
         node(s + "add/k", "Switch", {k.c_str(), id.c_str()}) +
         node(s + "add", "Add", {(s + "add/Switch").c_str(), (s + "add/k").c_str()}) +
         node(s + "Merge", "Merge", {(s + "add").c_str(), (s + "square").c_str()});
}
std::string scalarS() {
  return node("s", "Placeholder", {},
              attribute("dtype", "type: DT_INT32") + attribute("shape", "shape {}")) +
         integer("zero", 0) + node("positive", "Greater", {"s", "zero"});
}

TEST_F(DataflowControl, Branches) {
  importText(vectorX() + scalarS() + number("k", "5") + branches("cond", "positive", "x", "k"));
  EXPECT_EQ(graph.get_operation_by_name("cond").type(), "cond");
  const Output dx =
      gradients({graph.get_tensor_by_name("cond/Merge:0")}, {graph.get_tensor_by_name("x:0")})
          .front();
  Session session(graph);
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  const auto yes = session.run({{"x", x}, {"s", Tensor(1)}}, {"cond/Merge:0", dx.name()});
  EXPECT_EQ(yes[0].values<float>()[1], 9);
  EXPECT_EQ(yes[1].values<float>()[1], 6);
  const auto no = session.run({{"x", x}, {"s", Tensor(0)}}, {"cond/Merge:0", dx.name()});
  EXPECT_EQ(no[0].values<float>()[1], 8);
  EXPECT_EQ(no[1].values<float>()[1], 1);
}

TEST_F(DataflowControl, WhichInputAMergeHasPassedOn) {
  importText(vectorX() + scalarS() + number("k", "5") + branches("cond", "positive", "x", "k") +
             integer("ten", 10) + node("number", "Add", {"cond/Merge:1", "ten"}));
  Session session(graph);
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  for (int s : {0, 1}) {
    const auto out =
        session.run({{"x", x}, {"s", Tensor(s)}}, {"number:0", "cond/Merge:1", "cond/Merge:0"});
    EXPECT_EQ(out[0].scalar<std::int32_t>(), 10 + s);
    EXPECT_EQ(out[1].scalar<std::int32_t>(), s);
    EXPECT_EQ(out[2].values<float>()[0], s == 1 ? 4 : 7);
  }
}

/// Only one of two updates runs: that of the branch that is taken.
TEST_F(DataflowControl, VariablesAreAssignedInABranch) {
  importText(vectorX() + scalarS() + resourceVariable() +
             node("cond/pred_id", "Identity", {"positive"}) +
             node("cond/x", "Switch", {"x", "cond/pred_id"}) +
             node("cond/v", "Switch", {"v", "cond/pred_id"}) +
             node("cond/grow", "AssignAddVariableOp", {"cond/v:1", "cond/x:1"}) +
             node("cond/t", "Identity", {"cond/x:1", "^cond/grow"}) +
             node("cond/f", "ReadVariableOp", {"cond/v"}) +
             node("cond/Merge", "Merge", {"cond/f", "cond/t"}));
  Session session(graph);
  session.run("init");
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  EXPECT_EQ(session.run({{"x", x}, {"s", Tensor(0)}}, "cond/Merge:0")[0].values<float>()[0], 10);
  EXPECT_EQ(session.run("now:0")[0].values<float>()[0], 10);
  EXPECT_EQ(session.run({{"x", x}, {"s", Tensor(1)}}, "cond/Merge:0")[0].values<float>()[0], 2);
  EXPECT_EQ(session.run("now:0")[0].values<float>()[0], 12);
}

/// Three times: y * y while i < 1, else y + 1.
TEST_F(DataflowControl, BranchesInLoops) {
  LoopText loop("w", "w/less");
  loop.variable("i", "zero", "w/next").variable("y", "x", "w/cond/Merge");
  loop.constant("three", "three").constant("one", "one").constant("k", "k");
  loop += node("w/less", "Less", {"w/i/Merge", "w/three"}) +
          node("w/next", "Add", {"w/i/Identity", "w/one"}) +
          node("w/first", "Less", {"w/i/Identity", "w/one"}) +
          branches("w/cond", "w/first", "w/y/Identity", "w/k");
  importText(vectorX() + integer("zero", 0) + integer("one", 1) + integer("three", 3) +
             number("k", "1") + loop.text());
  const auto [y, dx] = valueAndGradient("w/y/Exit:0");
  EXPECT_EQ(y, (Floats{6, 11}));
  EXPECT_EQ(dx, (Floats{4, 6}));
}

TEST_F(DataflowControl, LoopsInBranches) {
  LoopText loop("c/w", "c/w/less");
  loop.variable("i", "c/zero", "c/w/next").variable("y", "c/x:1", "c/w/mul");
  loop.constant("two", "c/two").constant("one", "c/one").constant("x", "c/x:1");
  loop += node("c/w/less", "Less", {"c/w/i/Merge", "c/w/two"}) +
          node("c/w/next", "Add", {"c/w/i/Identity", "c/w/one"}) +
          node("c/w/mul", "Mul", {"c/w/y/Identity", "c/w/x"});
  const auto pinned = [](const std::string &name, int value) {
    return node("c/" + name, "Const", {"^c/switch_t"},
                attribute("value", "tensor { dtype: DT_INT32 tensor_shape {} int_val: " +
                                       std::to_string(value) + " }"));
  };
  importText(vectorX() + scalarS() + node("c/pred_id", "Identity", {"positive"}) +
             node("c/Switch", "Switch", {"positive", "c/pred_id"}) +
             node("c/switch_t", "Identity", {"c/Switch:1"}) + pinned("zero", 0) + pinned("one", 1) +
             pinned("two", 2) + node("c/x", "Switch", {"x", "c/pred_id"}) + loop.text() +
             node("c/neg", "Neg", {"c/x"}) + node("c/Merge", "Merge", {"c/neg", "c/w/y/Exit"}));
  Session session(graph);
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  EXPECT_EQ(session.run({{"x", x}, {"s", Tensor(1)}}, "c/Merge:0")[0].values<float>()[1], 27);
  EXPECT_EQ(session.run({{"x", x}, {"s", Tensor(0)}}, "c/Merge:0")[0].values<float>()[1], -3);
}

//===--- What is refused ----------------------------------------------------------------------===//

TEST_F(DataflowControl, UnknownOpsInALoopAreListed) {
  LoopText loop("w", "w/less");
  loop.variable("y", "x", "w/odd").constant("axis", "axis").constant("limit", "limit");
  loop += node("w/sum", "Sum", {"w/y/Merge", "w/axis"}) +
          node("w/less", "Less", {"w/sum", "w/limit"}) + node("w/odd", "Bessel", {"w/y/Identity"});
  EXPECT_EQ(errorOf(vectorX() + integer("axis", 0) + number("limit", "50") + loop.text()),
            " has op types or dtypes that graphc does not know:\n"
            "  Bessel: 1 node ('w/odd'); needs a rule under frontend/import/rules and ops that "
            "compute it");
}

TEST_F(DataflowControl, WhetherALoopHasBegunIsNotAsked) {
  LoopText loop("w", "w/less");
  loop.variable("y", "x", "w/odd").constant("axis", "axis").constant("limit", "limit");
  loop += node("w/sum", "Sum", {"w/y/Merge", "w/axis"}) +
          node("w/begun", "Cast", {"w/y/Merge:1"},
               attribute("SrcT", "type: DT_INT32") + attribute("DstT", "type: DT_FLOAT")) +
          node("w/all", "Add", {"w/sum", "w/begun"}) +
          node("w/less", "Less", {"w/all", "w/limit"}) +
          node("w/odd", "Add", {"w/y/Identity", "w/y/Identity"});
  EXPECT_EQ(errorOf(vectorX() + integer("axis", 0) + number("limit", "50") + loop.text()),
            ": node 'w/begun' (Cast): input 0 is output 1 of node 'w/y/Merge' (Merge), which has "
            "1");
}

TEST_F(DataflowControl, ALoopCannotNeedItsOwnResult) {
  LoopText loop("w", "w/less");
  loop.variable("y", "x", "w/odd").constant("axis", "axis").constant("limit", "limit");
  loop += node("w/sum", "Sum", {"w/y/Merge", "w/axis"}) +
          node("w/less", "Less", {"w/sum", "w/limit"}) +
          node("w/odd", "Add", {"w/y/Identity", "w/y/Exit"});
  EXPECT_EQ(errorOf(vectorX() + integer("axis", 0) + number("limit", "50") + loop.text()),
            ": 'w' needs its own result, by node 'w/y/Exit' (Exit)");
}

/// `depth` loops, each in the body of the one before it, in which y is doubled.
std::string loopsInEachOther(int depth) {
  std::string text, outside;
  for (int k = 0; k < depth; ++k) {
    const std::string name = "w" + std::to_string(k), inner = "w" + std::to_string(k + 1);
    LoopText loop(name, name + "/less");
    loop.variable("y", k == 0 ? "x" : outside + "y/Identity",
                  k + 1 < depth ? inner + "/y/Exit" : name + "/double");
    loop.constant("axis", outside + "axis").constant("limit", outside + "limit");
    loop += node(name + "/sum", "Sum", {(name + "/y/Merge").c_str(), (name + "/axis").c_str()}) +
            node(name + "/less", "Less", {(name + "/sum").c_str(), (name + "/limit").c_str()});
    outside = name + "/";
    text += loop.text();
  }
  const std::string y = outside + "y/Identity";
  return vectorX() + integer("axis", 0) + number("limit", "50") + text +
         node(outside + "double", "Add", {y.c_str(), y.c_str()});
}

TEST_F(DataflowControl, LoopsTooDeepInEachOther) {
  EXPECT_EQ(errorOf(loopsInEachOther(201)),
            ": loops and branches stand in each other more than 200 deep");
  importText(loopsInEachOther(200));
  EXPECT_EQ(graph.get_operation_by_name("w0").type(), "while");
  EXPECT_EQ(graph.verify(), "");
}

TEST_F(DataflowControl, BranchesThatDoNotFitAreListed) {
  // Both inputs of the Merge come from the same side.
  EXPECT_EQ(errorOf(vectorX() + scalarS() + node("a", "Switch", {"x", "positive"}) +
                    node("m", "Merge", {"a:1", "a:1"})),
            " has op types or dtypes that graphc does not know:\n"
            "  Merge: 1 node ('m'); needs loops and branches of a form that is known: see "
            "frontend/import/DataflowControl.h\n"
            "  Switch: 1 node ('a'); needs loops and branches of a form that is known: see "
            "frontend/import/DataflowControl.h");
}

} // namespace
} // namespace graphc::test

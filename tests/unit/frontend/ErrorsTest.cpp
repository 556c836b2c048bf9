// The exact messages of wrong programs, with the op and the user's line.
#include "FrontendTesting.h"

namespace {

struct Errors : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  gc::Output n = g.placeholder(gc::int32, {3}, "n");

  template <typename Build> std::string messageOf(Build build) {
    return errorFrom(build).message();
  }
};

TEST_F(Errors, NameOpScopeAndLine) {
  auto scope = g.name_scope("model");
  std::uint32_t line = 0;
  const gc::Error error = errorFrom([&] {
    line = __LINE__ + 1;
    gc::matmul(x, gc::ones(g, {3, 2}), {.name = "product"});
  });
  EXPECT_EQ(error.code(), gc::Code::invalid_argument);
  EXPECT_EQ(error.op_name(), "model/product");
  EXPECT_EQ(error.scope(), "model");
  EXPECT_EQ(error.where().line, line);
  EXPECT_THAT(error.where().file, testing::EndsWith("ErrorsTest.cpp"));
  EXPECT_THAT(error.message(), testing::HasSubstr("matmul expects"));
}

TEST_F(Errors, OfOperatorsNameTheLineToo) {
  const gc::Error error = errorFrom([&] { x + n; });
  EXPECT_EQ(error.op_name(), "add");
  EXPECT_EQ(error.where().line, static_cast<std::uint32_t>(__LINE__ - 2));
}

TEST_F(Errors, OfAxes) {
  EXPECT_EQ(messageOf([&] { gc::reduce_sum(x, 2); }), "expected an axis in [-2, 2), got 2");
  EXPECT_EQ(messageOf([&] { gc::reduce_sum(x, {0, -2}); }), "expected different axes, got 0 twice");
  EXPECT_EQ(messageOf([&] { gc::expand_dims(x, -4); }), "expected an axis in [-3, 3), got -4");
  EXPECT_EQ(messageOf([&] { gc::concat({x, x}, 2); }), "expected an axis in [-2, 2), got 2");
  EXPECT_EQ(messageOf([&] { gc::argmax(x, 5); }), "expected an axis in [-2, 2), got 5");
  EXPECT_EQ(messageOf([&] { gc::transpose(g.placeholder(gc::float32)); }),
            "expected a tensor of known rank to reverse the axes of, got an unknown one");
}

TEST_F(Errors, OfSplitting) {
  EXPECT_EQ(messageOf([&] { gc::split(x, 3, 1); }),
            "expected an extent divisible by 3 along axis 1, got [?,4]");
  EXPECT_EQ(messageOf([&] { gc::split(x, 0, 1); }), "expected a positive number of parts, got 0");
  EXPECT_EQ(messageOf([&] { gc::split(x, std::vector<std::int64_t>{}, 1); }),
            "expected at least one size, got none");
  EXPECT_EQ(messageOf([&] { gc::unstack(x); }),
            "expected a known extent along axis 0 or a number of parts, got [?,4]");
}

TEST_F(Errors, OfNumbers) {
  EXPECT_EQ(messageOf([&] { n + 0.5f; }), "expected int32, got the number 0.5");
  EXPECT_EQ(messageOf([&] { x + true; }), "expected float32, got the number true");
  EXPECT_EQ(messageOf([&] { gc::add(1, 2); }),
            "'add' of numbers alone belongs to no graph: make one of them a constant of a graph");
}

TEST_F(Errors, OfEmptyAndForeignTensors) {
  EXPECT_EQ(messageOf([&] { gc::tanh(gc::Output()); }),
            "an operand of 'tanh' is empty: expected a tensor");
  EXPECT_EQ(messageOf([&] { gc::add(x, gc::Output()); }), "operand 1 is empty: expected a tensor");
  gc::Graph other;
  auto y = other.placeholder(gc::float32, {4}, "y");
  EXPECT_EQ(messageOf([&] { x + y; }), "operand 1, 'y:0', belongs to another graph");
  EXPECT_EQ(messageOf([&] { gc::concat({}, 0); }),
            "'concat' expects at least one operand, got none");
}

TEST_F(Errors, OfNames) {
  EXPECT_EQ(messageOf([&] { gc::tanh(x, "a b"); }), "'a b' is not a valid op name");
  EXPECT_EQ(messageOf([&] { gc::tanh(x, "_a"); }), "'_a' is not a valid op name");
  EXPECT_EQ(messageOf([&] { auto scope = g.name_scope("a:b"); }),
            "'a:b' is not a valid scope name");
  auto scope = g.name_scope("ok");
  EXPECT_EQ(gc::tanh(x, "_a").name(), "ok/_a:0");
}

TEST_F(Errors, OfLookingUp) {
  const gc::Error error = errorFrom([&] { g.get_tensor_by_name("nope:0"); });
  EXPECT_EQ(error.code(), gc::Code::not_found);
  EXPECT_EQ(error.message(), "the name 'nope:0' refers to a tensor that does not exist: the "
                             "operation 'nope' is not in the graph");
  EXPECT_EQ(
      messageOf([&] { g.get_tensor_by_name("x:1"); }),
      "the name 'x:1' refers to a tensor that does not exist: the operation 'x' has 1 outputs");
  EXPECT_EQ(messageOf([&] { g.get_tensor_by_name("x"); }),
            "the name 'x' is not a tensor's: expected '<op name>:<output index>'");
  EXPECT_EQ(messageOf([&] { g.get_operation_by_name("nope"); }),
            "the name 'nope' refers to an operation that is not in the graph");
  EXPECT_EQ(messageOf([&] { g.get_operation_by_name("x:0"); }),
            "the name 'x:0' looks like a tensor's: expected an op's, without ':'");
  EXPECT_EQ(messageOf([&] { x.op().output(1); }), "output 1 of an op with 1 outputs");
}

TEST_F(Errors, OfDropout) {
  EXPECT_EQ(messageOf([&] { gc::nn::dropout(x, 0.f); }),
            "expected a keep_prob in (0, 1], got 0.000000");
  EXPECT_EQ(messageOf([&] { gc::nn::dropout(n, 0.5f); }),
            "expected a floating-point tensor, got int32");
  EXPECT_EQ(
      messageOf([&] { gc::rnn::DropoutWrapper(gc::rnn::GRUCell(3), {.output_keep_prob = 1.5}); }),
      "expected a keep probability in (0, 1], got 1.500000");
}

TEST_F(Errors, OfDense) {
  EXPECT_EQ(messageOf([&] { gc::layers::dense(g.placeholder(gc::float32, {3, gc::none}), 2); }),
            "expected inputs of at least two axes and a known last extent, got [3,?]");
}

TEST_F(Errors, OfControlInputs) {
  EXPECT_EQ(messageOf([&] { g.group({gc::Operation()}); }),
            "a control dependency is empty: expected an op or a tensor");
  EXPECT_EQ(messageOf([&] { gc::group({}); }), "'group' expects at least one operation, got none");
}

TEST_F(Errors, LeaveTheGraphUsable) {
  errorFrom([&] { x + n; });
  {
    auto scope = g.name_scope("a");
    errorFrom([&] { gc::layers::dense(n, 2, {.name = "d"}); });
    EXPECT_EQ(gc::tanh(x).name(), "a/Tanh:0");
  }
  EXPECT_EQ(gc::tanh(x).name(), "Tanh:0");
  EXPECT_EQ(g.verify(), "");
}

} // namespace

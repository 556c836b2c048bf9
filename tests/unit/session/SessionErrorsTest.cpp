// Wrong input gives an error that says what was expected and what came; variables stay as they
// were.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <graphc/graphc.h>

#include "tests/unit/ErrorTesting.h"

namespace gc = graphc;
using gc::test::errorFrom;

namespace {

class SessionErrors : public testing::Test {
protected:
  SessionErrors() {
    x_line = __LINE__ + 1;
    x = g.placeholder(gc::float32, {gc::none, 3}, "x");
    v = g.get_variable("v", gc::Shape{3}, {.initializer = gc::initializers::ones()});
    update = v.assign_add(gc::reduce_sum(x, 0));
  }

  gc::Error runError(const std::vector<gc::Feed> &feeds, const gc::Fetches &fetches) {
    gc::Session session(g);
    session.run(g.global_variables_initializer());
    const gc::Tensor before = session.variable("v");
    gc::Error error = errorFrom([&] { session.run(feeds, fetches); });
    EXPECT_TRUE(session.variable("v").identical_to(before));
    // The session goes on to work.
    session.run({{x, gc::Tensor::zeros(gc::float32, {1, 3})}}, update);
    EXPECT_TRUE(session.variable("v").identical_to(before));
    return error;
  }

  gc::Graph g;
  std::uint32_t x_line = 0; ///< where x is recorded
  gc::Output x;
  gc::Variable v;
  gc::Output update;
};

TEST_F(SessionErrors, AMissingFeedNamesThePlaceholderAndItsLine) {
  const gc::Error error = runError({}, update);
  EXPECT_EQ(error.code(), gc::Code::invalid_argument);
  EXPECT_EQ(error.message(), "placeholder 'x' (float32[?,3]) must be fed");
  EXPECT_EQ(error.op_name(), "x");
  EXPECT_THAT(error.where().file, testing::EndsWith("SessionErrorsTest.cpp"));
  EXPECT_EQ(error.where().line, x_line);
}

TEST_F(SessionErrors, AFeedOfAnotherDtype) {
  const gc::Error error = runError({{x, gc::Tensor::zeros(gc::float64, {2, 3})}}, update);
  EXPECT_EQ(error.code(), gc::Code::invalid_argument);
  EXPECT_EQ(error.message(), "feed 'x:0' expects float32[?,3], got float64[2,3]");
}

TEST_F(SessionErrors, AFeedOfAnotherShape) {
  EXPECT_EQ(runError({{x, gc::Tensor::zeros(gc::float32, {2, 4})}}, update).message(),
            "feed 'x:0' expects float32[?,3], got float32[2,4]");
  EXPECT_EQ(runError({{x, gc::Tensor::zeros(gc::float32, {3})}}, update).message(),
            "feed 'x:0' expects float32[?,3], got float32[3]");
}

TEST_F(SessionErrors, AnEmptyTensorFed) {
  EXPECT_EQ(runError({{x, gc::Tensor()}}, update).message(), "tensor 'x:0' is fed an empty tensor");
}

TEST_F(SessionErrors, TheSameTensorFedTwice) {
  const gc::Tensor value = gc::Tensor::zeros(gc::float32, {2, 3});
  EXPECT_EQ(runError({{x, value}, {"x", value}}, update).message(), "tensor 'x:0' is fed twice");
}

TEST_F(SessionErrors, UnknownFeedsAndFetches) {
  const gc::Tensor value = gc::Tensor::zeros(gc::float32, {2, 3});
  const std::string no_tensor =
      "the name 'nope:0' refers to a tensor that does not exist: the operation "
      "'nope' is not in the graph";
  EXPECT_EQ(runError({{"nope:0", value}}, update).message(), no_tensor);
  EXPECT_EQ(runError({{x, value}}, "nope:0").message(), no_tensor);
  EXPECT_EQ(runError({{x, value}}, "nope:0").code(), gc::Code::not_found);
  EXPECT_EQ(runError({{x, value}}, "nope").message(),
            "the name 'nope' refers to an operation that is not in the graph");
  EXPECT_EQ(
      runError({{x, value}}, "x:1").message(),
      "the name 'x:1' refers to a tensor that does not exist: the operation 'x' has 1 outputs");
}

TEST_F(SessionErrors, AFetchOfNothing) {
  EXPECT_EQ(runError({}, gc::Fetches({})).message(),
            "nothing is fetched: name at least one tensor or op");
  EXPECT_EQ(runError({}, "").message(), "a fetch is empty: it is no tensor or op of a graph");
}

TEST_F(SessionErrors, AVariableReadBeforeItWasInitialised) {
  gc::Session session(g);
  const gc::Error error = errorFrom([&] { session.run(v); });
  EXPECT_EQ(error.code(), gc::Code::failed_precondition);
  EXPECT_EQ(error.message(), "variable 'v' is read before it was initialised");
}

TEST_F(SessionErrors, SettingAVariableToSomethingElse) {
  gc::Session session(g);
  EXPECT_EQ(errorFrom([&] { session.set_variable("w", gc::Tensor(1.f)); }).message(),
            "there is no variable 'w' in the graph");
  EXPECT_EQ(errorFrom([&] { session.set_variable("v", gc::Tensor(1.f)); }).message(),
            "variable 'v' expects float32[3], got float32[]");
}

TEST_F(SessionErrors, APreparedCallWithTooFewValues) {
  gc::Session session(g);
  gc::Callable call = session.prepare({x}, {update});
  EXPECT_EQ(errorFrom([&] { call({}); }).message(),
            "the prepared call expects 1 values for x:0, got 0");
}

TEST_F(SessionErrors, ExtentsThatFitOnlyOnePartOfTheGraphAreFoundBeforeAnythingRuns) {
  auto a = g.placeholder(gc::float32, {gc::none}, "a");
  auto b = g.placeholder(gc::float32, {gc::none}, "b");
  auto sum = gc::add(a, b, "total");
  const gc::Error error = runError(
      {{a, gc::Tensor::zeros(gc::float32, {2})}, {b, gc::Tensor::zeros(gc::float32, {3})}}, sum);
  EXPECT_EQ(error.code(), gc::Code::invalid_argument);
  EXPECT_EQ(error.op_name(), "total");
  EXPECT_THAT(error.message(),
              testing::AllOf(testing::HasSubstr("float32[2]"), testing::HasSubstr("float32[3]")));
}

TEST_F(SessionErrors, AValueOutOfRangeLeavesVariablesAlone) {
  auto indices = g.placeholder(gc::int32, {gc::none}, "indices");
  auto rows = gc::gather(g.constant(gc::Tensor::of<float>({2}, {1, 2})), indices);
  const gc::Tensor zeros = gc::Tensor::zeros(gc::float32, {1, 3});
  const gc::Error error =
      runError({{x, zeros}, {indices, gc::Tensor::of<std::int32_t>({1}, {5})}}, {update, rows});
  EXPECT_EQ(error.code(), gc::Code::invalid_argument);
  EXPECT_THAT(error.message(), testing::HasSubstr("5"));
}

TEST(SessionDeferredErrors, TheFirstErrorOfBuildingComesFromTheSession) {
  gc::Graph g({.deferred_errors = true});
  auto a = g.placeholder(gc::float32, {2, 3}, "a");
  auto b = g.placeholder(gc::float32, {2, 3}, "b");
  auto product = gc::matmul(a, b, {.name = "product"});
  EXPECT_TRUE(product.is_poisoned());
  gc::Session session(g);
  const gc::Error error =
      errorFrom([&] { session.run({{a, gc::Tensor::zeros(gc::float32, {2, 3})}}, a); });
  EXPECT_EQ(error.op_name(), "product");
  EXPECT_EQ(error.message(),
            "matmul expects the inner extents to agree, got float32[2,3] and float32[2,3]");
}

} // namespace

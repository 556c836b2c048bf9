// Summaries that a session fetches, and the files that FileWriter makes of them.
#include <cmath>

#include <gmock/gmock.h>
#include <graphc/graphc.h>

#include "runtime/files/Crc32c.h"
#include "runtime/protos/event.pb.h"
#include "runtime/protos/graph_def.pb.h"
#include "runtime/summary/Summary.h"
#include "tests/unit/files/FolderTesting.h"

namespace gc = graphc;

namespace graphc::test {
namespace {

class FileWriters : public FolderTest {
protected:
  FileWriters() {
    x = g.placeholder(gc::float32, {gc::none}, "x");
    w = g.get_variable("w", gc::Shape{3}, {.initializer = gc::initializers::ones()});
    loss = gc::reduce_mean(gc::square(x));
    gc::summary::scalar("loss", loss);
    gc::summary::histogram("x_values", x);
    merged = gc::summary::merge_all(g);
    update = w.assign_add(gc::Tensor::of<float>({3}, {1, 2, 3}));
    init = g.global_variables_initializer();
  }

  static gc::Tensor batch(std::initializer_list<float> values) {
    return gc::Tensor::of<float>({static_cast<std::int64_t>(values.size())}, values);
  }

  /// The events of a file, their frames checked.
  static std::vector<proto::Event> eventsOf(const std::string &file) {
    const std::string text = readText(file);
    std::vector<proto::Event> events;
    for (std::size_t at = 0; at < text.size();) {
      std::uint64_t length = 0;
      std::memcpy(&length, text.data() + at, 8);
      const std::string_view record = std::string_view(text).substr(at + 12, length);
      std::uint32_t crc = 0;
      std::memcpy(&crc, text.data() + at + 12 + length, 4);
      EXPECT_EQ(crc, masked_crc32c(record));
      events.emplace_back();
      EXPECT_TRUE(events.back().ParseFromArray(record.data(), static_cast<int>(record.size())));
      at += 12 + length + 4;
    }
    return events;
  }

  gc::Graph g;
  gc::Output x, loss, merged, update;
  gc::Variable w;
  gc::Operation init;
};

TEST_F(FileWriters, FetchedSummariesAreWritten) {
  gc::Session session(g);
  session.run(init);
  gc::summary::FileWriter writer(in("logs/run"), g);
  for (int step = 0; step < 3; ++step)
    writer.add_summary(session.run({{x, batch({1.f * step, 3})}}, {merged, update})[0], step);
  writer.add_summary(gc::summary::scalar_value("accuracy", 0.5f));
  writer.close();
  EXPECT_THAT(writer.file(), testing::StartsWith(in("logs/run/events.out.tfevents.")));

  const std::vector<proto::Event> events = eventsOf(writer.file());
  ASSERT_EQ(events.size(), 6u);
  EXPECT_EQ(events[0].file_version(), "brain.Event:2");
  EXPECT_GT(events[0].wall_time(), 1.6e9);
  proto::GraphDef graph;
  ASSERT_TRUE(graph.ParseFromString(events[1].graph_def()));
  EXPECT_GT(graph.node_size(), 5);
  for (int step = 0; step < 3; ++step) {
    const proto::Event &event = events[static_cast<std::size_t>(2 + step)];
    EXPECT_EQ(event.step(), step);
    ASSERT_EQ(event.summary().value_size(), 2);
    EXPECT_EQ(event.summary().value(0).tag(), "loss");
    EXPECT_FLOAT_EQ(event.summary().value(0).simple_value(), (step * step + 9) / 2.f);
    EXPECT_EQ(event.summary().value(1).tag(), "x_values");
    EXPECT_EQ(event.summary().value(1).histo().sum(), step + 3);
    EXPECT_EQ(event.summary().padding(), "");
  }
  EXPECT_EQ(events[5].summary().value(0).simple_value(), 0.5f);
}

TEST_F(FileWriters, AnotherBatchSizeAnotherBackend) {
  for (gc::Backend backend : {gc::Backend::compiled, gc::Backend::reference}) {
    gc::Session session(g, {.backend = backend});
    for (const gc::Tensor &values : {batch({1}), batch({1, 2, 3, 4, 5, 6, 7})}) {
      const proto::Summary summary = parse_summary(session.run({{x, values}}, merged)[0]);
      EXPECT_EQ(summary.value(1).histo().num(), values.num_elements());
    }
  }
}

TEST_F(FileWriters, AHistogramOfWhatIsNotFiniteStopsTheRun) {
  gc::Session session(g);
  session.run(init);
  const gc::Error error = errorFrom([&] { session.run({{x, batch({1, NAN})}}, {update, merged}); });
  EXPECT_EQ(error.code(), gc::Code::invalid_argument);
  EXPECT_EQ(error.message(), "histogram_summary of 'x_values' expects finite values, got nan");
  EXPECT_EQ(error.op_name(), "x_values");
  EXPECT_EQ(session.variable("w").values<float>()[2], 1);
}

TEST_F(FileWriters, EventsWaitUntilTheyAreEnough) {
  gc::summary::FileWriter writer(folder, {.max_queue = 3, .filename_suffix = ".test"});
  EXPECT_THAT(writer.file(), testing::EndsWith(".test"));
  const gc::Tensor summary = gc::summary::scalar_value("x", 1);
  writer.add_summary(summary, 1);
  writer.add_summary(summary, 2);
  EXPECT_EQ(eventsOf(writer.file()).size(), 1u);
  writer.add_summary(summary, 3);
  EXPECT_EQ(eventsOf(writer.file()).size(), 4u);
  writer.add_summary(summary, 4);
  writer.flush();
  EXPECT_EQ(eventsOf(writer.file()).size(), 5u);
}

TEST_F(FileWriters, TwoInOneSecondHaveFilesOfTheirOwn) {
  gc::summary::FileWriter first(folder), second(folder);
  EXPECT_NE(first.file(), second.file());
  second = gc::summary::FileWriter(folder);
  EXPECT_EQ(names().size(), 3u);
}

/// A node's type in the graph that a file holds; empty where there is no such node.
std::string typeIn(const proto::GraphDef &graph, const std::string &name) {
  for (const proto::NodeDef &node : graph.node())
    if (node.name() == name)
      return node.op();
  return "";
}

TEST_F(FileWriters, DrawWhatTensorFlowHasNoFormOf) {
  // A depthwise convolution with different strides, in a loop.
  using Outputs = std::vector<gc::Output>;
  const auto isBelowThree = [](const Outputs &v) { return gc::less(v[0], 3); };
  const auto image = g.constant(gc::Tensor::zeros(gc::float32, {1, 4, 4, 1}));
  const auto filter = g.constant(gc::Tensor::zeros(gc::float32, {1, 1, 1, 1}));
  const Outputs loop = gc::while_loop(
      isBelowThree,
      [&](const Outputs &v) {
        const auto thinned = gc::nn::depthwise_conv2d(image, filter, {1, 2}, "SAME");
        return Outputs{gc::add(v[0], 1), gc::multiply(v[1], gc::reduce_mean(thinned))};
      },
      {g.constant(gc::Tensor(0)), loss}, {.name = "shrinking"});
  gc::train::GradientDescentOptimizer(0.1f).minimize(
      gc::add(loop[1], gc::reduce_sum(gc::square(w))), {.name = "train"});
  gc::summary::FileWriter writer(folder, g);
  writer.close();
  proto::GraphDef graph;
  ASSERT_TRUE(graph.ParseFromString(eventsOf(writer.file())[1].graph_def()));
  EXPECT_THAT(graph.node(),
              testing::Contains(testing::Property(&proto::NodeDef::op, "depthwise_conv2d")));
  EXPECT_EQ(typeIn(graph, "train/update_w/ApplyGradientDescent"), "ApplyGradientDescent");
  EXPECT_EQ(typeIn(graph, "x"), "Placeholder");
}

TEST_F(FileWriters, WrongUse) {
  gc::summary::FileWriter writer(folder);
  EXPECT_EQ(errorFrom([&] { writer.add_summary(gc::Tensor(1.f)); }).message(),
            "expected a summary, what summary ops give, got float32[] 1");
  writer.close();
  writer.close();
  EXPECT_EQ(errorFrom([&] { writer.add_summary(gc::summary::scalar_value("x", 1)); }).message(),
            "'" + writer.file() + "' is closed");
  writeText(in("file"), "");
  EXPECT_EQ(errorFrom([&] { gc::summary::FileWriter(in("file")); }).message(),
            "cannot make the folder '" + in("file") + "': Not a directory");
}

} // namespace
} // namespace graphc::test

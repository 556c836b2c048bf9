// A process that is killed while it saves leaves the last good checkpoint, whole.
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include <spawn.h>
#include <sys/wait.h>

#include <graphc/graphc.h>

#include "tests/unit/files/FolderTesting.h"

namespace gc = graphc;

namespace graphc::test {
namespace {

class Killed : public FolderTest {
protected:
  /// Runs the writer from value `first` on and kills it some time after its first checkpoint.
  void writeAndKill(float first, std::chrono::microseconds after) {
    std::string arguments[] = {CHECKPOINT_WRITER, folder.string(), std::to_string(first)};
    char *pointers[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(), nullptr};
    pid_t process = 0;
    ASSERT_EQ(posix_spawn(&process, CHECKPOINT_WRITER, nullptr, nullptr, pointers, environ), 0);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while ((latestStep() < first || !gc::train::checkpoint_exists(in("same"))) &&
           std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(after);
    kill(process, SIGKILL);
    int status = 0;
    waitpid(process, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
  }

  /// The number of the latest checkpoint, by its name; -1 where there is none.
  float latestStep() const {
    const auto latest = gc::train::latest_checkpoint(folder);
    return latest ? std::stof(latest->substr(latest->rfind('-') + 1)) : -1;
  }

  /// The value that all elements have; fails the test where they differ.
  float valueIn(const std::string &prefix) const {
    gc::Session session(g);
    saver.restore(session, prefix);
    const float value = session.variable("small").values<float>()[0];
    for (const char *name : {"small", "large"}) {
      const gc::Tensor tensor = session.variable(name);
      for (float element : tensor.values<float>())
        if (element != value) {
          ADD_FAILURE() << prefix << " mixes " << value << " and " << element;
          return value;
        }
    }
    return value;
  }

  gc::Graph g;
  gc::Variable small = g.get_variable("small", gc::Shape{3});
  gc::Variable large = g.get_variable("large", gc::Shape{300, 1000});
  gc::train::Saver saver{g};
};

TEST_F(Killed, LeavesTheLastGoodCheckpoint) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> microseconds(0, 20000);
  float before = 0; // of the checkpoint that is replaced in place
  for (int round = 1; round <= 20; ++round) {
    const float first = 1000.f * static_cast<float>(round);
    writeAndKill(first, std::chrono::microseconds(microseconds(random)));
    if (HasFatalFailure())
      return;
    const auto latest = gc::train::latest_checkpoint(folder);
    ASSERT_TRUE(latest);
    const float value = valueIn(*latest);
    EXPECT_EQ(*latest, in("model-" + std::to_string(static_cast<int>(value))));
    EXPECT_GE(value, first);
    // Replaced in place, after the numbered one: it has its value or the one before.
    const float same = valueIn(in("same"));
    EXPECT_TRUE(same == value || same == (value == first ? before : value - 1))
        << same << " " << value;
    before = same;
  }
}

} // namespace
} // namespace graphc::test

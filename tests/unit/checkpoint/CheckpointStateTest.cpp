#include "runtime/checkpoint/CheckpointState.h"

#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {
namespace {

class CheckpointStates : public FolderTest {};

TEST_F(CheckpointStates, IsWrittenAsTensorFlowWritesIt) {
  write_checkpoint_state(folder, {in("m-2"), {in("m-1"), in("m-2")}});
  EXPECT_EQ(readText(folder / "checkpoint"),
            "model_checkpoint_path: \"" + in("m-2") + "\"\nall_model_checkpoint_paths: \"" +
                in("m-1") + "\"\nall_model_checkpoint_paths: \"" + in("m-2") + "\"\n");
  const auto state = read_checkpoint_state(folder);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->latest, in("m-2"));
  EXPECT_THAT(state->all, testing::ElementsAre(in("m-1"), in("m-2")));
}

TEST_F(CheckpointStates, PathsInARelativeFolderAreRelativeToIt) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  std::filesystem::create_directories("here");
  write_checkpoint_state("here", {"here/m-1", {"here/m-1"}});
  write_checkpoint_state("", {"m", {"m"}});
  EXPECT_EQ(readText("here/checkpoint"),
            "model_checkpoint_path: \"m-1\"\nall_model_checkpoint_paths: \"m-1\"\n");
  EXPECT_EQ(read_checkpoint_state("here")->latest, "here/m-1");
  EXPECT_EQ(read_checkpoint_state("")->latest, "m");
  std::filesystem::current_path(before);
}

TEST_F(CheckpointStates, NamesWithQuotesAndWhatLaterVersionsAdd) {
  const std::string odd = in("a \"b\"\n\\");
  write_checkpoint_state(folder, {odd, {odd}}, "other");
  EXPECT_EQ(read_checkpoint_state(folder, "other")->latest, odd);
  writeText(folder / "checkpoint", "model_checkpoint_path: 'm-1'\n"
                                   "all_model_checkpoint_timestamps: 1.5\nto_come: 7\n");
  EXPECT_EQ(read_checkpoint_state(folder)->latest, in("m-1"));
}

TEST_F(CheckpointStates, NoneAndOneThatIsNone) {
  EXPECT_FALSE(read_checkpoint_state(folder));
  writeText(folder / "checkpoint", "model_checkpoint_path \"m\"\n");
  const Error error = errorFrom([&] { read_checkpoint_state(folder); });
  EXPECT_EQ(error.code(), Code::data_loss);
  EXPECT_EQ(error.message(), "'" + in("checkpoint") +
                                 "' cannot be read as a list of checkpoints: line 1, column 23: "
                                 "Expected \":\", found \"\"m\"\".");
}

} // namespace
} // namespace graphc::test

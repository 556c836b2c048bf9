// TensorFlow's own checkpoints: their tensors are those of the plain arrays beside them, and what
// graphc writes of these tensors is TensorFlow's file, byte for byte.
#include "runtime/NpyFile.h"
#include "runtime/checkpoint/TensorBundle.h"
#include "tests/training/RecordedProgram.h"
#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {
namespace {

namespace fs = std::filesystem;

class RecordedCheckpoints : public FolderTest {};

/// Calls `visit(folder)` for each recorded program with a checkpoint; false where there is none.
template <typename Visit> bool forEachProgram(Visit visit) {
  const auto programs = recordedProgramsFolder();
  bool any = false;
  if (programs)
    for (const fs::directory_entry &entry : fs::directory_iterator(*programs))
      if (fs::exists(entry.path() / "initial.index")) {
        SCOPED_TRACE(entry.path().filename());
        visit(entry.path());
        any = true;
      }
  return any;
}

constexpr const char *kNone =
    "no recorded programs: set GRAPHC_PROGRAMS to the folder of recorded programs";

TEST_F(RecordedCheckpoints, HoldWhatThePlainArraysHold) {
  const bool any = forEachProgram([](const fs::path &program) {
    TensorBundle bundle((program / "initial").string());
    std::size_t arrays = 0;
    for (const fs::directory_entry &file : fs::directory_iterator(program / "variables")) {
      // "/" is "." in files' names.
      std::string name = file.path().stem().string();
      std::ranges::replace(name, '.', '/');
      EXPECT_TRUE(bundle.read(name).identical_to(read_npy(file.path()))) << name;
      ++arrays;
    }
    EXPECT_EQ(bundle.entries().size(), arrays);
  });
  if (!any)
    GTEST_SKIP() << kNone;
}

TEST_F(RecordedCheckpoints, AreWrittenByteForByte) {
  const bool any = forEachProgram([&](const fs::path &program) {
    for (const std::string name : {"initial", "trained"}) {
      TensorBundle bundle((program / name).string());
      std::map<std::string, Tensor> tensors;
      for (const auto &[tensor, entry] : bundle.entries())
        tensors[tensor] = bundle.read(tensor);
      write_tensor_bundle(in("again"), tensors);
      for (const std::string file : {".index", ".data-00000-of-00001"})
        EXPECT_TRUE(readText(in("again" + file)) == readText(program / (name + file)))
            << name << file;
    }
  });
  if (!any)
    GTEST_SKIP() << kNone;
}

} // namespace
} // namespace graphc::test

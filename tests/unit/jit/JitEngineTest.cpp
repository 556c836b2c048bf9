// Kernels in LLVM dialect become functions that can be called, from the cache on disk where it has
// them.
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "ir/Dialects.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Parser/Parser.h"
#include "runtime/Status.h"
#include "runtime/session/JitEngine.h"
#include "tests/unit/jit/TemporaryFolder.h"

namespace fs = std::filesystem;

namespace graphc {
namespace {

// @fill stores @value in the first element of its first buffer.
std::string fillKernel(const std::string &name, const std::string &value) {
  return "llvm.func @" + name +
         "(%buffers: !llvm.ptr, %begin: i64, %end: i64, %scratch: !llvm.ptr, %context: !llvm.ptr) "
         "{\n"
         "  %buffer = llvm.load %buffers : !llvm.ptr -> !llvm.ptr\n"
         "  %value = llvm.mlir.constant(" +
         value +
         " : f32) : f32\n"
         "  llvm.store %value, %buffer : f32, !llvm.ptr\n"
         "  llvm.return\n"
         "}\n";
}

class JitEngineTest : public testing::Test {
protected:
  JitEngineTest() {
    setenv("GRAPHC_KERNEL_CACHE", cacheFolder.c_str(), 1);
    mlir::DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }
  ~JitEngineTest() override { unsetenv("GRAPHC_KERNEL_CACHE"); }

  std::unique_ptr<JitEngine> compile(const std::string &text, const JitOptions &options = {}) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    return JitEngine::compile(*module, options);
  }

  static float call(const JitEngine &engine, const std::string &name) {
    float value = 0;
    void *buffers[] = {&value};
    engine.find(name)(buffers, 0, 1, nullptr, nullptr);
    return value;
  }

  std::vector<fs::path> entries() const {
    if (!fs::exists(cacheFolder))
      return {};
    return {fs::directory_iterator(cacheFolder), fs::directory_iterator()};
  }

  TemporaryFolder temporary;
  fs::path cacheFolder = temporary.path() / "kernels";
  mlir::MLIRContext context;
};

TEST_F(JitEngineTest, FindsKernelsByName) {
  auto engine = compile(fillKernel("one", "1.0") + fillKernel("two", "2.0"));
  EXPECT_EQ(call(*engine, "one"), 1);
  EXPECT_EQ(call(*engine, "two"), 2);
  EXPECT_EQ(engine->find("three"), nullptr);
}

TEST_F(JitEngineTest, EqualKernelsAreOneEntryWhateverTheirNames) {
  compile(fillKernel("one", "1.0") + fillKernel("other", "2.0"));
  EXPECT_EQ(entries().size(), 2u);
  auto engine = compile(fillKernel("first", "1.0") + fillKernel("third", "3.0"));
  EXPECT_EQ(entries().size(), 3u);
  EXPECT_EQ(call(*engine, "first"), 1);
  EXPECT_EQ(call(*engine, "third"), 3);
}

TEST_F(JitEngineTest, OptimisationLevelsHaveEntriesOfTheirOwn) {
  compile(fillKernel("one", "1.0"));
  compile(fillKernel("one", "1.0"), {.optimizationLevel = 1});
  EXPECT_EQ(entries().size(), 2u);
}

TEST_F(JitEngineTest, DamagedEntriesAreCompiledAgain) {
  compile(fillKernel("one", "1.0"));
  const fs::path entry = entries().at(0);
  const auto size = fs::file_size(entry);
  fs::resize_file(entry, size / 2);
  EXPECT_EQ(call(*compile(fillKernel("one", "1.0")), "one"), 1);
  EXPECT_EQ(fs::file_size(entry), size);
}

TEST_F(JitEngineTest, NothingIsKeptWhereTheCacheIsOff) {
  setenv("GRAPHC_KERNEL_CACHE", "off", 1);
  EXPECT_EQ(call(*compile(fillKernel("one", "1.0")), "one"), 1);
  EXPECT_TRUE(entries().empty());
}

TEST_F(JitEngineTest, VectorBitsAre256Or512) {
  setenv("GRAPHC_VECTOR_BITS", "128", 1);
  std::string message;
  try {
    compile(fillKernel("one", "1.0"));
  } catch (const Error &error) {
    message = error.what();
  }
  setenv("GRAPHC_VECTOR_BITS", "256", 1);
  EXPECT_EQ(call(*compile(fillKernel("one", "1.0")), "one"), 1);
  unsetenv("GRAPHC_VECTOR_BITS");
  EXPECT_EQ(message, "INVALID_ARGUMENT: GRAPHC_VECTOR_BITS expects 256 or 512, got '128'");
}

TEST_F(JitEngineTest, OptimisedIrIsThatOfAllKernelsUnderTheirNames) {
  auto engine = compile(fillKernel("one", "1.0") + fillKernel("two", "2.0"), {.keepIr = true});
  EXPECT_NE(engine->optimizedIr().find("void @one("), std::string::npos);
  EXPECT_NE(engine->optimizedIr().find("void @two("), std::string::npos);
}

} // namespace
} // namespace graphc

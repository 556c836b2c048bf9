// Kernels in LLVM dialect become functions that can be called, from the cache on disk where it has
// them.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>

#include "ir/Dialects.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Parser/Parser.h"
#include "runtime/CacheSize.h"
#include "runtime/KernelAttributes.h"
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

// @loop adds one to four vectors of its first buffer, in a loop.
std::string loopKernel(const std::string &attributes) {
  return "llvm.func @loop(%buffers: !llvm.ptr, %begin: i64, %end: i64, %scratch: !llvm.ptr, "
         "%context: !llvm.ptr) " +
         attributes + R"( {
  %buffer = llvm.load %buffers : !llvm.ptr -> !llvm.ptr
  %value = llvm.mlir.constant(dense<1.0> : vector<8xf32>) : vector<8xf32>
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %four = llvm.mlir.constant(4 : i64) : i64
  llvm.br ^body(%zero : i64)
^body(%i: i64):
  %place = llvm.getelementptr %buffer[%i] : (!llvm.ptr, i64) -> !llvm.ptr, vector<8xf32>
  %old = llvm.load %place {alignment = 4 : i64} : !llvm.ptr -> vector<8xf32>
  %sum = llvm.fadd %old, %value : vector<8xf32>
  llvm.store %sum, %place {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr
  %next = llvm.add %i, %one : i64
  %more = llvm.icmp "slt" %next, %four : i64
  llvm.cond_br %more, ^body(%next : i64), ^end
^end:
  llvm.return
})";
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

TEST_F(JitEngineTest, SecondLevelCacheIsAPositiveNumberOfKilobytes) {
  for (const std::string wrong : {"0", "-1", "2M", ""}) {
    setenv("GRAPHC_L2_KB", wrong.c_str(), 1);
    std::string message;
    try {
      compile(fillKernel("one", "1.0"));
    } catch (const Error &error) {
      message = error.what();
    }
    EXPECT_EQ(message, "INVALID_ARGUMENT: GRAPHC_L2_KB expects a positive whole number, got '" +
                           wrong + "'");
  }
  setenv("GRAPHC_L2_KB", "768", 1);
  EXPECT_EQ(call(*compile(fillKernel("one", "1.0")), "one"), 1);
  EXPECT_EQ(secondLevelCacheBytes(), 768 * 1024);
  unsetenv("GRAPHC_L2_KB");
  EXPECT_GT(secondLevelCacheBytes(), 0);
}

TEST_F(JitEngineTest, LoopsAreUnrolledUnlessTheKernelKeepsThem) {
  const auto unrolled = compile(loopKernel(""), {.keepIr = true});
  const auto kept =
      compile(loopKernel("attributes {passthrough = [\"" + std::string(kKeepLoops) + "\"]}"),
              {.keepIr = true});
  EXPECT_EQ(unrolled->optimizedIr().find("br i1"), std::string::npos) << unrolled->optimizedIr();
  EXPECT_NE(kept->optimizedIr().find("br i1"), std::string::npos) << kept->optimizedIr();
  for (const JitEngine *engine : {unrolled.get(), kept.get()}) {
    std::vector<float> values(40, 2);
    void *buffers[] = {values.data()};
    engine->find("loop")(buffers, 0, 1, nullptr, nullptr);
    EXPECT_EQ(std::ranges::count(values, 3.f), 32);
  }
}

TEST_F(JitEngineTest, OptimisedIrIsThatOfAllKernelsUnderTheirNames) {
  auto engine = compile(fillKernel("one", "1.0") + fillKernel("two", "2.0"), {.keepIr = true});
  EXPECT_NE(engine->optimizedIr().find("void @one("), std::string::npos);
  EXPECT_NE(engine->optimizedIr().find("void @two("), std::string::npos);
}

} // namespace
} // namespace graphc

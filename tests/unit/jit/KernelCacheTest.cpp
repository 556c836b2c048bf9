// Entries come back whole or not at all, whoever else uses the folder.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/session/KernelCache.h"
#include "tests/unit/jit/TemporaryFolder.h"

namespace fs = std::filesystem;

namespace graphc {
namespace {

std::string contentOf(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite(const fs::path &path, const std::string &text) {
  std::ofstream(path, std::ios::binary) << text;
}

class KernelCacheTest : public testing::Test {
protected:
  TemporaryFolder temporary;
  fs::path folder = temporary.path() / "new" / "kernels";
  KernelCache cache{folder};
};

TEST_F(KernelCacheTest, FindsWhatWasStored) {
  const std::string bytes("with \0 inside", 13);
  EXPECT_EQ(cache.find("abc"), std::nullopt);
  cache.store("abc", bytes);
  EXPECT_EQ(cache.find("abc"), bytes);
  EXPECT_EQ(KernelCache(folder).find("abc"), bytes);
  EXPECT_EQ(cache.find("abd"), std::nullopt);
  cache.store("abc", "other");
  EXPECT_EQ(cache.find("abc"), "other");
}

TEST_F(KernelCacheTest, TheFolderIsForItsUserAlone) {
  cache.store("abc", "bytes");
  EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
}

TEST_F(KernelCacheTest, AFolderThatOthersMayWriteToIsNotUsed) {
  cache.store("abc", "bytes");
  fs::permissions(folder, fs::perms::owner_all | fs::perms::others_write);
  EXPECT_EQ(cache.find("abc"), std::nullopt);
  cache.store("def", "bytes");
  EXPECT_FALSE(fs::exists(folder / "def"));
}

TEST_F(KernelCacheTest, ALinkToAFolderIsNotUsed) {
  cache.store("abc", "bytes");
  fs::create_directory_symlink(folder, temporary.path() / "link");
  EXPECT_EQ(KernelCache(temporary.path() / "link").find("abc"), std::nullopt);
}

TEST_F(KernelCacheTest, DamagedEntriesAreAbsent) {
  cache.store("abc", "some machine code");
  const std::string whole = contentOf(folder / "abc");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    overwrite(folder / "abc", whole.substr(0, size));
    EXPECT_EQ(cache.find("abc"), std::nullopt) << "cut to " << size << " bytes";
  }
  overwrite(folder / "abc", whole + "x");
  EXPECT_EQ(cache.find("abc"), std::nullopt);
  std::string flipped = whole;
  flipped.back() ^= 1;
  overwrite(folder / "abc", flipped);
  EXPECT_EQ(cache.find("abc"), std::nullopt);
  overwrite(folder / "abc", whole);
  EXPECT_EQ(cache.find("abc"), "some machine code");
}

TEST_F(KernelCacheTest, RemovesWhatWasUsedLongestAgo) {
  const std::string bytes(1000, 'x');
  const KernelCache small(folder, 2500);
  small.store("first", bytes);
  small.store("second", bytes);
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(folder / "first", now - std::chrono::hours(1));
  fs::last_write_time(folder / "second", now - std::chrono::hours(2));
  small.store("third", bytes);
  EXPECT_TRUE(small.find("first"));
  EXPECT_FALSE(small.find("second"));
  EXPECT_TRUE(small.find("third"));
}

TEST_F(KernelCacheTest, ManyMayUseItAtOnce) {
  const std::string bytes(1 << 16, 'x');
  std::atomic<int> torn = 0, found = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      const KernelCache own(folder);
      for (int i = 0; i < 20; ++i) {
        if (t % 2)
          own.store("abc", bytes);
        else if (auto entry = own.find("abc"))
          ++(*entry == bytes ? found : torn);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(cache.find("abc"), bytes);
  // Nothing is left behind but the entry.
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(KernelCacheTest, TheEnvironmentSaysWhereOrOff) {
  setenv("GRAPHC_KERNEL_CACHE", "off", 1);
  EXPECT_FALSE(KernelCache::ofUser().enabled());
  setenv("GRAPHC_KERNEL_CACHE", folder.c_str(), 1);
  KernelCache::ofUser().store("abc", "bytes");
  EXPECT_TRUE(fs::exists(folder / "abc"));
  unsetenv("GRAPHC_KERNEL_CACHE");
}

} // namespace
} // namespace graphc

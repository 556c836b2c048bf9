// Whatever becomes of the bytes of a checkpoint, it is read right or refused.
#include "runtime/checkpoint/TensorBundle.h"
#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {
namespace {

class Damage : public FolderTest {
protected:
  Damage() {
    for (int layer = 0; layer < 20; ++layer)
      tensors["layer_" + std::to_string(layer) + "/kernel"] =
          Tensor::of<float>({2, 2}, {1.f * layer, 2, 3, 4});
    tensors["flag"] = Tensor(true);
    write_tensor_bundle(in("model"), tensors);
    index = readText(in("model.index"));
    data = readText(in("model.data-00000-of-00001"));
  }

  /// Reads all: gives whether it was refused, and fails the test where it is wrong unnoticed.
  bool isRefused(const std::string &index, const std::string &data) {
    try {
      const BundleIndex parsed = parse_bundle_index(index, "model.index");
      for (const auto &[name, tensor] : tensors) {
        const auto found = parsed.entries.find(name);
        if (found == parsed.entries.end())
          throw Error(Code::not_found, name);
        const Tensor read = read_bundle_tensor(name, found->second, data, "model.data");
        EXPECT_TRUE(read.identical_to(tensor)) << name << " is wrong, and nobody noticed";
      }
    } catch (const Error &error) {
      EXPECT_TRUE(error.code() == Code::data_loss || error.code() == Code::unimplemented)
          << error.what();
      return true;
    }
    return false;
  }

  std::map<std::string, Tensor> tensors;
  std::string index;
  std::string data;
};

TEST_F(Damage, TheWholeOneIsRead) { EXPECT_FALSE(isRefused(index, data)); }

TEST_F(Damage, EveryTruncationIsRefused) {
  for (std::size_t size = 0; size < index.size(); ++size)
    EXPECT_TRUE(isRefused(index.substr(0, size), data)) << size;
  for (std::size_t size = 0; size < data.size(); ++size)
    EXPECT_TRUE(isRefused(index, data.substr(0, size))) << size;
}

TEST_F(Damage, EveryFlippedBitIsRefused) {
  for (std::size_t bit = 0; bit < 8 * index.size(); ++bit) {
    std::string flipped = index;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(isRefused(flipped, data)) << bit;
  }
  for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
    std::string flipped = data;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(isRefused(index, flipped)) << bit;
  }
}

} // namespace
} // namespace graphc::test

// checkpoint-seeds FOLDER: writes small checkpoints as inputs of the fuzzer.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "runtime/checkpoint/TensorBundle.h"
#include "tests/fuzz/CheckpointInput.h"

using graphc::Tensor;
namespace fs = std::filesystem;

static std::string readFile(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

static void writeSeed(const fs::path &folder, const std::string &name,
                      const std::map<std::string, Tensor> &tensors) {
  const fs::path prefix = fs::temp_directory_path() / ("graphc-seed-" + name);
  graphc::write_tensor_bundle(prefix, tensors);
  std::ofstream(folder / name, std::ios::binary) << checkpointInput(
      readFile(prefix.string() + ".index"), readFile(prefix.string() + ".data-00000-of-00001"));
  graphc::delete_tensor_bundle(prefix);
}

int main(int, char **arguments) {
  const fs::path folder = arguments[1];
  writeSeed(folder, "none", {});
  writeSeed(folder, "one", {{"global_step", Tensor(std::int64_t{7})}});
  writeSeed(folder, "dtypes",
            {{"a", Tensor::of<float>({2, 2}, {1, 2, 3, 4})},
             {"a/Adam", Tensor::of<double>({2}, {1, 2})},
             {"b", Tensor::of<std::int32_t>({1}, {5})},
             {"flags", Tensor::of<bool>({2}, {true, false})},
             {"bytes", Tensor::of<std::uint8_t>({3}, {1, 2, 3})},
             {"empty", Tensor::zeros(graphc::float32, {0, 4})}});
  std::map<std::string, Tensor> many; // several blocks, with names that share their beginnings
  for (int i = 0; i < 300; ++i)
    many.emplace("rnn/multi_rnn_cell/cell_" + std::to_string(i) + "/basic_lstm_cell/kernel",
                 Tensor(static_cast<float>(i)));
  writeSeed(folder, "many", many);
}

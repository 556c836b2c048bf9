// oneDNN's LSTM primitive alone in the comparison: two layers, forward for training and backward.
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

#include "benchmarks/compare/PeerServer.h"
#include "runtime/NpyFile.h"

namespace graphc::benchmarks {
namespace {

using nlohmann::json;
using std::filesystem::path;
using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;
using Memory = dnnl::memory;

constexpr std::int64_t kLayers = 2;
constexpr std::int64_t kGates = 4;
constexpr auto kForward = dnnl::prop_kind::forward_training;
constexpr auto kBackward = dnnl::prop_kind::backward;
constexpr auto kDirection = dnnl::rnn_direction::unidirectional_left2right;

const dnnl::engine &engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

Desc describe(const Memory::dims &extents, Tag layout) {
  return {extents, Memory::data_type::f32, layout};
}

path weightFile(const path &folder, const std::string &prefix, std::int64_t layer,
                const std::string &name) {
  return folder /
         fmt::format("{}rnn.multi_rnn_cell.cell_{}.basic_lstm_cell.{}.npy", prefix, layer, name);
}

class Recurrence : public Prepared {
public:
  Recurrence(const json &workload, const path &data)
      : steps_(workload.at("T")), batch_(workload.at("B")), hidden_(workload.at("H")),
        sequence_(describe({steps_, batch_, hidden_}, Tag::tnc)),
        state_(describe({kLayers, 1, batch_, hidden_}, Tag::ldnc)),
        bias_(describe({kLayers, 1, kGates, hidden_}, Tag::ldgo)),
        any_weights_(describe({kLayers, 1, hidden_, kGates, hidden_}, Tag::any)),
        forward_description_(engine(), kForward, kDirection, sequence_, state_, state_,
                             any_weights_, any_weights_, bias_, sequence_, state_, state_),
        backward_description_(engine(), kBackward, kDirection, sequence_, state_, state_,
                              any_weights_, any_weights_, bias_, sequence_, state_, state_,
                              sequence_, state_, state_, any_weights_, any_weights_, bias_,
                              sequence_, state_, state_, forward_description_),
        forward_(forward_description_), backward_(backward_description_) {
    const Tensor x = read_npy(data / "sequence.npy"), dy = read_npy(data / "output_gradient.npy");
    arguments_[DNNL_ARG_SRC_LAYER] = filled(sequence_, x.data<float>());
    arguments_[DNNL_ARG_DIFF_DST_LAYER] = filled(sequence_, dy.data<float>());
    for (int name : {DNNL_ARG_SRC_ITER, DNNL_ARG_SRC_ITER_C, DNNL_ARG_DST_ITER, DNNL_ARG_DST_ITER_C,
                     DNNL_ARG_DIFF_SRC_ITER, DNNL_ARG_DIFF_SRC_ITER_C, DNNL_ARG_DIFF_DST_ITER,
                     DNNL_ARG_DIFF_DST_ITER_C})
      arguments_[name] = zeros(state_);
    for (int name : {DNNL_ARG_DST_LAYER, DNNL_ARG_DIFF_SRC_LAYER})
      arguments_[name] = zeros(sequence_);
    arguments_[DNNL_ARG_DIFF_BIAS] = zeros(bias_);
    arguments_[DNNL_ARG_WORKSPACE] = zeros(forward_description_.workspace_desc());
    loadWeights(data);
  }

  void step() override {
    forward_.execute(stream_, arguments_);
    for (auto &[reorder, from, to] : reorders_)
      reorder.execute(stream_, from, to);
    // The gradients of weights are added to what is there.
    for (int name : {DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS}) {
      Memory &memory = arguments_.at(name);
      std::memset(memory.get_data_handle(), 0, memory.get_desc().get_size());
    }
    backward_.execute(stream_, backward_arguments_);
    stream_.wait();
  }

  void check(const path &, const path &results) override {
    step();
    write(results / "outputs.npy", DNNL_ARG_DST_LAYER);
    write(results / "gradient.sequence.npy", DNNL_ARG_DIFF_SRC_LAYER);
    const std::vector<float> from_inputs = plainWeights(DNNL_ARG_DIFF_WEIGHTS_LAYER);
    const std::vector<float> from_states = plainWeights(DNNL_ARG_DIFF_WEIGHTS_ITER);
    const std::int64_t half = hidden_ * kGates * hidden_;
    const auto *bias =
        static_cast<const float *>(arguments_.at(DNNL_ARG_DIFF_BIAS).get_data_handle());
    for (std::int64_t layer = 0; layer < kLayers; ++layer) {
      Tensor kernel(float32, {2 * hidden_, kGates * hidden_});
      std::copy_n(from_inputs.data() + layer * half, half, kernel.data<float>());
      std::copy_n(from_states.data() + layer * half, half, kernel.data<float>() + half);
      permuteGates(kernel, kTensorFlowFromOnednn);
      write_npy(weightFile(results, "gradient.", layer, "kernel"), kernel);
      Tensor tensor(float32, {kGates * hidden_});
      std::copy_n(bias + layer * kGates * hidden_, kGates * hidden_, tensor.data<float>());
      permuteGates(tensor, kTensorFlowFromOnednn);
      write_npy(weightFile(results, "gradient.", layer, "bias"), tensor);
    }
  }

private:
  /// TensorFlow's gates are i, j, f, o, oneDNN's i, f, j, o: either from the other.
  static constexpr std::array<int, 4> kTensorFlowFromOnednn = {0, 2, 1, 3};

  Memory zeros(const Desc &description) {
    Memory memory(description, engine());
    std::memset(memory.get_data_handle(), 0, description.get_size());
    return memory;
  }

  Memory filled(const Desc &description, const float *values) {
    Memory memory(description, engine());
    std::memcpy(memory.get_data_handle(), values, description.get_size());
    return memory;
  }

  Memory reordered(const Memory &from, const Desc &description) {
    Memory to = zeros(description);
    dnnl::reorder(from, to).execute(stream_, const_cast<Memory &>(from), to);
    stream_.wait();
    return to;
  }

  Desc plain() const { return describe({kLayers, 1, hidden_, kGates, hidden_}, Tag::ldigo); }

  void permuteGates(Tensor &tensor, const std::array<int, 4> &from) const {
    const Tensor before = tensor.clone();
    const std::int64_t rows = tensor.num_elements() / (kGates * hidden_);
    for (std::int64_t row = 0; row < rows; ++row)
      for (std::int64_t gate = 0; gate < kGates; ++gate)
        std::copy_n(before.data<float>() + (row * kGates + from[gate]) * hidden_, hidden_,
                    tensor.data<float>() + (row * kGates + gate) * hidden_);
  }

  void loadWeights(const path &data) {
    const std::int64_t half = hidden_ * kGates * hidden_;
    std::vector<float> from_inputs, from_states, biases;
    for (std::int64_t layer = 0; layer < kLayers; ++layer) {
      Tensor kernel = read_npy(weightFile(data, "", layer, "kernel"));
      Tensor bias = read_npy(weightFile(data, "", layer, "bias"));
      permuteGates(kernel, kTensorFlowFromOnednn);
      permuteGates(bias, kTensorFlowFromOnednn);
      for (std::int64_t i = 0; i < hidden_; ++i)
        bias.data<float>()[hidden_ + i] += 1; // the forget bias, which oneDNN's cell does not add
      const float *values = kernel.data<float>();
      from_inputs.insert(from_inputs.end(), values, values + half);
      from_states.insert(from_states.end(), values + half, values + 2 * half);
      biases.insert(biases.end(), bias.data<float>(), bias.data<float>() + kGates * hidden_);
    }
    arguments_[DNNL_ARG_BIAS] = filled(bias_, biases.data());
    const Memory plain_inputs = filled(plain(), from_inputs.data());
    const Memory plain_states = filled(plain(), from_states.data());
    arguments_[DNNL_ARG_WEIGHTS_LAYER] =
        reordered(plain_inputs, forward_description_.weights_layer_desc());
    arguments_[DNNL_ARG_WEIGHTS_ITER] =
        reordered(plain_states, forward_description_.weights_iter_desc());
    arguments_[DNNL_ARG_DIFF_WEIGHTS_LAYER] =
        zeros(backward_description_.diff_weights_layer_desc());
    arguments_[DNNL_ARG_DIFF_WEIGHTS_ITER] = zeros(backward_description_.diff_weights_iter_desc());
    // The backward primitive wants the weights in another layout: a training step, whose weights
    // change, reorders them every time.
    backward_arguments_ = arguments_;
    backward_arguments_[DNNL_ARG_WEIGHTS_LAYER] = zeros(backward_description_.weights_layer_desc());
    backward_arguments_[DNNL_ARG_WEIGHTS_ITER] = zeros(backward_description_.weights_iter_desc());
    for (int name : {DNNL_ARG_WEIGHTS_LAYER, DNNL_ARG_WEIGHTS_ITER})
      reorders_.push_back({{arguments_.at(name), backward_arguments_.at(name)},
                           arguments_.at(name),
                           backward_arguments_.at(name)});
  }

  std::vector<float> plainWeights(int name) {
    const Memory memory = reordered(arguments_.at(name), plain());
    const auto *values = static_cast<const float *>(memory.get_data_handle());
    return {values, values + memory.get_desc().get_size() / sizeof(float)};
  }

  void write(const path &file, int name) {
    write_npy(file,
              Tensor::borrow<float>({steps_, batch_, hidden_},
                                    static_cast<float *>(arguments_.at(name).get_data_handle())));
  }

  std::int64_t steps_, batch_, hidden_;
  Desc sequence_, state_, bias_, any_weights_;
  dnnl::lstm_forward::primitive_desc forward_description_;
  dnnl::lstm_backward::primitive_desc backward_description_;
  dnnl::lstm_forward forward_;
  dnnl::lstm_backward backward_;
  dnnl::stream stream_{engine()};
  std::unordered_map<int, Memory> arguments_;
  std::unordered_map<int, Memory> backward_arguments_;
  struct Reorder {
    dnnl::reorder primitive;
    Memory from, to;
  };
  std::vector<Reorder> reorders_;
};

std::unique_ptr<Prepared> prepare(const json &workload, const path &data) {
  if (workload.at("kind") != "recurrence")
    throw std::invalid_argument("oneDNN alone runs only a recurrence");
  return std::make_unique<Recurrence>(workload, data);
}

json facts() {
  const dnnl_version_t *version = dnnl_version();
  return {{"version", fmt::format("{}.{}.{}", version->major, version->minor, version->patch)}};
}

} // namespace
} // namespace graphc::benchmarks

int main(int argc, char **argv) {
  using namespace graphc::benchmarks;
  CLI::App app("Runs oneDNN's LSTM primitive; benchmarks/compare/compare.py speaks with it");
  int threads = 0;
  app.add_option("--threads", threads, "threads of a run; 0 for one on each core");
  CLI11_PARSE(app, argc, argv);
  if (threads > 0)
    omp_set_num_threads(threads);
  return serve(prepare, facts);
}

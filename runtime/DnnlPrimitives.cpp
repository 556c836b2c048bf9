#include "runtime/DnnlPrimitives.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <sstream>

#include <omp.h>

#include "runtime/Arena.h"
#include "runtime/DnnlStages.h"
#include "runtime/Status.h"

namespace graphc {
namespace dnnl_detail {

const dnnl::engine &engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

namespace {
dnnl::stream &stream() {
  static thread_local dnnl::stream own(engine());
  return own;
}

void check(dnnl_status_t status, const char *what) {
  if (status != dnnl_success)
    throw Error(Code::internal, std::string("oneDNN could not ") + what + " (status " +
                                    std::to_string(static_cast<int>(status)) + ")");
}
} // namespace

dnnl::primitive_attr userScratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

dnnl::primitive_attr withActivation(const std::string &activation) {
  dnnl::primitive_attr attributes = userScratchpad();
  if (activation == "none")
    return attributes;
  dnnl::post_ops after;
  if (activation == "relu")
    after.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
  else if (activation == "tanh")
    after.append_eltwise(dnnl::algorithm::eltwise_tanh, 0, 0);
  else if (activation == "sigmoid")
    after.append_eltwise(dnnl::algorithm::eltwise_logistic, 0, 0);
  else
    throw Error(Code::internal, "there is no activation '" + activation + "'");
  attributes.set_post_ops(after);
  return attributes;
}

dnnl::memory::data_type dataType(DataType dtype) {
  switch (dtype) {
  case DataType::float32: return dnnl::memory::data_type::f32;
  case DataType::int32: return dnnl::memory::data_type::s32;
  case DataType::bool_:
  case DataType::uint8: return dnnl::memory::data_type::u8;
  case DataType::float64:
  case DataType::int64: break;
  }
  throw Error(Code::unimplemented, "oneDNN has no " + std::string(to_string(dtype)));
}

dnnl::memory::desc describe(const PrimitiveOperand &operand) {
  std::vector<std::int64_t> extents = operand.extents;
  std::vector<std::int64_t> strides = operand.strides;
  if (extents.empty())
    extents = {1};
  if (strides.empty()) {
    strides.assign(extents.size(), 1);
    for (std::size_t axis = extents.size() - 1; axis > 0; --axis)
      strides[axis - 1] = strides[axis] * std::max<std::int64_t>(extents[axis], 1);
  }
  return {extents, dataType(operand.dtype), strides};
}

dnnl::memory::desc describeAny(const std::vector<std::int64_t> &extents, DataType dtype) {
  return {extents, dataType(dtype), dnnl::memory::format_tag::any};
}

std::size_t StagedPrimitive::reserve(std::size_t bytes) {
  const std::size_t offset = reserved_;
  reserved_ += Arena::roundUp(bytes);
  return offset;
}

void StagedPrimitive::add(const dnnl::primitive &primitive,
                          const dnnl::primitive_desc_base &description,
                          std::vector<Argument> arguments) {
  const dnnl::memory::desc own = description.scratchpad_desc();
  if (own.get_size() > 0) {
    arguments.push_back({DNNL_ARG_SCRATCHPAD, own, kScratchpad, 0});
    greatest_own_ = std::max(greatest_own_, own.get_size());
  }
  stages_.push_back({primitive, std::move(arguments)});
}

void StagedPrimitive::addReorder(const Argument &from, const Argument &to) {
  const dnnl::reorder::primitive_desc description(engine(), from.layout, engine(), to.layout,
                                                  userScratchpad());
  add(dnnl::reorder(description), description,
      {{DNNL_ARG_FROM, from.layout, from.buffer, from.offset},
       {DNNL_ARG_TO, to.layout, to.buffer, to.offset}});
}

Argument StagedPrimitive::inLayout(Argument argument, const dnnl::memory::desc &wanted) {
  if (argument.layout == wanted)
    return argument;
  const Argument reordered{argument.name, wanted, kScratchpad, reserve(wanted.get_size())};
  addReorder(argument, reordered);
  return reordered;
}

void StagedPrimitive::finish() {
  for (Stage &stage : stages_)
    for (Argument &argument : stage.arguments)
      if (argument.name == DNNL_ARG_SCRATCHPAD)
        argument.offset = reserved_;
  scratchpad_bytes_ = reserved_ + greatest_own_;
}

/// What oneDNN divides work and memory by is the thread count at the time of making; it must be the
/// same when a primitive runs.
class SetThreads {
public:
  explicit SetThreads(int threads) : before_(omp_get_max_threads()) {
    if (threads != before_)
      omp_set_num_threads(threads);
    changed_ = threads != before_;
  }
  ~SetThreads() {
    if (changed_)
      omp_set_num_threads(before_);
  }
  SetThreads(const SetThreads &) = delete;
  SetThreads &operator=(const SetThreads &) = delete;

private:
  int before_;
  bool changed_ = false;
};

class StagedCall final : public DnnlPrimitive::Call {
public:
  explicit StagedCall(const StagedPrimitive &primitive) : primitive_(primitive) {
    for (const StagedPrimitive::Stage &stage : primitive.stages_) {
      arguments_.emplace_back();
      for (const Argument &argument : stage.arguments) {
        places_.push_back({dnnl::memory(argument.layout, engine(), nullptr), &argument});
        arguments_.back().push_back({argument.name, places_.back().memory.get()});
      }
    }
  }

  void run(void *const *buffers) override {
    for (const Argument &argument : primitive_.zeroed_)
      std::memset(address(argument, buffers), 0, argument.layout.get_size());
    for (Place &place : places_) {
      void *wanted = address(*place.argument, buffers);
      if (wanted != place.bound) {
        check(dnnl_memory_set_data_handle(place.memory.get(), wanted), "bind a buffer");
        place.bound = wanted;
      }
    }
    const SetThreads threads(primitive_.threads_);
    for (std::size_t i = 0; i < arguments_.size(); ++i)
      check(dnnl_primitive_execute(primitive_.stages_[i].primitive.get(), stream().get(),
                                   static_cast<int>(arguments_[i].size()), arguments_[i].data()),
            "run a primitive");
  }

private:
  struct Place {
    dnnl::memory memory;
    const Argument *argument;
    void *bound = nullptr;
  };

  void *address(const Argument &argument, void *const *buffers) const {
    const std::size_t number = argument.buffer == kScratchpad
                                   ? primitive_.buffers_
                                   : static_cast<std::size_t>(argument.buffer);
    return static_cast<std::byte *>(buffers[number]) + argument.offset;
  }

  const StagedPrimitive &primitive_;
  std::vector<Place> places_;
  std::vector<std::vector<dnnl_exec_arg_t>> arguments_;
};

std::unique_ptr<DnnlPrimitive::Call> StagedPrimitive::makeCall() const {
  return std::make_unique<StagedCall>(*this);
}

namespace {

using Maker = Made (*)(const PrimitiveSpec &);
const std::map<std::string, Maker, std::less<>> &makers() {
  static const std::map<std::string, Maker, std::less<>> table = {
      {"matmul", makeMatmul},
      {"matmul_pack", makeMatmulPack},
      {"convolution", makeConvolution},
      {"convolution_pack", makeConvolutionPack},
      {"convolution_gradient_input", makeConvolutionInputGradient},
      {"convolution_gradient_filter", makeConvolutionFilterGradient},
      {"max_pooling", makePooling},
      {"avg_pooling", makePooling},
      {"max_pooling_gradient", makeMaxPoolingGradient},
      {"avg_pooling_gradient", makeAvgPoolingGradient},
      {"layer_normalization", makeNormalization},
      {"batch_normalization", makeNormalization},
      {"layer_normalization_gradient", makeNormalizationGradient},
      {"batch_normalization_gradient", makeNormalizationGradient},
      {"softmax", makeSoftmax},
      {"log_softmax", makeSoftmax},
      {"reduction", makeReduction},
      {"eltwise", makeEltwise},
      {"binary", makeBinary},
      {"reorder", makeReorder},
      {"lstm", makeRecurrence},
      {"gru", makeRecurrence},
      {"vanilla_rnn", makeRecurrence},
      {"lstm_gradient", makeRecurrenceGradient},
      {"gru_gradient", makeRecurrenceGradient},
      {"vanilla_rnn_gradient", makeRecurrenceGradient},
  };
  return table;
}

/// A small product takes less time than it takes to wake a thread and to wait for it.
int worthwhileThreads(const PrimitiveSpec &spec) {
  constexpr std::int64_t few = 16 * 1024; // elements
  const bool small =
      (spec.kind == "matmul" || spec.kind == "matmul_pack") && matmulElements(spec) < few;
  return small ? 1 : spec.threads;
}

} // namespace
} // namespace dnnl_detail

std::string PrimitiveSpec::key() const {
  std::ostringstream text;
  const auto list = [&](const std::vector<std::int64_t> &numbers) {
    for (std::int64_t number : numbers)
      text << number << ',';
  };
  const auto operands = [&](const std::vector<PrimitiveOperand> &all) {
    for (const PrimitiveOperand &operand : all) {
      // Opaque memory is as large as the primitive says.
      if (operand.dtype == uint8) {
        text << " opaque";
        continue;
      }
      text << ' ' << to_string(operand.dtype) << '[';
      list(operand.extents);
      text << "]{";
      list(operand.strides);
      text << '}';
    }
  };
  text << kind << " on " << threads;
  operands(inputs);
  text << " ->";
  operands(outputs);
  for (const auto &[name, value] : attributes.entries()) {
    text << ' ' << name << '=';
    if (const auto *flag = std::get_if<bool>(&value))
      text << *flag;
    else if (const auto *integer = std::get_if<std::int64_t>(&value))
      text << *integer;
    else if (const auto *number = std::get_if<double>(&value))
      text << std::hexfloat << *number;
    else if (const auto *word = std::get_if<std::string>(&value))
      text << *word;
    else if (const auto *integers = std::get_if<std::vector<std::int64_t>>(&value))
      list(*integers);
    else
      throw Error(Code::internal, "primitives have no attributes of the kind of '" + name + "'");
  }
  return text.str();
}

std::shared_ptr<const DnnlPrimitive> createDnnlPrimitive(const PrimitiveSpec &spec) {
  const auto &makers = dnnl_detail::makers();
  const auto maker = makers.find(spec.kind);
  if (maker == makers.end())
    throw Error(Code::internal, "there is no primitive '" + spec.kind + "'");
  try {
    const int threads = dnnl_detail::worthwhileThreads(spec);
    const dnnl_detail::SetThreads making(threads);
    const dnnl_detail::Made made = maker->second(spec);
    made->setThreads(threads);
    made->finish();
    return made;
  } catch (const dnnl::error &error) {
    throw Error(Code::unimplemented,
                "oneDNN has no primitive for " + spec.key() + ": " + error.what());
  }
}

bool dnnlSupports(DataType dtype) { return dtype == float32; }

} // namespace graphc

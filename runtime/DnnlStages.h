// How primitives are put together; for DnnlPrimitives*.cpp alone.
#pragma once

#include <optional>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "runtime/DnnlPrimitives.h"

namespace graphc::dnnl_detail {

const dnnl::engine &engine();

/// Scratchpads are the caller's: with oneDNN's default, a primitive that runs on another thread
/// than its maker's crashes.
dnnl::primitive_attr userScratchpad();

/// The same, with the activation ("none|relu|tanh|sigmoid") applied to the result.
dnnl::primitive_attr withActivation(const std::string &activation);

dnnl::memory::data_type dataType(DataType dtype);
/// Of the operand as it is; a scalar becomes one element of one axis.
dnnl::memory::desc describe(const PrimitiveOperand &operand);
/// The same extents, layout left to oneDNN.
dnnl::memory::desc describeAny(const std::vector<std::int64_t> &extents, DataType dtype);

/// Extents [batch, height, width, channels] of f32, dense, as oneDNN's dimensions [batch, channels,
/// height, width].
dnnl::memory::desc describeImage(const std::vector<std::int64_t> &extents);

/// Where a stage's argument lies: a buffer of the call, or a part of the scratchpad.
struct Argument {
  int name = 0; ///< DNNL_ARG_...
  dnnl::memory::desc layout;
  /// Number among inputs, outputs, scratchpad; kScratchpad for the last, wherever that is.
  int buffer = 0;
  std::size_t offset = 0;
};
inline constexpr int kScratchpad = -1;

/// oneDNN primitives run one after the other as one of ours: say a reorder of weights into the
/// layout that an LSTM wants, then the LSTM.
class StagedPrimitive final : public DnnlPrimitive {
public:
  StagedPrimitive(std::size_t inputs, std::size_t outputs) : buffers_(inputs + outputs) {}

  /// Number of the buffer, for Argument::buffer.
  int input(std::size_t number) const { return static_cast<int>(number); }
  int output(std::size_t number, const PrimitiveSpec &spec) const {
    return static_cast<int>(spec.inputs.size() + number);
  }

  /// Bytes of the scratchpad, from the offset that it returns.
  std::size_t reserve(std::size_t bytes);
  /// Sets a buffer to zero before the first stage.
  void zero(Argument argument) { zeroed_.push_back(std::move(argument)); }
  /// Adds a stage; its own scratchpad is reserved here. Stages run in turn, so that their own
  /// scratchpads share one place.
  void add(const dnnl::primitive &primitive, const dnnl::primitive_desc_base &description,
           std::vector<Argument> arguments);
  /// A reorder from one argument's place and layout to another's.
  void addReorder(const Argument &from, const Argument &to);
  /// `argument` itself where it has the wanted layout; otherwise a part of the scratchpad that a
  /// stage added here fills from it.
  Argument inLayout(Argument argument, const dnnl::memory::desc &wanted);

  void setImplementation(const dnnl::primitive_desc_base &description) {
    implementation_ = description.impl_info_str();
  }
  void setOpaqueBytes(std::size_t bytes) { opaque_bytes_ = bytes; }
  void setChangesLayout(bool changes) { changes_layout_ = changes; }
  /// It runs on as many threads as it was made for.
  void setThreads(int threads) { threads_ = threads; }
  /// Ends the making: places the stages' scratchpads after what was reserved.
  void finish();

  std::unique_ptr<Call> makeCall() const override;

private:
  friend class StagedCall;
  struct Stage {
    dnnl::primitive primitive;
    std::vector<Argument> arguments;
  };
  std::size_t buffers_;
  std::vector<Argument> zeroed_;
  std::vector<Stage> stages_;
  int threads_ = 1;
  std::size_t reserved_ = 0;
  std::size_t greatest_own_ = 0;
};

using Made = std::shared_ptr<StagedPrimitive>;
Made makeMatmul(const PrimitiveSpec &spec);
Made makeMatmulPack(const PrimitiveSpec &spec);
/// Elements of the left operand and the result of a "matmul", or of the one that a "matmul_pack" is
/// for.
std::int64_t matmulElements(const PrimitiveSpec &spec);
Made makeConvolution(const PrimitiveSpec &spec);
Made makeConvolutionPack(const PrimitiveSpec &spec);
Made makeConvolutionInputGradient(const PrimitiveSpec &spec);
Made makeConvolutionFilterGradient(const PrimitiveSpec &spec);
Made makePooling(const PrimitiveSpec &spec);
Made makeMaxPoolingGradient(const PrimitiveSpec &spec);
Made makeAvgPoolingGradient(const PrimitiveSpec &spec);
Made makeNormalization(const PrimitiveSpec &spec);
Made makeNormalizationGradient(const PrimitiveSpec &spec);
Made makeSoftmax(const PrimitiveSpec &spec);
Made makeReduction(const PrimitiveSpec &spec);
Made makeEltwise(const PrimitiveSpec &spec);
Made makeBinary(const PrimitiveSpec &spec);
Made makeReorder(const PrimitiveSpec &spec);
Made makeRecurrence(const PrimitiveSpec &spec);
Made makeRecurrenceGradient(const PrimitiveSpec &spec);

} // namespace graphc::dnnl_detail

// What the session runs: a flat list of steps over a table of buffers. Everything that can be found
// out once, such as where a buffer lies, which kernel, which primitive, is found out before.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "runtime/Attributes.h"
#include "runtime/DnnlPrimitives.h"
#include "runtime/KernelAbi.h"
#include "runtime/Status.h"
#include "runtime/Tensor.h"

namespace graphc {

/// Whose memory a buffer is.
enum class BufferKind : std::uint8_t {
  fed,       ///< the caller's, borrowed for the run; never written
  fetched,   ///< a tensor that the run returns
  temporary, ///< the arena's, at an offset; free for others before its first and after its last use
  variable,  ///< the variable store's
  kept,      ///< made from a variable and kept until the variable changes (reordered weights)
  constant,  ///< the program's
};

struct Buffer {
  BufferKind kind = BufferKind::temporary;
  DataType dtype = float32;
  Shape shape;
  /// The number of the feed, fetch, variable, kept buffer or constant; nothing for a temporary.
  std::uint32_t index = 0;
  /// Bytes from the start of that memory: views begin inside.
  std::size_t offset = 0;

  std::size_t bytes() const {
    return static_cast<std::size_t>(shape.num_elements()) * size_of(dtype);
  }
};
using BufferId = std::uint32_t;
inline constexpr BufferId kNoBuffer = ~BufferId{0};

/// A feed or a fetch, as the user named it.
struct Endpoint {
  std::string name;
  DataType dtype = float32;
  Shape shape;
};

struct ProgramVariable {
  std::string name;
  DataType dtype = float32;
  Shape shape;
  bool written = false;
  /// The program reads it before it writes it. Then `reader` and `where` are the first reader's.
  bool read_first = false;
  std::string reader;
  SourceLine where;
};

/// A compiled kernel, its extent split over threads.
struct KernelStep {
  std::string name;
  GraphcKernel kernel = nullptr;
  std::int64_t extent = 1;
  std::int64_t grain = 1;
  std::size_t scratch_bytes = 0;  ///< for each call
  std::vector<BufferId> buffers;  ///< inputs, then outputs
  std::uint64_t step = 0;         ///< GraphcRunContext::step
};

struct PrimitiveStep {
  std::shared_ptr<const DnnlPrimitive> primitive;
  std::vector<BufferId> buffers; ///< inputs, outputs, scratchpad (or kNoBuffer where it needs none)
};

/// Runs an op of runtime/reference; given by whoever links it, so that this layer need not.
using HostFunction = std::vector<Tensor> (*)(std::string_view op, const Attributes &attributes,
                                             std::span<const Tensor> inputs,
                                             const GraphcRunContext &context);
/// The same for an op that changes variables in place and cannot fail; `names` says what each of
/// `variables` is to the op.
using HostUpdate = void (*)(std::string_view op, const Attributes &attributes,
                            std::span<const Tensor> inputs, std::span<const std::string> names,
                            std::span<Tensor> variables);
struct HostStep {
  std::string op;
  Attributes attributes;
  HostFunction function = nullptr; ///< where there is no `update`
  std::vector<BufferId> inputs;
  std::vector<BufferId> outputs;
  HostUpdate update = nullptr;
  std::vector<BufferId> updates = {};
  std::vector<std::string> update_names = {}; ///< "accumulator", "variable"
};

/// `rows` pieces of `row_bytes` each; a plain copy is one row.
struct CopyStep {
  BufferId from = 0;
  BufferId to = 0;
  std::size_t row_bytes = 0;
  std::int64_t rows = 1;
  std::size_t from_stride = 0; ///< bytes from one row to the next
  std::size_t to_stride = 0;
};

/// One row of a tensor along axis 0, the one that `index` says: read into `row`, or written from
/// it. An index outside of the tensor is an Error (invalid_argument) in the words of op `op`.
struct RowStep {
  std::string op; ///< "gather", "update_row"
  BufferId tensor = 0;
  BufferId index = 0; ///< a scalar int32, or int64 where `wide`
  BufferId row = 0;
  std::int64_t rows = 0; ///< of the tensor
  std::size_t row_bytes = 0;
  bool wide = false;
  bool writes = false;
};

struct Program;

/// Runs `body` as long as `condition`, which fetches one bool, says so. The feeds of both are the
/// loop variables, at first `initial`, and `captured`; the body fetches the new ones. They move to
/// and fro between `outputs` and `spare`, and end in `outputs`.
struct LoopStep {
  std::shared_ptr<const Program> condition;
  std::shared_ptr<const Program> body;
  std::vector<BufferId> initial;
  std::vector<BufferId> captured;
  std::vector<BufferId> outputs;
  std::vector<BufferId> spare;
  /// Numbers of variables that the body changes where they lie: what it is fed and what it fetches
  /// may be the same memory.
  std::vector<std::uint32_t> in_place = {};
};

/// Runs `loop`, whose variables with the numbers `kept` are kept from before each iteration, and
/// then `gradient` once for each iteration, the last one first: its feeds are the variables before
/// the iteration (it uses none that is not kept), `loop.captured` and the gradients so far, at
/// first `initial`; it fetches the new ones, which end in `outputs`.
struct LoopGradientStep {
  LoopStep loop;
  std::shared_ptr<const Program> gradient;
  std::vector<std::uint32_t> kept;
  std::vector<BufferId> initial;
  std::vector<BufferId> outputs;
  std::vector<BufferId> spare;
  std::vector<std::uint32_t> in_place = {}; ///< gradients, as LoopStep has variables
};

/// Runs one of two programs with the feeds `captured`; what it fetches is `outputs`.
struct BranchStep {
  BufferId predicate = 0;
  std::shared_ptr<const Program> then_branch;
  std::shared_ptr<const Program> else_branch;
  std::vector<BufferId> captured;
  std::vector<BufferId> outputs;
};

struct Step {
  std::variant<KernelStep, PrimitiveStep, HostStep, CopyStep, RowStep, LoopStep, LoopGradientStep,
               BranchStep>
      action;
  std::string op_name; ///< the user's name of the op, for errors and profiles
  SourceLine where;

  /// All the buffers that the action lists, in that order.
  std::vector<BufferId> buffers() const;
};

/// A buffer made from a variable by a primitive; made again when the variable has changed.
struct KeptBuffer {
  std::uint32_t variable = 0;
  std::size_t bytes = 0;
  std::shared_ptr<const DnnlPrimitive> primitive; ///< one input, one output, no scratchpad
};

/// Immutable once built; any number of executors and threads may share it. A program that a step
/// of another runs has no variables and no kept buffers.
struct Program {
  /// A feed that nothing needs is given all the same, and not looked at.
  struct Feed : Endpoint {
    bool used = true;
  };
  std::vector<Feed> feeds;
  /// A fetch of an op has an empty `shape` and `is_op`.
  struct Fetch : Endpoint {
    bool is_op = false;
  };
  std::vector<Fetch> fetches;
  std::vector<ProgramVariable> variables;
  std::vector<Tensor> constants;
  std::vector<KeptBuffer> kept;
  std::vector<Buffer> buffers;
  std::vector<Step> steps;
  /// Size of the part of the arena that buffers lie in, and what they would take without sharing.
  std::size_t arena_bytes = 0;
  std::size_t unshared_bytes = 0;
  /// The bytes alive at the step that needs most: the least that arena_bytes could be.
  std::size_t arena_lower_bound = 0;
  /// Threads that primitives were made for and that runs use; at least one.
  int threads = 1;
  /// Keeps the code of the kernels alive.
  std::shared_ptr<const void> code;

  bool writes_variables() const;
};

} // namespace graphc

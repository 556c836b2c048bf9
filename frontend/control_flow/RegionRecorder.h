// Records the regions of recurrences, loops and branches. For graphc itself; no MLIR.
#pragma once

#include <memory>

#include "frontend/Recorder.h"

namespace graphc {

/// From its construction to close(), ops go to a region that belongs to no op yet. If no op takes
/// it, it vanishes.
class RegionRecorder {
public:
  /// `name` is the full name of the op to be, `arguments` are the types of what it gives the
  /// region.
  RegionRecorder(Graph &graph, const std::string &name, std::span<const ValueType> arguments,
                 Where where);
  RegionRecorder(const RegionRecorder &) = delete;
  RegionRecorder &operator=(const RegionRecorder &) = delete;
  ~RegionRecorder();

  std::vector<Output> arguments() const;
  /// Ends the region, which yields these values, its own or those of blocks around it. False, after
  /// fail(), where one is of another region.
  bool close(std::span<const Output> yielded);

  struct Impl;
  Impl &impl() { return *impl_; }

private:
  std::unique_ptr<Impl> impl_;
};

/// An op with regions.
struct RegionOp {
  std::string_view op; ///< "while"
  std::string name;    ///< in full
  Where where;
  /// Groups of operands, as the op's definition has them; captured values follow as one more.
  std::vector<std::vector<Output>> operands;
  /// Whether the op has more than one group of any number of operands.
  bool segmented = true;
  std::vector<ValueType> results;
  Attributes attributes = {};
};

/// Records the op over closed regions. What they use from outside becomes captured operands and, in
/// each of them, further arguments; scalar constants are copied into them instead.
std::vector<Output> recordRegionOp(Graph &graph, const RegionOp &op,
                                   std::initializer_list<RegionRecorder *> regions);

inline ValueType typeOf(const Output &output) { return {output.dtype(), output.shape()}; }
inline std::vector<ValueType> typesOf(std::span<const Output> outputs) {
  std::vector<ValueType> types;
  for (const Output &output : outputs)
    types.push_back(typeOf(output));
  return types;
}

} // namespace graphc

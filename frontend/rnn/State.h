// What a cell carries from step to step: one tensor, or a nest of tuples of them.
#pragma once

#include <stdexcept>
#include <vector>

#include "frontend/Output.h"
#include "runtime/Status.h"

namespace graphc::rnn {

/// The state of an LSTM: c, the memory, and h, the output.
struct LSTMStateTuple {
  Output c;
  Output h;
};

/// A leaf, or a tuple of Nested.
template <typename Leaf> class Nested {
public:
  /// An empty tuple.
  Nested() = default;
  Nested(Leaf leaf) : leaf_(std::move(leaf)), is_leaf_(true) {} // NOLINT: a tensor is a state
  Nested(const LSTMStateTuple &state)                           // NOLINT
    requires std::is_same_v<Leaf, Output>
      : Nested(lstm(state.c, state.h)) {}

  static Nested tuple(std::vector<Nested> parts) {
    Nested nested;
    nested.parts_ = std::move(parts);
    return nested;
  }
  /// A tuple of c and h, of which dropout leaves c alone.
  static Nested lstm(Leaf c, Leaf h) {
    Nested nested = tuple({Nested(std::move(c)), Nested(std::move(h))});
    nested.is_lstm_ = true;
    return nested;
  }

  bool is_leaf() const { return is_leaf_; }
  bool is_lstm() const { return is_lstm_; }
  /// The parts of a tuple.
  std::size_t size() const { return parts_.size(); }
  const Nested &operator[](std::size_t i) const {
    if (i >= parts_.size())
      throw Error(Code::invalid_argument, "part " + std::to_string(i) + " of a state with " +
                                              std::to_string(parts_.size()) + " parts");
    return parts_[i];
  }
  /// Throws Error (invalid_argument) for a tuple.
  const Leaf &leaf() const {
    if (!is_leaf_)
      throw Error(Code::invalid_argument,
                  "expected a state of one tensor, got a tuple of " + std::to_string(size()));
    return leaf_;
  }
  operator const Leaf &() const { return leaf(); } // NOLINT
  const Leaf &c() const { return (*this)[0].leaf(); }
  const Leaf &h() const { return (*this)[1].leaf(); }

  /// All leaves, depth first.
  std::vector<Leaf> flatten() const {
    if (is_leaf_)
      return {leaf_};
    std::vector<Leaf> leaves;
    for (const Nested &part : parts_)
      for (Leaf &leaf : part.flatten())
        leaves.push_back(std::move(leaf));
    return leaves;
  }
  /// This nest with `function` of every leaf.
  template <typename Function> auto map(Function &&function) const {
    using Result = Nested<std::decay_t<decltype(function(leaf_))>>;
    if (is_leaf_)
      return Result(function(leaf_));
    std::vector<Result> parts;
    for (const Nested &part : parts_)
      parts.push_back(part.map(function));
    Result result = Result::tuple(std::move(parts));
    result.mark_lstm(is_lstm_);
    return result;
  }
  void mark_lstm(bool is_lstm) { is_lstm_ = is_lstm; }

private:
  Leaf leaf_{};
  bool is_leaf_ = false;
  bool is_lstm_ = false;
  std::vector<Nested> parts_;
};

using State = Nested<Output>;
/// The extents of a state, without the batch.
using StateSize = Nested<std::int64_t>;

} // namespace graphc::rnn

// The gradients that TensorFlow spelled out, recognised as what they are: a request for the
// derivatives of a loss. For graphc itself; works on nodes, before anything is recorded.
//
// TensorFlow 1 differentiates while the graph is built. All nodes that it adds stand under one
// scope, "gradients"; those of one op F under "gradients/F_grad"; the chain starts at
// "gradients/grad_ys_0", ones of the loss's shape. What other nodes read of a section is the
// border: here each tensor is the gradient by one forward tensor, which follows from its name and
// from the inputs of F:
// - "F_grad/tuple/control_dependency_k" is that of F's k-th differentiable input,
// - "F_grad/..." without a tuple that of its only one,
// - an AddN of such that of the tensor all of them are gradients of,
// - "F_grad/b_acc_k" that of what the Enter node F brings into a loop,
// - "F_grad/Identity_k" of a loop or branch whose body is a function that of one of its inputs,
// - of a GatherV2 node two: "Reshape" the rows' gradients, "Reshape_1" the rows' numbers.
// graphc's own pass then computes them, and knows recurrences. A section whose border cannot be
// read like that stays as it is.
#pragma once

#include <vector>

#include "frontend/import/NodeGraph.h"

namespace graphc::importing {

struct GradientBorder {
  enum class Kind {
    tensor,  ///< the gradient by `of`
    rows,    ///< the gradient by the gather's result `of`, one row for each index
    indices, ///< the indices of the gather whose result `of` is, as a vector
  };
  int node = -1;
  Kind kind = Kind::tensor;
  NodeOutput of;
};

struct GradientSection {
  std::string scope; ///< "gradients"
  std::vector<NodeOutput> ys;
  std::vector<GradientBorder> border;
  std::vector<int> inner; ///< all nodes of the section that are not border
};

/// All sections of the graph that can be read.
std::vector<GradientSection> findGradientSections(const NodeGraph &nodes);

/// An update of some rows sums the gradients of equal rows first (Unique, UnsortedSegmentSum);
/// graphc's does so itself: the inputs of such updates are replaced by what is summed, and the
/// nodes in between, which then nobody reads, are given back.
std::vector<int> shortcutRowSums(NodeGraph &nodes);

} // namespace graphc::importing

#include "frontend/ops/Contraction.h"

#include <algorithm>
#include <numeric>

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Reductions.h"

namespace graphc {
namespace {

using AxisList = std::vector<std::int64_t>;

/// One extent of a result: a number, or a scalar that is known when the graph runs.
struct Extent {
  std::int64_t number = 1;
  Output scalar = {};
};

Extent extentOf(const Output &x, std::int64_t axis, Where where) {
  if (const std::int64_t known = x.shape()[axis]; known >= 0)
    return {known};
  return {none, strided_slice(graphc::shape(x, {}, int32, where), {axis}, {axis + 1}, {1},
                              {.shrink_axis_mask = 1}, where)};
}

/// `x` with these extents. One unknown one follows from the others; with more, all are put together
/// when the graph runs.
Output reshaped(const Output &x, const std::vector<Extent> &extents, std::string_view name,
                Where where) {
  AxisList numbers;
  for (const Extent &extent : extents)
    numbers.push_back(extent.number);
  if (x.shape().is_compatible_with(Shape(numbers)) && std::ranges::count(numbers, none) == 0 &&
      x.shape().is_fully_known())
    return identity(x, name, where);
  if (std::ranges::count(numbers, none) <= 1)
    return reshape(x, numbers, name, where);
  std::vector<Output> scalars;
  for (const Extent &extent : extents)
    scalars.push_back(
        extent.scalar
            ? extent.scalar
            : x.graph().constant(Tensor(static_cast<std::int32_t>(extent.number)), "Const", where));
  return reshape(x, stack(scalars, 0, {}, where), name, where);
}

/// A tensor's axes in three groups; each operand of a product is its batch, then a matrix.
struct Groups {
  AxisList batch, rows, columns;
};

/// The extents of axes in a group, each by itself.
std::vector<Extent> extentsOf(const Output &x, const AxisList &axes, Where where) {
  std::vector<Extent> extents;
  for (std::int64_t axis : axes)
    extents.push_back(extentOf(x, axis, where));
  return extents;
}

/// The extent of a group's axes as one.
Extent merged(const std::vector<Extent> &extents, Where where) {
  Extent product;
  for (const Extent &extent : extents) {
    if (product.number >= 0 && extent.number >= 0) {
      product.number *= extent.number;
      continue;
    }
    const Input left = product.scalar ? Input(product.scalar) : Input(product.number);
    const Input right = extent.scalar ? Input(extent.scalar) : Input(extent.number);
    // A product of nothing but this extent is this extent.
    product.scalar = !product.scalar && product.number == 1 ? extent.scalar
                                                            : multiply(left, right, "mul", where);
    product.number = none;
  }
  return product;
}

/// x as [batch..., rows, columns], each group's axes merged into one.
Output asMatrices(const Output &x, const Groups &groups, Where where) {
  AxisList order = groups.batch;
  order.insert(order.end(), groups.rows.begin(), groups.rows.end());
  order.insert(order.end(), groups.columns.begin(), groups.columns.end());
  const Output ordered = std::ranges::is_sorted(order) ? x : transpose(x, order, {}, where);
  if (groups.rows.size() == 1 && groups.columns.size() == 1)
    return ordered;
  std::vector<Extent> extents = extentsOf(x, groups.batch, where);
  extents.push_back(merged(extentsOf(x, groups.rows, where), where));
  extents.push_back(merged(extentsOf(x, groups.columns, where), where));
  return reshaped(ordered, extents, {}, where);
}

/// Sums over a's columns and b's rows; the result's axes are the batch, a's rows and b's columns.
Output contract(const Output &a, const Groups &ofA, const Output &b, const Groups &ofB,
                std::string_view name, Where where) {
  const Output left = asMatrices(a, ofA, where);
  const Output product = matmul(left, asMatrices(b, ofB, where), {}, where);
  if (ofA.rows.size() == 1 && ofB.columns.size() == 1)
    return identity(product, name, where);
  std::vector<Extent> extents = extentsOf(a, ofA.batch, where);
  for (const Extent &extent : extentsOf(a, ofA.rows, where))
    extents.push_back(extent);
  for (const Extent &extent : extentsOf(b, ofB.columns, where))
    extents.push_back(extent);
  return reshaped(product, extents, name, where);
}

AxisList axesOutside(const AxisList &axes, std::int64_t rank) {
  AxisList others;
  for (std::int64_t axis = 0; axis < rank; ++axis)
    if (std::ranges::find(axes, axis) == axes.end())
      others.push_back(axis);
  return others;
}

/// Why the operands cannot be contracted; empty where they can.
std::string whyUnknown(std::span<const Output> inputs) {
  for (const Output &input : inputs)
    if (!input.shape().has_rank())
      return "expected tensors of known rank, got an unknown one";
  return {};
}

} // namespace

Output tensordot(const Output &a, const Output &b, const ContractedAxes &axes,
                 std::string_view name, Where where) {
  const Output operands[] = {a, b};
  Graph &graph = graphOf(operands, "tensordot", where);
  OpScope scope(graph, name, "Tensordot");
  const auto wrong = [&](std::string message) {
    return fail(graph, Code::invalid_argument, std::move(message), scope.name(), where);
  };
  if (!a || !b)
    return wrong("an operand is empty: expected a tensor");
  if (a.is_poisoned() || b.is_poisoned())
    return Output::from_opaque(graph, nullptr);
  if (std::string why = whyUnknown(operands); !why.empty())
    return wrong(std::move(why));
  AxisList ofA = axes.a, ofB = axes.b;
  if (axes.count >= 0) {
    if (axes.count > std::min(a.shape().rank(), b.shape().rank()))
      return wrong("expected at most as many axes as " + a.shape().to_string() + " and " +
                   b.shape().to_string() + " have, got " + std::to_string(axes.count));
    ofA.resize(static_cast<std::size_t>(axes.count));
    std::iota(ofA.begin(), ofA.end(), a.shape().rank() - axes.count);
    ofB.resize(static_cast<std::size_t>(axes.count));
    std::iota(ofB.begin(), ofB.end(), 0);
  }
  if (ofA.size() != ofB.size())
    return wrong("expected as many axes of a as of b, got " + std::to_string(ofA.size()) + " and " +
                 std::to_string(ofB.size()));
  for (std::size_t i = 0; i < ofA.size(); ++i) {
    const std::optional<std::int64_t> first =
        normalizedAxis(graph, ofA[i], a.shape().rank(), scope.name(), where);
    if (!first)
      return Output::from_opaque(graph, nullptr);
    const std::optional<std::int64_t> second =
        normalizedAxis(graph, ofB[i], b.shape().rank(), scope.name(), where);
    if (!second)
      return Output::from_opaque(graph, nullptr);
    ofA[i] = *first;
    ofB[i] = *second;
    const std::int64_t m = a.shape()[*first], n = b.shape()[*second];
    if (m >= 0 && n >= 0 && m != n)
      return wrong("expected equal extents along axis " + std::to_string(*first) + " of " +
                   a.shape().to_string() + " and axis " + std::to_string(*second) + " of " +
                   b.shape().to_string());
  }
  return contract(a, {{}, axesOutside(ofA, a.shape().rank()), ofA}, b,
                  {{}, ofB, axesOutside(ofB, b.shape().rank())}, scope.name(), where);
}

//===--- einsum -------------------------------------------------------------------------------===//

namespace {

/// Stands for "..." until the axes that it covers are known; then these are called by digits, '0'
/// the last of them.
constexpr char kEllipsis = '\1';

struct Equation {
  std::vector<std::string> inputs;
  std::string output;
  std::string wrong; ///< what is wrong with it; empty where nothing is
};

/// As it was written.
std::string written(std::string_view letters) {
  std::string text;
  for (char c : letters)
    text += c == kEllipsis ? "..." : std::string(1, c);
  return text;
}

Equation parse(std::string_view text, std::size_t count) {
  Equation equation;
  std::string letters;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("...")) {
      letters += kEllipsis;
      i += 2;
    } else if (text[i] != ' ') {
      letters += text[i];
    }
  }
  const std::size_t arrow = letters.find("->");
  std::string left = letters.substr(0, arrow);
  std::string all;
  for (std::size_t begin = 0; begin <= left.size();) {
    const std::size_t end = std::min(left.find(',', begin), left.size());
    equation.inputs.push_back(left.substr(begin, end - begin));
    all += equation.inputs.back();
    begin = end + 1;
  }
  const auto refuse = [&](std::string why) {
    equation.wrong = std::move(why) + ", got \"" + std::string(text) + "\"";
    return equation;
  };
  if (arrow != std::string::npos)
    equation.output = letters.substr(arrow + 2);
  for (char c : all + equation.output)
    if (!std::isalpha(static_cast<unsigned char>(c)) && c != kEllipsis)
      return refuse("expected letters, \"...\", commas and one arrow");
  if (equation.inputs.size() != count)
    return refuse("expected subscripts for " + std::to_string(count) + " tensors");
  for (const std::string &input : equation.inputs)
    for (char c : input)
      if (std::ranges::count(input, c) > 1)
        return refuse("expected every letter once in a tensor, '" + written({&c, 1}) +
                      "' stands twice in '" + written(input) + "'");
  const bool covered = all.find(kEllipsis) != std::string::npos;
  if (arrow == std::string::npos) {
    for (char c : all)
      if (std::ranges::count(all, c) == 1 && c != kEllipsis)
        equation.output += c;
    std::ranges::sort(equation.output);
    if (covered)
      equation.output.insert(equation.output.begin(), kEllipsis);
  }
  for (char c : equation.output)
    if (all.find(c) == std::string::npos || std::ranges::count(equation.output, c) > 1)
      return refuse("expected letters of the inputs, each once, after the arrow, '" +
                    written({&c, 1}) + "' is not");
  if (covered && equation.output.find(kEllipsis) == std::string::npos)
    return refuse("expected \"...\" after the arrow too");
  return equation;
}

/// `letters` with digits for the `covered` axes of its ellipsis.
std::string spelledOut(const std::string &letters, std::int64_t covered) {
  std::string out;
  for (char c : letters) {
    if (c != kEllipsis)
      out += c;
    for (std::int64_t axis = covered; c == kEllipsis && axis > 0; --axis)
      out += static_cast<char>('0' + axis - 1);
  }
  return out;
}

/// Calls the axes that ellipses cover by digits, for tensors of these ranks.
void spellOut(Equation &equation, const std::vector<Output> &inputs) {
  constexpr std::int64_t kMost = 10; // as many as there are digits
  std::int64_t most = 0;
  for (std::size_t i = 0; i < inputs.size() && equation.wrong.empty(); ++i) {
    std::string &letters = equation.inputs[i];
    const bool has = letters.find(kEllipsis) != std::string::npos;
    const Shape shape = inputs[i].shape();
    const std::int64_t covered =
        shape.rank() - static_cast<std::int64_t>(letters.size()) + (has ? 1 : 0);
    if (covered < 0 || (!has && covered > 0))
      equation.wrong = "expected a letter for each axis of " + shape.to_string() + ", got '" +
                       written(letters) + "'";
    else if (covered > kMost)
      equation.wrong = "expected \"...\" for at most " + std::to_string(kMost) + " axes of " +
                       shape.to_string() + ", got '" + written(letters) + "'";
    letters = spelledOut(letters, covered);
    most = std::max(most, covered);
  }
  equation.output = spelledOut(equation.output, most);
}

/// A tensor whose axes are called by letters.
struct Term {
  Output tensor;
  std::string letters;

  bool has(char c) const { return letters.find(c) != std::string::npos; }
  std::int64_t axis(char c) const { return static_cast<std::int64_t>(letters.find(c)); }
};

/// Sums over the axes that nothing else needs.
Term summed(Term term, std::string_view needed, Where where) {
  AxisList axes;
  std::string left;
  for (char c : term.letters) {
    if (needed.find(c) == std::string_view::npos)
      axes.push_back(term.axis(c));
    else
      left += c;
  }
  if (axes.empty())
    return term;
  return {reduce_sum(term.tensor, axes, false, {}, where), left};
}

/// The product of two terms, summed over the letters that both have and nothing else needs.
Term product(const Term &a, const Term &b, std::string_view needed, Where where) {
  Groups ofA, ofB;
  std::string batch, rows, columns;
  for (char c : a.letters) {
    const bool wanted = needed.find(c) != std::string_view::npos;
    if (!b.has(c)) {
      ofA.rows.push_back(a.axis(c));
      rows += c;
    } else if (wanted) {
      ofA.batch.push_back(a.axis(c));
      ofB.batch.push_back(b.axis(c));
      batch += c;
    } else {
      ofA.columns.push_back(a.axis(c));
      ofB.rows.push_back(b.axis(c));
    }
  }
  for (char c : b.letters)
    if (!a.has(c)) {
      ofB.columns.push_back(b.axis(c));
      columns += c;
    }
  return {contract(a.tensor, ofA, b.tensor, ofB, {}, where), batch + rows + columns};
}

} // namespace

Output einsum(std::string_view text, const std::vector<Output> &inputs, std::string_view name,
              Where where) {
  Graph &graph = graphOf(inputs, "einsum", where);
  OpScope scope(graph, name, "einsum");
  const auto wrong = [&](std::string message) {
    return fail(graph, Code::invalid_argument, std::move(message), scope.name(), where);
  };
  Equation equation = parse(text, inputs.size());
  if (!equation.wrong.empty())
    return wrong(equation.wrong);
  for (const Output &input : inputs) {
    if (!input)
      return wrong("an operand is empty: expected a tensor");
    if (input.is_poisoned())
      return input;
  }
  if (std::string why = whyUnknown(inputs); !why.empty())
    return wrong(std::move(why));
  spellOut(equation, inputs);
  if (!equation.wrong.empty())
    return wrong(equation.wrong);
  std::vector<std::int64_t> extents(256, none);
  std::vector<bool> stretches(256, false); // is any tensor's extent along it not known to be 1?
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string &letters = equation.inputs[i];
    const Shape shape = inputs[i].shape();
    for (std::size_t axis = 0; axis < letters.size(); ++axis) {
      const auto letter = static_cast<unsigned char>(letters[axis]);
      const std::int64_t extent = shape[static_cast<std::int64_t>(axis)];
      stretches[letter] = stretches[letter] || extent != 1;
      if (extent == 1 && std::isdigit(letter))
        continue;
      std::int64_t &known = extents[letter];
      if (known >= 0 && extent >= 0 && known != extent)
        return wrong((std::isdigit(letter)
                          ? std::string("expected axes of \"...\" that broadcast")
                          : std::string("expected one extent for '") + letters[axis] + "'") +
                     ", got " + std::to_string(known) + " and " + std::to_string(extent));
      known = std::max(known, extent);
    }
  }

  std::vector<Term> terms;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Term term{inputs[i], {}};
    AxisList ones; // a tensor without an axis is the same all along it
    for (char c : equation.inputs[i]) {
      const std::int64_t axis = static_cast<std::int64_t>(equation.inputs[i].find(c));
      if (std::isdigit(static_cast<unsigned char>(c)) && inputs[i].shape()[axis] == 1 &&
          stretches[static_cast<unsigned char>(c)])
        ones.push_back(axis);
      else
        term.letters += c;
    }
    if (!ones.empty())
      term.tensor = squeeze(term.tensor, ones, {}, where);
    terms.push_back(std::move(term));
  }
  Term total;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::string needed = equation.output;
    for (std::size_t later = i + 1; later < inputs.size(); ++later)
      needed += terms[later].letters;
    const Term term = summed(terms[i], needed + (i > 0 ? total.letters : ""), where);
    // What only the terms so far have in common goes with their product.
    total = i == 0 ? term : product(total, term, needed, where);
    total = summed(total, needed, where);
  }
  AxisList order;
  for (char c : equation.output)
    order.push_back(total.axis(c));
  return std::ranges::is_sorted(order) ? identity(total.tensor, scope.name(), where)
                                       : transpose(total.tensor, order, scope.name(), where);
}

} // namespace graphc

#include "frontend/crf/ConditionalRandomField.h"

#include <limits>
#include <numeric>

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Indexing.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Reductions.h"
#include "frontend/rnn/BodyRecorder.h"

namespace graphc::crf {
namespace {

/// The scores and lengths of a batch, checked, and what all of the algorithms make of them.
struct Sequences {
  Graph &graph;
  Output scores;  ///< [batch, steps, tags]
  Output lengths; ///< int32 [batch], at most steps
  std::int64_t steps, tags;
  Where where;

  /// Their number, known now or when the graph runs.
  Input numSteps() const {
    if (steps >= 0)
      return steps;
    return strided_slice(graphc::shape(scores, {}, int32, where), {1}, {2}, {1},
                         {.shrink_axis_mask = 1}, where);
  }
  /// [steps, batch, tags], what a recurrence runs over.
  Output byStep() const { return transpose(scores, {1, 0, 2}, {}, where); }
  /// [batch, tags]: the scores of the first step.
  Output first() const {
    return squeeze(slice(scores, {0, 0, 0}, {-1, 1, -1}, {}, where), 1, {}, where);
  }
  /// `values` [batch] where there is a sequence, zeros where its length is 0.
  Output ofNonempty(const Output &values) const {
    return graphc::where(greater(lengths, 0, {}, where), values, zeros_like(values, {}, where), {},
                         where);
  }
};

/// What keeps these from being a batch of sequences; empty where nothing does.
std::string whyWrong(const Output &inputs, const Output &lengths) {
  const Shape shape = inputs.shape();
  if (!is_floating(inputs.dtype()))
    return "expected scores of float32 or float64, got " + std::string(to_string(inputs.dtype()));
  if (!shape.has_rank() || shape.rank() != 3 || shape[1] == 0 || shape[2] < 1)
    return "expected scores [batch, steps, tags] of one step or more and known tags, got " +
           shape.to_string();
  if (!lengths.shape().is_compatible_with(Shape{shape[0]}))
    return "expected a length for each sequence of " + shape.to_string() + ", got " +
           lengths.shape().to_string();
  return {};
}

std::optional<Sequences> sequencesOf(const OpScope &scope, Graph &graph, const Output &inputs,
                                     const Output &sequence_lengths, Where where) {
  const auto wrong = [&](std::string message) {
    fail(graph, Code::invalid_argument, std::move(message), scope.name(), where);
    return std::nullopt;
  };
  if (!inputs || !sequence_lengths)
    return wrong("an operand is empty: expected a tensor");
  if (inputs.is_poisoned() || sequence_lengths.is_poisoned())
    return std::nullopt;
  if (std::string why = whyWrong(inputs, sequence_lengths); !why.empty())
    return wrong(std::move(why));
  Sequences sequences{graph, inputs, {}, inputs.shape()[1], inputs.shape()[2], where};
  sequences.lengths =
      minimum(cast(sequence_lengths, int32, {}, where), sequences.numSteps(), {}, where);
  return sequences;
}

/// True, after fail(), where the transitions are not [tags, tags] of the scores' dtype.
bool wrongTransitions(const OpScope &scope, const Sequences &sequences, const Output &transitions) {
  if (!transitions)
    fail(sequences.graph, Code::invalid_argument, "an operand is empty: expected a tensor",
         scope.name(), sequences.where);
  if (!transitions || transitions.is_poisoned())
    return true;
  const Shape expected{sequences.tags, sequences.tags};
  if (transitions.dtype() == sequences.scores.dtype() &&
      transitions.shape().is_compatible_with(expected))
    return false;
  fail(sequences.graph, Code::invalid_argument,
       "expected transition_params " + ValueType{sequences.scores.dtype(), expected}.to_string() +
           ", got " + ValueType{transitions.dtype(), transitions.shape()}.to_string(),
       scope.name(), sequences.where);
  return true;
}

/// A constant 0, 1, ... below `count`.
Output countUp(const Sequences &sequences, std::int64_t count) {
  std::vector<std::int32_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return sequences.graph.constant(Tensor::of<std::int32_t>({count}, numbers), "Const",
                                  sequences.where);
}

Output stepIndex(const Sequences &sequences) {
  return record(sequences.graph, "step_index", {}, {},
                {.name = "time", .where = sequences.where, .types = {{int32, Shape{}}}})
      .front();
}

/// One run over the steps: `step(slice, state, lengths)` gives an output and the new state.
struct Scanned {
  Output outputs; ///< [steps, ...]
  Output state;   ///< the last one
};
struct Step {
  Output output, state;
};
template <typename Function>
Scanned scan(const Sequences &sequences, const Output &sequence, const Output &initial,
             bool reverse, Function step) {
  const Shape whole = sequence.shape();
  const ValueType slice{sequence.dtype(), Shape(std::vector<std::int64_t>(
                                              whole.extents().begin() + 1, whole.extents().end()))};
  const Output states[] = {initial, sequences.lengths};
  BodyRecorder body(sequences.graph, sequences.graph.unique_name("scan"), std::span(&slice, 1),
                    states, sequences.where);
  const std::vector<Output> arguments = body.states();
  const Step made = step(body.slices().front(), arguments[0], arguments[1]);
  const Output after[] = {made.state, arguments[1]};
  const std::vector<Output> results = body.finish(
      std::span(&made.output, 1), after, std::span(&sequence, 1), sequences.steps, reverse);
  return {results[0], results[1]};
}

/// Whether a step is neither the first nor beyond the end, as a column beside the tags.
Output continues(const Sequences &sequences, const Output &time, const Output &lengths) {
  const Where where = sequences.where;
  return expand_dims(
      logical_and(greater(time, 0, {}, where), less(time, lengths, {}, where), {}, where), 1, {},
      where);
}

/// scores[b, i] + transitions[i, j]: [batch, tags, tags].
Output extended(const Output &scores, const Output &transitions, Where where) {
  return add(expand_dims(scores, 2, {}, where), transitions, {}, where);
}

} // namespace

Output sequence_score(const Output &inputs, const Output &tag_indices,
                      const Output &sequence_lengths, const Output &transition_params,
                      Where where) {
  const Output operands[] = {inputs, tag_indices, sequence_lengths, transition_params};
  Graph &graph = graphOf(operands, "crf::sequence_score", where);
  OpScope scope(graph, "crf_sequence_score", "crf_sequence_score");
  const Output none = Output::from_opaque(graph, nullptr);
  const std::optional<Sequences> s = sequencesOf(scope, graph, inputs, sequence_lengths, where);
  if (!s || !tag_indices || tag_indices.is_poisoned() ||
      wrongTransitions(scope, *s, transition_params))
    return none;
  if (!tag_indices.shape().is_compatible_with(Shape{inputs.shape()[0], s->steps}))
    return fail(graph, Code::invalid_argument,
                "expected tag_indices [batch, steps] of " + inputs.shape().to_string() + ", got " +
                    tag_indices.shape().to_string(),
                scope.name(), where);
  // Whether tag k stands at step t: scores are picked by conditions and sums, which make one
  // kernel, rather than gathered.
  const Output places = countUp(*s, s->tags);
  const Output inside =
      expand_dims(sequence_mask(s->lengths, s->numSteps(), bool_, {}, where), 2, {}, where);
  const Output chosen =
      logical_and(graphc::equal(expand_dims(cast(tag_indices, int32, {}, where), 2, {}, where),
                                places, {}, where),
                  inside, {}, where);
  const Output unary =
      reduce_sum(graphc::where(chosen, inputs, 0, {}, where), {1, 2}, false, "unary_score", where);
  if (s->steps == 1)
    return unary;
  // All steps but the last, and all but the first.
  const Output from = strided_slice(chosen, {0, 0, 0}, {0, -1, 0}, {},
                                    {.begin_mask = 0b111, .end_mask = 0b101}, where);
  const Output to = strided_slice(chosen, {0, 1, 0}, {0, 0, 0}, {},
                                  {.begin_mask = 0b101, .end_mask = 0b111}, where);
  const Output pairs =
      logical_and(expand_dims(from, 3, {}, where), expand_dims(to, 2, {}, where), {}, where);
  const Output binary = reduce_sum(graphc::where(pairs, transition_params, 0, {}, where), {1, 2, 3},
                                   false, "binary_score", where);
  return add(unary, binary, scope.name(), where);
}

Output log_norm(const Output &inputs, const Output &sequence_lengths,
                const Output &transition_params, Where where) {
  const Output operands[] = {inputs, sequence_lengths, transition_params};
  Graph &graph = graphOf(operands, "crf::log_norm", where);
  OpScope scope(graph, "crf_log_norm", "crf_log_norm");
  const std::optional<Sequences> s = sequencesOf(scope, graph, inputs, sequence_lengths, where);
  if (!s || wrongTransitions(scope, *s, transition_params))
    return Output::from_opaque(graph, nullptr);
  const Output transitions = expand_dims(transition_params, 0, {}, where);
  // alpha[t, j] = scores[t, j] + log sum over i of exp(alpha[t-1, i] + transitions[i, j])
  const Scanned alphas =
      scan(*s, s->byStep(), s->first(), false,
           [&](const Output &scores, const Output &alpha, const Output &lengths) -> Step {
             const Output next = add(
                 scores, reduce_logsumexp(extended(alpha, transitions, where), 1, false, {}, where),
                 {}, where);
             const Output kept =
                 graphc::where(continues(*s, stepIndex(*s), lengths), next, alpha, {}, where);
             return {kept, kept};
           });
  return s->ofNonempty(reduce_logsumexp(alphas.state, 1, false, {}, where));
}

LogLikelihood log_likelihood(const Output &inputs, const Output &tag_indices,
                             const Output &sequence_lengths, const Output &transition_params,
                             Where where) {
  const Output operands[] = {inputs, tag_indices, sequence_lengths};
  Graph &graph = graphOf(operands, "crf::log_likelihood", where);
  Output transitions = transition_params;
  if (!transitions) {
    const Shape shape = inputs && !inputs.is_poisoned() ? inputs.shape() : Shape::unknown_rank();
    if (!shape.has_rank() || shape.rank() != 3 || shape[2] < 1) {
      const Output none = inputs.is_poisoned() ? inputs
                                               : fail(graph, Code::invalid_argument,
                                                      "expected scores [batch, steps, tags] of one "
                                                      "step or more and known tags, got " +
                                                          shape.to_string(),
                                                      "crf_log_likelihood", where);
      return {none, none};
    }
    transitions = graph.get_variable("transitions", Shape{shape[2], shape[2]},
                                     {.dtype = inputs.dtype()}, where);
  }
  OpScope scope(graph, "crf_log_likelihood", "crf_log_likelihood");
  const Output score = sequence_score(inputs, tag_indices, sequence_lengths, transitions, where);
  const Output norm = log_norm(inputs, sequence_lengths, transitions, where);
  return {subtract(score, norm, scope.name(), where), transitions};
}

Decoded decode(const Output &potentials, const Output &transition_params,
               const Output &sequence_length, Where where) {
  const Output operands[] = {potentials, sequence_length, transition_params};
  Graph &graph = graphOf(operands, "crf::decode", where);
  OpScope scope(graph, "crf_decode", "crf_decode");
  const std::optional<Sequences> s = sequencesOf(scope, graph, potentials, sequence_length, where);
  if (!s || wrongTransitions(scope, *s, transition_params)) {
    const Output none = Output::from_opaque(graph, nullptr);
    return {none, none};
  }
  const Output transitions = expand_dims(transition_params, 0, {}, where);
  // best[t, j] = scores[t, j] + max over i of best[t-1, i] + transitions[i, j]
  const Scanned best =
      scan(*s, s->byStep(), s->first(), false,
           [&](const Output &scores, const Output &before, const Output &lengths) -> Step {
             const Output next =
                 add(scores, reduce_max(extended(before, transitions, where), 1, false, {}, where),
                     {}, where);
             const Output kept =
                 graphc::where(continues(*s, stepIndex(*s), lengths), next, before, {}, where);
             return {kept, kept};
           });
  const Output score = s->ofNonempty(reduce_max(best.state, 1, false, {}, where));

  // Backwards: the tag of a step is the one from which the next step's was reached. It is found
  // again from the scores, so that no table of pointers is kept.
  const Output places = countUp(*s, s->tags);
  const Output last = zeros_like(expand_dims(s->lengths, 1, {}, where), {}, where);
  const Scanned tags = scan(
      *s, best.outputs, last, true,
      [&](const Output &scores, const Output &next, const Output &lengths) -> Step {
        const Output time = stepIndex(*s);
        const Output hasNext =
            expand_dims(less(time, subtract(lengths, 1, {}, where), {}, where), 1, {}, where);
        // transitions[i, next] for each i, picked exactly.
        const Output isNext = expand_dims(graphc::equal(next, places, {}, where), 1, {}, where);
        const Output onward = reduce_max(
            graphc::where(isNext, transitions, -std::numeric_limits<double>::infinity(), {}, where),
            2, false, {}, where);
        const Output through =
            add(scores, graphc::where(hasNext, onward, zeros_like(onward, {}, where), {}, where),
                {}, where);
        const Output isBest =
            graphc::equal(through, reduce_max(through, 1, true, {}, where), {}, where);
        const Output tag = reduce_min(
            graphc::where(isBest, places, static_cast<std::int32_t>(s->tags - 1), {}, where), 1,
            true, {}, where);
        const Output inside = expand_dims(less(time, lengths, {}, where), 1, {}, where);
        return {graphc::where(inside, tag, zeros_like(tag, {}, where), {}, where), tag};
      });
  // [steps, batch, 1] -> [batch, steps]
  const Output bySequence =
      transpose(squeeze(tags.outputs, 2, {}, where), {1, 0}, scope.name(), where);
  return {bySequence, score};
}

} // namespace graphc::crf

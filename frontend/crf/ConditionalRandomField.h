// Linear-chain conditional random fields, TensorFlow 1's tf.contrib.crf.
//
// A sequence of tags y scores sum over t of inputs[t, y[t]] + sum over t >= 1 of
// transitions[y[t-1], y[t]]; its probability is the exponential of that, divided by the sum over
// all sequences of tags (Lafferty, McCallum, Pereira, "Conditional Random Fields", ICML 2001).
//
// Everywhere `inputs` are scores [batch, steps, tags], float32 or float64, of which only tags must
// be known; `tag_indices` [batch, steps] and `sequence_lengths` [batch] are int32 or int64.
// What lies beyond a sequence's length counts for nothing; a sequence of length 0 scores 0. Lengths
// above the number of steps count as that number. What does not fit is an Error (invalid_argument)
// that names the function and the user's line.
#pragma once

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc::crf {

/// The score of the given tags: [batch].
Output sequence_score(const Output &inputs, const Output &tag_indices,
                      const Output &sequence_lengths, const Output &transition_params,
                      Where where = Where::current());
/// The logarithm of the sum of exp(score) over all sequences of tags, by the forward algorithm:
/// [batch]. Its gradient is the backward algorithm: the marginal probabilities.
Output log_norm(const Output &inputs, const Output &sequence_lengths,
                const Output &transition_params, Where where = Where::current());

struct LogLikelihood {
  Output log_likelihood;    ///< [batch]: sequence_score - log_norm
  Output transition_params; ///< [tags, tags]
};
/// The log-likelihood of the given tags. Without transition_params, a variable "transitions" under
/// the open variable scope, by its default initializer.
LogLikelihood log_likelihood(const Output &inputs, const Output &tag_indices,
                             const Output &sequence_lengths, const Output &transition_params = {},
                             Where where = Where::current());

struct Decoded {
  Output tags;       ///< int32 [batch, steps], 0 beyond a sequence's length
  Output best_score; ///< [batch]: their score
};
/// The sequence of tags with the highest score, by the algorithm of Viterbi; of equal ones the one
/// whose last differing tag is smaller.
Decoded decode(const Output &potentials, const Output &transition_params,
               const Output &sequence_length, Where where = Where::current());

} // namespace graphc::crf

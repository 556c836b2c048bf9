// Film reviews as word numbers: the Large Movie Review Dataset (A. L. Maas and others, "Learning
// Word Vectors for Sentiment Analysis", ACL 2011), packed as arrays.
#pragma once

#include <filesystem>

#include "examples/Programs.h"

namespace graphc::examples {

/// Word numbers: 0 is padding, 1 begins a review, 2 stands for rare words, the commonest word is 4.
inline constexpr std::int64_t kImdbVocabulary = 10000;

/// Reviews one after the other.
struct Reviews {
  Tensor words;   ///< int32 [all words]
  Tensor offsets; ///< int32 [reviews + 1]: where review k begins and k - 1 ends
  Tensor labels;  ///< uint8 [reviews], 1 where it likes the film

  std::int64_t size() const { return labels.num_elements(); }
};

struct ImdbData {
  Reviews train;
  Reviews test;
};

/// Reads {train,test}_{tokens.npy.gz,offsets.npy,labels.npy}. Throws Error: not_found where one is
/// missing (naming it), data_loss where a file is damaged or the files do not fit together.
ImdbData readImdbData(const std::filesystem::path &folder);

/// Reviews of words drawn at random, of which a few are commoner in those that like their film.
ImdbData syntheticImdbData(std::uint64_t seed);

/// int32 [reviews, length]: the last `length` words of each, zeros in front of shorter ones.
Tensor lastWords(const Reviews &reviews, std::int64_t length);

} // namespace graphc::examples

#include "examples/data/ImdbData.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "runtime/NpyFile.h"

namespace graphc::examples {

namespace fs = std::filesystem;

static Reviews readHalf(const fs::path &folder, const std::string &half) {
  Reviews reviews{read_npy(folder / (half + "_tokens.npy.gz")),
                  read_npy(folder / (half + "_offsets.npy")),
                  read_npy(folder / (half + "_labels.npy"))};
  const std::span<const std::int32_t> offsets = reviews.offsets.values<std::int32_t>();
  const std::span<const std::int32_t> words = reviews.words.values<std::int32_t>();
  const bool fits = offsets.size() == static_cast<std::size_t>(reviews.size()) + 1 &&
                    offsets.front() == 0 && std::ranges::is_sorted(offsets) &&
                    offsets.back() == reviews.words.num_elements();
  if (!fits)
    throw Error(Code::data_loss,
                fmt::format("the {} reviews in '{}' do not fit together: {} labels, {} offsets, {} "
                            "words",
                            half, folder.string(), reviews.size(), offsets.size(), words.size()));
  for (std::int32_t word : words)
    if (word < 0 || word >= kImdbVocabulary)
      throw Error(Code::data_loss, fmt::format("the {} reviews in '{}' hold word {}, expected less "
                                               "than {}",
                                               half, folder.string(), word, kImdbVocabulary));
  return reviews;
}

ImdbData readImdbData(const fs::path &folder) {
  return {readHalf(folder, "train"), readHalf(folder, "test")};
}

static Reviews syntheticHalf(std::int64_t count, std::mt19937_64 &random) {
  std::vector<std::int32_t> words, offsets = {0};
  Tensor labels(uint8, {count});
  std::uniform_int_distribution<std::int32_t> length(60, 400), any(4, kImdbVocabulary - 1),
      telling(100, 139);
  std::bernoulli_distribution likes(0.5), tells(0.05), right(0.8);
  for (std::int64_t k = 0; k < count; ++k) {
    const bool liked = likes(random);
    labels.data<std::uint8_t>()[k] = liked;
    words.push_back(1);
    for (std::int32_t i = length(random); i > 0; --i)
      // Words 100 to 139 tell what is thought of the film, from 140 on the opposite of it.
      words.push_back(!tells(random) ? any(random)
                                     : telling(random) + (liked == right(random) ? 0 : 40));
    offsets.push_back(static_cast<std::int32_t>(words.size()));
  }
  return {Tensor::of(Shape{static_cast<std::int64_t>(words.size())}, words),
          Tensor::of(Shape{count + 1}, offsets), labels};
}

ImdbData syntheticImdbData(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Reviews train = syntheticHalf(25000, random);
  return {std::move(train), syntheticHalf(25000, random)};
}

Tensor lastWords(const Reviews &reviews, std::int64_t length) {
  Tensor rows = Tensor::zeros(int32, {reviews.size(), length});
  const std::int32_t *offsets = reviews.offsets.data<std::int32_t>();
  for (std::int64_t k = 0; k < reviews.size(); ++k) {
    const std::int64_t count = std::min<std::int64_t>(offsets[k + 1] - offsets[k], length);
    std::copy_n(reviews.words.data<std::int32_t>() + offsets[k + 1] - count, count,
                rows.data<std::int32_t>() + (k + 1) * length - count);
  }
  return rows;
}

} // namespace graphc::examples

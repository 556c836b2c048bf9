// Sentences of words with a part of speech each, from files of lines "word<tab>tag" with an empty
// line after each sentence, plain or compressed by gzip.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "examples/Programs.h"

namespace graphc::examples {

/// The parts of speech of Universal Dependencies.
inline constexpr std::array<std::string_view, 17> kPartsOfSpeech = {
    "ADJ",  "ADP",  "ADV",   "AUX",   "CCONJ", "DET", "INTJ", "NOUN", "NUM",
    "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"};

struct TaggedWord {
  std::string word;
  std::int32_t tag = 0; ///< its place in kPartsOfSpeech
};
using TaggedSentence = std::vector<TaggedWord>;

/// Throws Error: not_found where there is no such file, data_loss with the number of the line that
/// is no word and tag.
std::vector<TaggedSentence> readTaggedSentences(const std::filesystem::path &path);
/// Made-up words whose endings and order follow their parts of speech.
std::vector<TaggedSentence> syntheticSentences(std::size_t count, std::uint64_t seed);

/// Numbers for strings: 0 is left for padding, 1 stands for all that were too rare.
class StringNumbers {
public:
  /// Numbers strings that were counted at least `least` times, in the order of the alphabet.
  StringNumbers(const std::unordered_map<std::string, std::int64_t> &counts, std::int64_t least);
  std::int32_t operator[](const std::string &text) const;
  /// Numbers in use, 0 and 1 included.
  std::int64_t size() const { return static_cast<std::int64_t>(numbers_.size()) + 2; }

private:
  std::unordered_map<std::string, std::int32_t> numbers_;
};

/// What stands in for a word that was never seen: its last three letters in lower case, behind a
/// mark where it starts with a capital, is a number, or neither.
std::string suffixOf(const std::string &word);

/// As many words as a row holds; longer sentences are cut into several rows.
inline constexpr std::int64_t kSentenceSteps = 40;

/// Rows of int32 words [steps], suffixes [steps], a length and tags [steps]; sizes "words" and
/// "suffixes". Words that occur once in training count as unknown.
Data loadTaggedSentences(const RunOptions &options);

} // namespace graphc::examples

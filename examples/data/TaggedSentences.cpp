#include "examples/data/TaggedSentences.h"

#include <algorithm>
#include <random>
#include <span>

#include <fmt/format.h>

#include "examples/data/TextFile.h"
#include "examples/training/DataFolder.h"

namespace graphc::examples {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLeastCount = 2;

fs::path fileOf(const fs::path &folder, std::string_view part) {
  const fs::path plain = folder / fmt::format("en_ewt-ud-{}.form-upos.tsv", part);
  const fs::path packed = plain.string() + ".gz";
  return fs::exists(packed) ? packed : plain;
}

/// Where UTF-8 letter number `count` from the end begins.
std::size_t fromEnd(const std::string &text, int count) {
  std::size_t at = text.size();
  while (at > 0 && count > 0)
    if ((static_cast<unsigned char>(text[--at]) & 0xC0) != 0x80)
      --count;
  return at;
}

std::string lowerCase(std::string text) {
  for (char &c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Pieces of at most kSentenceSteps words, as tensors.
Dataset asRows(const std::vector<TaggedSentence> &sentences, const StringNumbers &words,
               const StringNumbers &suffixes) {
  std::vector<std::span<const TaggedWord>> rows;
  for (const TaggedSentence &sentence : sentences)
    for (std::size_t begin = 0; begin < sentence.size(); begin += kSentenceSteps)
      rows.push_back(std::span(sentence).subspan(
          begin, std::min<std::size_t>(kSentenceSteps, sentence.size() - begin)));
  const auto count = static_cast<std::int64_t>(rows.size());
  const Shape shape{count, kSentenceSteps};
  // Zeros past a sentence's end.
  Tensor word = Tensor::zeros(int32, shape), suffix = Tensor::zeros(int32, shape);
  Tensor length = Tensor::zeros(int32, {count}), tag = Tensor::zeros(int32, shape);
  for (std::int64_t row = 0; row < count; ++row) {
    const std::span<const TaggedWord> sentence = rows[static_cast<std::size_t>(row)];
    length.data<std::int32_t>()[row] = static_cast<std::int32_t>(sentence.size());
    for (std::size_t t = 0; t < sentence.size(); ++t) {
      const std::int64_t at = row * kSentenceSteps + static_cast<std::int64_t>(t);
      word.data<std::int32_t>()[at] = words[lowerCase(sentence[t].word)];
      suffix.data<std::int32_t>()[at] = suffixes[suffixOf(sentence[t].word)];
      tag.data<std::int32_t>()[at] = sentence[t].tag;
    }
  }
  return rowsOf({word, suffix, length, tag});
}

Data asData(const std::vector<TaggedSentence> &train, const std::vector<TaggedSentence> &validation,
            const std::vector<TaggedSentence> &test) {
  std::unordered_map<std::string, std::int64_t> words, suffixes;
  for (const TaggedSentence &sentence : train)
    for (const TaggedWord &tagged : sentence) {
      ++words[lowerCase(tagged.word)];
      ++suffixes[suffixOf(tagged.word)];
    }
  const StringNumbers word_numbers(words, kLeastCount), suffix_numbers(suffixes, kLeastCount);
  return {.train = asRows(train, word_numbers, suffix_numbers),
          .validation = asRows(validation, word_numbers, suffix_numbers),
          .test = asRows(test, word_numbers, suffix_numbers),
          .source = {},
          .sizes = {{"words", word_numbers.size()}, {"suffixes", suffix_numbers.size()}}};
}

} // namespace

std::vector<TaggedSentence> readTaggedSentences(const fs::path &path) {
  const std::string text = readText(path);
  std::vector<TaggedSentence> sentences;
  TaggedSentence sentence;
  std::int64_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.ends_with('\r'))
      line.pop_back();
    if (line.empty()) {
      if (!sentence.empty())
        sentences.push_back(std::move(sentence));
      sentence.clear();
      continue;
    }
    const auto wrong = [&](const std::string &expected) {
      throw Error(Code::data_loss, fmt::format("'{}' line {}: expected {}, got '{}'", path.string(),
                                               number, expected, line));
    };
    const std::size_t tab = line.find('\t');
    if (tab == 0 || tab == std::string::npos)
      wrong("a word, a tab and a part of speech");
    const auto tag = std::ranges::find(kPartsOfSpeech, std::string_view(line).substr(tab + 1));
    if (tag == kPartsOfSpeech.end())
      wrong("one of the 17 parts of speech of Universal Dependencies behind the tab");
    sentence.push_back(
        {line.substr(0, tab), static_cast<std::int32_t>(tag - kPartsOfSpeech.begin())});
  }
  if (!sentence.empty())
    sentences.push_back(std::move(sentence));
  if (sentences.empty())
    throw Error(Code::data_loss, "'" + path.string() + "': expected sentences, got none");
  return sentences;
}

std::vector<TaggedSentence> syntheticSentences(std::size_t count, std::uint64_t seed) {
  constexpr auto kTags = static_cast<int>(kPartsOfSpeech.size());
  constexpr std::string_view kConsonants = "bdfgklmnprstvz", kVowels = "aeiou";
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  std::vector<TaggedSentence> sentences(count);
  for (TaggedSentence &sentence : sentences) {
    int tag = static_cast<int>(below(kTags));
    for (std::size_t length = 4 + below(20); sentence.size() < length;) {
      std::string word;
      for (std::size_t syllables = 1 + below(2); syllables > 0; --syllables) {
        word += kConsonants[below(kConsonants.size())];
        word += kVowels[below(kVowels.size())];
      }
      // Two parts of speech share an ending: only their neighbours tell them apart.
      const auto ending = static_cast<std::size_t>(tag / 2);
      word += {kConsonants[ending], kVowels[ending % kVowels.size()], 'x'};
      sentence.push_back({word, static_cast<std::int32_t>(tag)});
      tag = (tag * 5 + 3 + static_cast<int>(below(3))) % kTags;
    }
  }
  return sentences;
}

StringNumbers::StringNumbers(const std::unordered_map<std::string, std::int64_t> &counts,
                             std::int64_t least) {
  std::vector<std::string> kept;
  for (const auto &[text, count] : counts)
    if (count >= least)
      kept.push_back(text);
  std::ranges::sort(kept);
  for (const std::string &text : kept)
    numbers_.emplace(text, static_cast<std::int32_t>(numbers_.size()) + 2);
}

std::int32_t StringNumbers::operator[](const std::string &text) const {
  const auto found = numbers_.find(text);
  return found == numbers_.end() ? 1 : found->second;
}

std::string suffixOf(const std::string &word) {
  const char first = word.empty() ? ' ' : word.front();
  const char mark = first >= 'A' && first <= 'Z' ? '^' : first >= '0' && first <= '9' ? '#' : '-';
  return mark + lowerCase(word.substr(fromEnd(word, 3)));
}

Data loadTaggedSentences(const RunOptions &options) {
  const DataFolder folder{
      .name = "ud-ewt",
      .contents = "sentences",
      .origin = "The real data is the English Web Treebank of Universal Dependencies, published at "
                "https://universaldependencies.org/."};
  return loadData(
      options, folder,
      [](const fs::path &from) {
        return asData(readTaggedSentences(fileOf(from, "train")),
                      readTaggedSentences(fileOf(from, "dev")),
                      readTaggedSentences(fileOf(from, "test")));
      },
      [] {
        return asData(syntheticSentences(2000, 1), syntheticSentences(200, 2),
                      syntheticSentences(400, 3));
      });
}

} // namespace graphc::examples

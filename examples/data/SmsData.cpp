#include "examples/data/SmsData.h"

#include <algorithm>
#include <map>
#include <random>

#include <fmt/format.h>

#include "examples/data/TextFile.h"
#include "runtime/Status.h"

namespace graphc::examples {

/// Everything but letters and blanks is taken away, not replaced: "don't" is the word "dont".
static std::vector<std::string> cleanWords(std::string_view text) {
  std::vector<std::string> words(1);
  for (char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower >= 'a' && lower <= 'z')
      words.back() += lower;
    else if ((c == ' ' || c == '\t') && !words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty())
    words.pop_back();
  return words;
}

std::vector<Message> readSmsData(const std::filesystem::path &folder) {
  const std::filesystem::path path = folder / "SMSSpamCollection";
  const std::vector<std::string> lines = readLines(path);
  std::vector<Message> messages;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t tab = lines[i].find('\t');
    const std::string_view label = std::string_view(lines[i]).substr(0, tab);
    if (tab == std::string::npos || (label != "ham" && label != "spam"))
      throw Error(
          Code::data_loss,
          fmt::format("'{}' line {}: expected 'ham' or 'spam', a tab and a message, got '{}'",
                      path.string(), i + 1, lines[i].substr(0, 40)));
    messages.push_back({label == "spam", cleanWords(std::string_view(lines[i]).substr(tab + 1))});
  }
  if (messages.empty())
    throw Error(Code::data_loss, fmt::format("'{}' holds no message", path.string()));
  return messages;
}

std::vector<Message> syntheticSmsData(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::bernoulli_distribution is_spam(0.134), tells(0.3);
  std::uniform_int_distribution<int> length(4, 24), any(0, 899), telling(0, 29);
  std::vector<Message> messages;
  auto word = [](int number) {
    std::string letters;
    for (int i = 0; i < 3; ++i, number /= 26)
      letters += static_cast<char>('a' + number % 26);
    return letters;
  };
  for (int k = 0; k < 5574; ++k) {
    Message message{is_spam(random), {}};
    for (int i = length(random); i > 0; --i)
      message.words.push_back(word(message.spam && tells(random) ? telling(random) : any(random)));
    messages.push_back(std::move(message));
  }
  return messages;
}

NumberedMessages numberWords(const std::vector<Message> &messages, std::int64_t length,
                             std::int64_t rare) {
  std::map<std::string, std::int64_t> counts;
  for (const Message &message : messages)
    for (const std::string &word : message.words)
      ++counts[word];
  std::vector<std::pair<std::int64_t, std::string>> common;
  for (const auto &[word, count] : counts)
    if (count > rare)
      common.emplace_back(-count, word);
  std::ranges::sort(common);
  std::map<std::string, std::int32_t> numbers;
  for (const auto &[count, word] : common)
    numbers.emplace(word, static_cast<std::int32_t>(numbers.size() + 1));

  const auto rows = static_cast<std::int64_t>(messages.size());
  NumberedMessages result{Tensor::zeros(int32, {rows, length}), Tensor(int32, {rows}),
                          static_cast<std::int64_t>(common.size()) + 1};
  for (std::int64_t row = 0; row < rows; ++row) {
    const Message &message = messages[static_cast<std::size_t>(row)];
    result.spam.data<std::int32_t>()[row] = message.spam;
    const std::int64_t count =
        std::min<std::int64_t>(length, static_cast<std::int64_t>(message.words.size()));
    for (std::int64_t i = 0; i < count; ++i)
      if (const auto found = numbers.find(message.words[static_cast<std::size_t>(i)]);
          found != numbers.end())
        result.words.data<std::int32_t>()[row * length + i] = found->second;
  }
  return result;
}

} // namespace graphc::examples

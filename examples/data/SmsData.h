// Text messages, spam or not: the SMS Spam Collection (T. A. Almeida and others, "Contributions to
// the study of SMS Spam Filtering", ACM DOCENG 2011), one message a line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/Tensor.h"

namespace graphc::examples {

struct Message {
  bool spam;
  std::vector<std::string> words; ///< letters only, lower case
};

/// Reads `SMSSpamCollection` in `folder`: "ham" or "spam", a tab, the message. Throws Error:
/// not_found without the file, data_loss for a line that is cut off or has another label.
std::vector<Message> readSmsData(const std::filesystem::path &folder);
/// Messages of random words, of which some are commoner in spam.
std::vector<Message> syntheticSmsData(std::uint64_t seed);

/// Messages as word numbers.
struct NumberedMessages {
  Tensor words; ///< int32 [messages, length]: the first `length` words, then zeros
  Tensor spam;  ///< int32 [messages], 1 for spam
  std::int64_t vocabulary = 0;
};
/// Words that occur more than `rare` times are numbered from 1 on, the commonest first; all others
/// are 0.
NumberedMessages numberWords(const std::vector<Message> &messages, std::int64_t length,
                             std::int64_t rare);

} // namespace graphc::examples

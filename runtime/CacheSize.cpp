#include "runtime/CacheSize.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <unistd.h>

#include "runtime/Status.h"

namespace graphc {

static const char *said() { return std::getenv("GRAPHC_L2_KB"); }

static std::optional<std::int32_t> positiveNumber(std::string_view text) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0)
    return std::nullopt;
  return number;
}

std::int64_t secondLevelCacheBytes() {
  constexpr std::int64_t kilobyte = 1024;
  if (said())
    if (const auto kilobytes = positiveNumber(said()))
      return *kilobytes * kilobyte;
#ifdef _SC_LEVEL2_CACHE_SIZE
  static const std::int64_t bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
  if (bytes > 0)
    return bytes;
#endif
  return 512 * kilobyte;
}

void checkSecondLevelCache() {
  if (said() && !positiveNumber(said()))
    throw Error(Code::invalid_argument,
                "GRAPHC_L2_KB expects a positive whole number, got '" + std::string(said()) + "'");
}

} // namespace graphc

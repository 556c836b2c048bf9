#include "tools/graphc/SessionFlags.h"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace graphc::tools {

void addSessionFlags(CLI::App &verb, SessionOptions &options) {
  static const std::map<std::string, RecurrenceForm> forms = {
      {"kernel", RecurrenceForm::kernel},
      {"primitive", RecurrenceForm::primitive},
      {"unroll", RecurrenceForm::unroll}};
  verb.add_option_function<std::string>(
          "--rnn", [&options](const std::string &form) { options.recurrence = forms.at(form); },
          "form of recurrences: kernel (one compiled kernel), primitive (oneDNN's), unroll (steps)")
      ->check(CLI::IsMember(forms))
      ->option_text("FORM");
  verb.add_option("--recompute-every", options.recompute_every,
                  "training keeps a recurrence's states after every N steps only, and computes the "
                  "steps in between again; 0: keeps everything")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 31))
      ->option_text("N");
  verb.add_option("--disable-pass", options.disabled_passes,
                  "leave out a pass; `graphc passes` lists them")
      ->option_text("PASS");
  verb.add_option("--threads", options.intra_op_parallelism_threads,
                  "threads a step uses; 0: one for each core")
      ->check(CLI::Range(0, 1024))
      ->option_text("N");
}

} // namespace graphc::tools

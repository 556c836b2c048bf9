// graphc run: trains and evaluates a built-in program.
#include <memory>

#include <CLI/CLI.hpp>

#include "examples/Programs.h"
#include "tools/graphc/SessionFlags.h"
#include "tools/graphc/Verbs.h"

namespace graphc::tools {

Action addRun(CLI::App &app) {
  CLI::App *verb = app.add_subcommand("run", "Train and evaluate one of the built-in programs");
  verb->footer("Example: graphc run har-lstm --epochs 2 --rnn primitive");
  auto name = std::make_shared<std::string>();
  auto options = std::make_shared<examples::RunOptions>();
  verb->add_option("program", *name, "its name; `graphc programs` lists them")->required();
  verb->add_option("--data", options->data,
                   "folder with the program's data; without it $GRAPHC_DATA, else synthetic data")
      ->option_text("DIR");
  verb->add_option("--epochs", options->epochs, "passes over the training data")->option_text("N");
  verb->add_option("--batch", options->batch, "windows a step")->option_text("N");
  verb->add_option("--learning-rate", options->learning_rate, "step size of the optimizer")->option_text("X");
  verb->add_option("--keep", options->keep, "share of activations that dropout keeps, above 0 and up to 1")
      ->option_text("X");
  verb->add_option("--seed", options->seed, "of initial values, dropout and the order of batches")->option_text("N");
  verb->add_flag("--memory", options->memory, "print peak memory at the end");
  verb->add_flag("--compare", options->compare,
                 "run one training step compiled and by reference kernels, and compare");
  verb->add_flag("--log-device-placement", options->session.log_device_placement, "print where every step runs");
  addSessionFlags(*verb, options->session);
  return [name, options] { return examples::findProgram(*name).run(*options); };
}

} // namespace graphc::tools

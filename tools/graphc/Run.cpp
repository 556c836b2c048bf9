// graphc run: trains and evaluates one of the built-in programs, or all of them; runs a graph that
// TensorFlow wrote.
#include <memory>

#include <CLI/CLI.hpp>

#include "examples/training/Training.h"
#include "tools/graphc/GraphFiles.h"
#include "tools/graphc/RunAll.h"
#include "tools/graphc/RunGraph.h"
#include "tools/graphc/SessionFlags.h"
#include "tools/graphc/Verbs.h"

namespace graphc::tools {
namespace {

int runOne(const std::string &name, const examples::RunOptions &options) {
  const examples::Outcome outcome = examples::runProgram(examples::findProgram(name), options);
  return options.compare && !outcome.reached() ? 1 : 0;
}

} // namespace

Action addRun(CLI::App &app) {
  CLI::App *verb = app.add_subcommand(
      "run", "Train and evaluate one of the built-in programs, or run TensorFlow's graph");
  verb->footer(
      "Example: graphc run har-lstm --epochs 2 --rnn primitive\n"
      "         graphc run model.meta --checkpoint model.ckpt-7 --feed x=x.npy --fetch loss:0");
  auto name = std::make_shared<std::string>();
  auto options = std::make_shared<examples::RunOptions>();
  auto file = std::make_shared<RunGraphOptions>();
  auto all = std::make_shared<bool>(false);
  CLI::Option *program = verb->add_option(
      "program", *name,
      "its name (`graphc programs` lists them), or a file: .pb, .pbtxt, .meta[.gz]");
  CLI::Option *everything =
      verb->add_flag("--all", *all, "run every program and print what each came to")
          ->excludes(program);
  verb->add_option(
          "--data", options->data,
          "folder with the program's data, or with a folder for each program's data; without it "
          "$GRAPHC_DATA, else synthetic data")
      ->option_text("DIR");
  verb->add_option("--column", options->column, "of a table, to forecast (weather-conv, -gru)")
      ->option_text("NAME")
      ->excludes(everything);
  verb->add_option("--epochs", options->epochs, "passes over the training data")->option_text("N");
  verb->add_option("--batch", options->batch, "rows a step")->option_text("N");
  verb->add_option("--learning-rate", options->learning_rate, "step size of the optimizer")
      ->option_text("X");
  verb->add_option("--keep", options->keep,
                   "share of activations that dropout keeps, above 0 and up to 1")
      ->option_text("X");
  verb->add_option("--seed", options->seed, "of initial values, dropout and the order of batches")
      ->option_text("N");
  verb->add_option("--restore", options->restore, "checkpoint to go on from")
      ->option_text("PREFIX")
      ->excludes(everything);
  verb->add_option("--save", options->save, "checkpoint to write once the net is trained")
      ->option_text("PREFIX")
      ->excludes(everything);
  verb->add_option("--report", options->report,
                   "page to write: curves, confusion matrix, predictions, model, timings")
      ->option_text("FILE.html")
      ->excludes(everything);
  verb->add_option("--record", options->record,
                   "take two training steps and write graph, feeds, results and checkpoints, for "
                   "another program to run")
      ->option_text("DIR")
      ->excludes(everything);
  verb->add_option("--output", options->output, "folder for the files that programs write")
      ->option_text("DIR")
      ->check(CLI::ExistingDirectory);
  verb->add_flag("--quick", options->quick,
                 "one epoch of a few batches, to see that everything works");
  verb->add_flag("--memory", options->memory, "print peak memory at the end");
  verb->add_flag("--compare", options->compare,
                 "run one training step compiled and by reference kernels, and compare");
  verb->add_flag("--log-device-placement", options->session.log_device_placement,
                 "print where every step runs");
  verb->add_option("--checkpoint", file->checkpoint,
                   "of a file: the variables' values; without it their initial ones")
      ->option_text("PREFIX");
  verb->add_option("--feed", file->feeds, "of a file: a tensor's value")
      ->option_text("NAME=FILE.npy|NUMBER ...");
  verb->add_option("--fetch", file->fetches, "of a file: tensors to print, ops to run")
      ->option_text("NAME ...");
  verb->add_option("--gradients", file->gradients,
                   "of a file: gradients of a scalar tensor by others")
      ->option_text("SCALAR:NAME,NAME...");
  verb->add_option("--repeat", file->repeat, "of a file: how often to run, timed")
      ->option_text("N [1]");
  verb->add_option("--out", file->out,
                   "of a file: folder for the results, as .npy files named after the tensors")
      ->option_text("DIR");
  addSessionFlags(*verb, options->session);
  return [name, options, all, file] {
    if (isGraphFile(*name)) {
      file->file = *name;
      file->session = options->session;
      return runGraph(*file);
    }
    if (*all) {
      options->shared_data = true;
      return runAll(examples::programs(), *options);
    }
    if (name->empty())
      throw Error(Code::invalid_argument,
                  "expected the name of a program, or --all; `graphc programs` lists them");
    return runOne(*name, *options);
  };
}

} // namespace graphc::tools

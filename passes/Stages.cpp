#include "passes/Stages.h"

#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/InsertGradients.h"
#include "passes/Passes.h"
#include "runtime/Status.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"

namespace graphc {

using namespace mlir;

using Maker = std::function<std::unique_ptr<Pass>(const CompileOptions &)>;

static Maker plain(std::unique_ptr<Pass> (*create)()) {
  return [create](const CompileOptions &) { return create(); };
}

static bool isDisabled(StringRef argument, const CompileOptions &options) {
  return llvm::is_contained(options.disabled_passes, argument.str());
}

// How passes are written in the list below.
static StagePass needed(llvm::StringLiteral argument, Maker create, llvm::StringLiteral form = "") {
  return {argument, PassRole::required, form, std::move(create)};
}
static StagePass optional(llvm::StringLiteral argument, Maker create,
                          llvm::StringLiteral form = "") {
  return {argument, PassRole::optional, form, std::move(create)};
}
static StagePass simplify() {
  return optional("graph-simplify-graph", plain(createSimplifyGraphPass));
}
static StagePass foldConstants() {
  return optional("graph-fold-constants",
                  [](const CompileOptions &) { return createFoldConstantsPass(); });
}
static StagePass shareCommonSubexpressions() { return optional("cse", plain(mlir::createCSEPass)); }

static std::vector<Stage> makeStages() {
  std::vector<Stage> list;
  list.push_back({"recorded", "the graph as the program wrote it", "graph", {}});

  // The marks come before the first pass that could merge two values.
  list.push_back({"pruned",
                  "only what the fetches need; feeds cut the graph anywhere",
                  "graph",
                  {needed("graph-prune", plain(createPrunePass)),
                   needed("graph-mark-gradient-targets", plain(createMarkGradientTargetsPass))}});

  // Types first: what is folded and simplified must be static.
  list.push_back(
      {"shaped",
       "every extent known; constants folded, common subexpressions shared",
       "graph",
       {needed("graph-infer-shapes", plain(createInferShapesPass)),
        needed("graph-absorb-constant-operands", plain(createAbsorbConstantOperandsPass)),
        foldConstants(), simplify(), shareCommonSubexpressions()}});

  // Loops that are recurrences come first, so that all that follows is done to them, too. Steps
  // spelled out are alike once equal reads and constants are one, and before anything makes the
  // first step another. Simplifying takes away the parts of sequences that recurrences hand on.
  // Concatenated weights have to be outside of a body before products with them are looked at
  // again.
  list.push_back({"fused",
                  "loops and steps spelled out are recurrences, the gate products of a cell are "
                  "one product, input "
                  "projections are hoisted over time, normalizations are one op",
                  "graph",
                  {optional("graph-raise-while-to-scan", plain(createRaiseWhileToScanPass)),
                   optional(
                       "graph-roll-up-recurrences",
                       [](const CompileOptions &) { return createRollUpRecurrencesPass(); },
                       "kernel|primitive"),
                   simplify(), optional("graph-fuse-gates", plain(createFuseGatesPass)),
                   optional("graph-hoist-loop-invariants", plain(createHoistLoopInvariantsPass)),
                   // Hoisted products are then made segment by segment, too.
                   optional(
                       "graph-segment-recurrences",
                       [](const CompileOptions &options) {
                         SegmentRecurrencesPassOptions segment;
                         segment.every = options.recompute_every;
                         return createSegmentRecurrencesPass(segment);
                       },
                       "kernel"),
                   optional(
                       "graph-hoist-input-projection",
                       [](const CompileOptions &options) {
                         HoistInputProjectionPassOptions hoist;
                         hoist.cached = options.recurrence == "kernel";
                         return createHoistInputProjectionPass(hoist);
                       },
                       // A recurrent primitive multiplies its input itself.
                       "kernel|unroll"),
                   // Before gradients, so that theirs are one op, too.
                   optional("graph-fuse-normalization",
                            [](const CompileOptions &) { return createFuseNormalizationPass(); }),
                   simplify(), shareCommonSubexpressions()}});

  list.push_back(
      {"unrolled",
       "recurrences have the form that was asked for: one op, primitives or steps",
       "graph",
       {optional("graph-raise-recurrences", plain(createRaiseRecurrencesPass), "primitive"),
        needed("graph-unroll-static-rnn", plain(createUnrollStaticRnnPass), "unroll"),
        foldConstants(), simplify(), shareCommonSubexpressions()}});

  list.push_back(
      {"differentiated",
       "gradients, clipping and optimizer updates in place",
       "graph",
       {needed("graph-insert-gradients",
               [](const CompileOptions &options) {
                 return createInsertGradientsPass(options.custom_gradients);
               }),
        needed("graph-mark-gradient-targets", plain(createMarkGradientTargetsPass)),
        foldConstants(), simplify(),
        optional("graph-hoist-loop-invariants", plain(createHoistLoopInvariantsPass)),
        shareCommonSubexpressions(),
        // Equal values are one value by now, and 1 - decay is a constant.
        optional("graph-raise-updates", plain(createRaiseUpdatesPass)),
        // Last: common subexpressions would be one again.
        optional("graph-recompute-segments", plain(createRecomputeSegmentsPass), "kernel")}});

  // Without fusion every op becomes a cluster by itself: the pass stays, its fusing goes.
  list.push_back(
      {"clustered",
       "elementwise clusters formed, the form of every computation chosen",
       "graph",
       {optional("graph-fuse-matmul-epilogue", plain(createFuseMatmulEpiloguePass)),
        // Before the bias becomes a part of a convolution that nothing pools.
        optional("graph-fuse-convolution-pooling",
                 [](const CompileOptions &) { return createFuseConvolutionPoolingPass(); }),
        optional("graph-fuse-convolution-epilogue", plain(createFuseConvolutionEpiloguePass)),
        // Before anything takes all terms of a sum into its kernel.
        optional("graph-split-sums", [](const CompileOptions &) { return createSplitSumsPass(); }),
        optional("graph-fuse-updates", plain(createFuseUpdatesPass)),
        {"graph-fuse-elementwise", PassRole::reducible, "", [](const CompileOptions &options) {
           FuseElementwisePassOptions fuse;
           fuse.fuse = !isDisabled("graph-fuse-elementwise", options);
           return createFuseElementwisePass(fuse);
         }}}});

  list.push_back({"planned",
                  "oneDNN primitives, kernels and buffer offsets",
                  "plan, graph (kernel bodies)",
                  {
                      needed("graphc-lower-to-plan",
                             [](const CompileOptions &options) {
                               LowerToPlanPassOptions lower;
                               lower.threads = options.threads;
                               return createLowerToPlanPass(lower);
                             }),
                      needed("graphc-assign-buffers", plain(createAssignBuffersPass)),
                  }});

  list.push_back({"compiled",
                  "kernels as LLVM IR, shared between equal clusters",
                  "plan, llvm",
                  {
                      needed("graph-generate-kernels", plain(createGenerateKernelsPass)),
                  }});
  return list;
}

ArrayRef<Stage> stages() {
  static const std::vector<Stage> list = makeStages();
  return list;
}

std::optional<unsigned> stageIndex(StringRef name) {
  for (auto [index, stage] : llvm::enumerate(stages()))
    if (stage.name == name)
      return static_cast<unsigned>(index);
  return std::nullopt;
}

const Stage *findStage(StringRef name) {
  std::optional<unsigned> index = stageIndex(name);
  return index ? &stages()[*index] : nullptr;
}

namespace {
/// --graphc-pipeline="stage=fused recurrence=unroll without=cse,graph-fuse-gates"
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  Option<std::string> stage{*this, "stage", llvm::cl::desc("The last stage"),
                            llvm::cl::init("compiled")};
  Option<std::string> recurrence{
      *this, "recurrence", llvm::cl::desc("The form of recurrences: kernel, primitive or unroll"),
      llvm::cl::init("kernel")};
  Option<int64_t> recomputeEvery{*this, "recompute-every",
                                 llvm::cl::desc("Steps of a segment that is computed again"),
                                 llvm::cl::init(0)};
  ListOption<std::string> without{*this, "without", llvm::cl::desc("Passes to leave out")};
};
} // namespace

// LLVM's frames around this cannot be unwound: a wrong option ends the program with its message.
static void buildFromCommandLine(OpPassManager &manager, const PipelineOptions &given) {
  CompileOptions options;
  options.recurrence = given.recurrence;
  options.recompute_every = given.recomputeEvery;
  options.disabled_passes.assign(given.without.begin(), given.without.end());
  std::string message;
  try {
    buildPipeline(manager, options, {.stage = given.stage, .pass = ""});
    return;
  } catch (const Error &error) {
    message = error.message();
  }
  llvm::reportFatalUsageError(StringRef(message));
}

void registerGraphcPasses() {
  static const bool once = [] {
    registerGraphPasses();
    mlir::registerCSEPass();
    static const PassPipelineRegistration<PipelineOptions> pipeline(
        "graphc-pipeline", "The passes of all stages up to one", buildFromCommandLine);
    return true;
  }();
  (void)once;
}

StringRef passSummary(StringRef argument) {
  registerGraphcPasses();
  const PassInfo *info = PassInfo::lookup(argument);
  return info ? info->getPassDescription() : StringRef();
}

[[noreturn]] static void refuse(const Twine &message) {
  throw Error(Code::invalid_argument, message.str());
}

static std::string stageNames() {
  return llvm::join(llvm::map_range(stages(), [](const Stage &stage) { return stage.name.str(); }),
                    ", ");
}

static const StagePass *findPass(StringRef argument) {
  for (const Stage &stage : stages())
    for (const StagePass &pass : stage.passes)
      if (pass.argument == argument)
        return &pass;
  return nullptr;
}

static void checkOptions(const CompileOptions &options) {
  if (options.recurrence != "kernel" && options.recurrence != "primitive" &&
      options.recurrence != "unroll")
    refuse("unknown recurrence form '" + Twine(options.recurrence) +
           "', expected kernel, primitive or unroll");
  if (options.recompute_every < 0)
    refuse("recompute_every is " + Twine(options.recompute_every) +
           ", expected a number of steps, or 0 to recompute nothing");
  if (options.recompute_every > 0 && options.recurrence != "kernel")
    refuse("recompute_every is of the recurrence form kernel, the form is " + options.recurrence);
  for (const std::string &disabled : options.disabled_passes) {
    const StagePass *pass = findPass(disabled);
    if (!pass)
      refuse("unknown pass '" + Twine(disabled) + "', see `graphc passes`");
    if (pass->role == PassRole::required)
      refuse("pass '" + Twine(disabled) + "' cannot be switched off: correctness needs it");
  }
}

static bool runs(const StagePass &pass, const CompileOptions &options) {
  if (!pass.form.empty() && !llvm::is_contained(llvm::split(pass.form, '|'), options.recurrence))
    return false;
  return pass.role != PassRole::optional || !isDisabled(pass.argument, options);
}

static void addVerifier(OpPassManager &manager, const Stage &stage, const CompileOptions &options) {
  VerifyStagePassOptions verify;
  verify.stage = stage.name.str();
  verify.recurrence = options.recurrence;
  manager.addPass(createVerifyStagePass(verify));
}

bool buildStage(OpPassManager &manager, const Stage &stage, const CompileOptions &options,
                StringRef untilPass) {
  checkOptions(options);
  for (const StagePass &pass : stage.passes) {
    if (!runs(pass, options))
      continue;
    manager.addPass(pass.create(options));
    if (!untilPass.empty() && pass.argument == untilPass)
      return true;
  }
  addVerifier(manager, stage, options);
  return false;
}

void buildPipeline(OpPassManager &manager, const CompileOptions &options, const PipelineEnd &end) {
  checkOptions(options);
  if (!findStage(end.stage))
    refuse("unknown stage '" + Twine(end.stage) + "', expected one of " + stageNames());
  if (!end.pass.empty()) {
    const StagePass *last = findPass(end.pass);
    if (!last)
      refuse("unknown pass '" + Twine(end.pass) + "', see `graphc passes`");
  }
  for (const Stage &stage : stages()) {
    if (buildStage(manager, stage, options, end.pass))
      return;
    if (stage.name == end.stage)
      break;
  }
  if (!end.pass.empty())
    refuse("pass '" + Twine(end.pass) + "' does not run up to stage '" + end.stage +
           "' with these options");
}

} // namespace graphc

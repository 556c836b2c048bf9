#include "runtime/session/JitEngine.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "runtime/CacheSize.h"
#include "runtime/KernelAttributes.h"
#include "runtime/Status.h"
#include "runtime/VectorWidth.h"
#include "runtime/session/KernelCache.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/ExecutionEngine/SectionMemoryManager.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

namespace graphc {
namespace {

[[noreturn]] void refuse(const std::string &what) {
  throw Error(Code::internal, "compiling kernels: " + what);
}

std::string messageOf(llvm::Error error) { return llvm::toString(std::move(error)); }

/// The processor that this process runs on; found once.
const llvm::orc::JITTargetMachineBuilder &host() {
  static const llvm::orc::JITTargetMachineBuilder builder = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::vfs::getRealFileSystem(); // which all pass builders share, on whatever thread they work
    auto detected = llvm::orc::JITTargetMachineBuilder::detectHost();
    if (!detected)
      refuse(messageOf(detected.takeError()));
    detected->setCodeGenOptLevel(llvm::CodeGenOptLevel::Default);
    detected->setRelocationModel(llvm::Reloc::PIC_);
    return std::move(*detected);
  }();
  return builder;
}

/// One kernel in an LLVM module and a context of its own, so that kernels can be worked on at the
/// same time and kept one by one.
struct Unit {
  std::string name; ///< the kernel's; in the module it is called kSymbol, so that equal kernels are
                    ///< equal modules
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
  std::unique_ptr<llvm::MemoryBuffer> object;
  std::string ir;
  std::string error; ///< empty where all went well
};

constexpr llvm::StringLiteral kSymbol = "kernel";

/// To be raised whenever what is done to a module changes: cached kernels of before are not found
/// then.
constexpr llvm::StringLiteral kPipelineVersion = "3";

/// What a kernel that was written in vectors and blocks already still gains from. LLVM's own
/// pipeline spends seven tenths of its time on such a kernel asking which loops could be vectorised
/// (1.3 of 1.9 s for the HAR LSTM's training step, where this one takes 0.3 s), and finds none.
/// Loops of few iterations are unrolled unless the kernel has kKeepLoops.
std::string vectorPipeline(bool keepsLoops) {
  return std::string("function(sroa<modify-cfg>,early-cse<memssa>,simplifycfg,"
                     "instcombine<no-verify-fixpoint>,loop-mssa(loop-rotate,licm),gvn,") +
         (keepsLoops ? "" : "loop(loop-unroll-full),") +
         "sroa<modify-cfg>,instcombine<no-verify-fixpoint>,dse,loop-mssa(licm),simplifycfg,"
         "early-cse)";
}

bool keepsLoops(const llvm::Module &module) {
  return llvm::any_of(
      module, [](const llvm::Function &function) { return function.hasFnAttribute(kKeepLoops); });
}

bool writtenInVectors(const llvm::Module &module) {
  for (const llvm::Function &function : module)
    for (const llvm::Instruction &instruction : llvm::instructions(function))
      if (instruction.getType()->isVectorTy())
        return true;
  return false;
}

void optimize(llvm::Module &module, llvm::TargetMachine &machine, int level) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  tuning.SLPVectorization = true;
  tuning.LoopInterleaving = true;
  tuning.LoopUnrolling = true;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes;
  if (writtenInVectors(module)) {
    llvm::cantFail(builder.parsePassPipeline(passes, vectorPipeline(keepsLoops(module))));
  } else {
    const llvm::OptimizationLevel levels[] = {
        llvm::OptimizationLevel::O0, llvm::OptimizationLevel::O1, llvm::OptimizationLevel::O2,
        llvm::OptimizationLevel::O3};
    passes = builder.buildPerModuleDefaultPipeline(levels[std::clamp(level, 1, 3)]);
  }
  passes.run(module, modules);
}

/// What the machine code depends on: the module, the processor, LLVM, and what is done to it.
std::string cacheKey(const llvm::Module &module, const llvm::TargetMachine &machine, int level) {
  llvm::SmallVector<char> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::WriteBitcodeToFile(module, stream);
  stream << '\0' << kPipelineVersion << '\0' << level << '\0' << LLVM_VERSION_STRING << '\0'
         << machine.getTargetCPU() << '\0' << machine.getTargetFeatureString();
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(stream.str())),
                     /*LowerCase=*/true);
}

void compileUnit(Unit &unit, const JitOptions &options, const KernelCache &cache) {
  llvm::orc::JITTargetMachineBuilder builder = host();
  if (vectorBits() < 512) // and with it all that builds on it
    builder.getFeatures().AddFeature("avx512f", false);
  auto machine = builder.createTargetMachine();
  if (!machine) {
    unit.error = messageOf(machine.takeError());
    return;
  }
  const int bits = options.vectorBits > 0 ? options.vectorBits : 256;
  unit.module->setDataLayout((*machine)->createDataLayout());
  unit.module->setTargetTriple((*machine)->getTargetTriple());
  for (llvm::Function &function : *unit.module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", (*machine)->getTargetCPU());
    function.addFnAttr("target-features", (*machine)->getTargetFeatureString());
    function.addFnAttr("prefer-vector-width", std::to_string(bits));
    function.addFnAttr(llvm::Attribute::NoUnwind);
  }
  std::string key;
  if (cache.enabled() && !options.keepIr) {
    key = cacheKey(*unit.module, **machine, options.optimizationLevel);
    if (auto object = cache.find(key)) {
      unit.object = llvm::MemoryBuffer::getMemBufferCopy(*object, unit.name);
      return;
    }
  }
  optimize(*unit.module, **machine, options.optimizationLevel);
  if (options.keepIr) {
    llvm::raw_string_ostream stream(unit.ir);
    unit.module->getFunction(kSymbol)->setName(unit.name);
    unit.module->print(stream, nullptr);
    unit.module->getFunction(unit.name)->setName(kSymbol);
  }
  llvm::orc::SimpleCompiler compiler(**machine);
  auto object = compiler(*unit.module);
  if (!object) {
    unit.error = messageOf(object.takeError());
    return;
  }
  unit.object = std::move(*object);
  if (!key.empty())
    cache.store(key, unit.object->getBuffer());
}

/// A module for each kernel of `module` and of modules in it, with the constants that the kernel
/// refers to; the largest kernels first, so that threads end at about the same time.
std::vector<Unit> unitsOf(mlir::ModuleOp module) {
  llvm::SmallVector<std::pair<std::size_t, mlir::LLVM::LLVMFuncOp>> functions;
  module.walk([&](mlir::LLVM::LLVMFuncOp function) {
    if (function.isExternal())
      return;
    std::size_t size = 1;
    function.walk([&](mlir::Operation *) { ++size; });
    functions.push_back({size, function});
  });
  llvm::stable_sort(functions, [](const auto &a, const auto &b) { return a.first > b.first; });

  std::vector<Unit> units;
  mlir::SymbolTableCollection symbols;
  for (auto [size, function] : functions) {
    mlir::OwningOpRef<mlir::ModuleOp> part = mlir::ModuleOp::create(module.getLoc());
    mlir::SymbolTable own(*part);
    function.walk([&](mlir::LLVM::AddressOfOp address) {
      mlir::Operation *global =
          symbols.lookupNearestSymbolFrom(function, address.getGlobalNameAttr());
      if (global && !own.lookup(address.getGlobalName()))
        own.insert(global->clone());
    });
    auto copy = mlir::cast<mlir::LLVM::LLVMFuncOp>(function->clone());
    copy.setSymName(kSymbol);
    own.insert(copy);

    Unit &unit = units.emplace_back();
    unit.name = function.getSymName().str();
    unit.context = std::make_unique<llvm::LLVMContext>();
    unit.module = mlir::translateModuleToLLVMIR(*part, *unit.context, kSymbol,
                                                /*disableVerification=*/true);
    if (!unit.module)
      refuse("kernel '" + unit.name + "' does not translate to LLVM IR");
  }
  return units;
}

void compileUnits(std::vector<Unit> &units, const JitOptions &options) {
  const KernelCache cache = KernelCache::ofUser();
  std::atomic<std::size_t> next = 0;
  auto work = [&] {
    for (std::size_t i; (i = next++) < units.size();)
      compileUnit(units[i], options, cache);
  };
  const std::size_t threads =
      options.threads > 0 ? static_cast<std::size_t>(options.threads)
                          : std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 4);
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < std::min(threads, units.size()); ++i)
    workers.emplace_back(work);
  work();
  for (std::thread &worker : workers)
    worker.join();
}

} // namespace

struct JitEngine::Impl {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<std::pair<std::string, GraphcKernel>> kernels; ///< sorted by name
  std::string ir;
};

JitEngine::JitEngine() : impl_(std::make_unique<Impl>()) {}
JitEngine::~JitEngine() = default;

std::unique_ptr<JitEngine> JitEngine::compile(mlir::ModuleOp module, const JitOptions &options) {
  checkVectorBits();
  checkSecondLevelCache();
  host();
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  module.getContext()->appendDialectRegistry(registry);

  std::vector<Unit> units = unitsOf(module);
  compileUnits(units, options);

  std::unique_ptr<JitEngine> engine(new JitEngine);
  auto jit = llvm::orc::LLJITBuilder().setJITTargetMachineBuilder(host()).create();
  if (!jit)
    refuse(messageOf(jit.takeError()));
  engine->impl_->jit = std::move(*jit);
  llvm::orc::LLJIT &lljit = *engine->impl_->jit;
  for (Unit &unit : units) {
    if (!unit.error.empty())
      refuse(unit.error);
    engine->impl_->ir += unit.ir;
    // A library for each, as all their symbols are the same.
    auto library = lljit.createJITDylib(unit.name);
    if (!library)
      refuse(messageOf(library.takeError()));
    // Calls of libm and of the compiler's runtime go to what this process has loaded.
    auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
        lljit.getDataLayout().getGlobalPrefix());
    if (!process)
      refuse(messageOf(process.takeError()));
    library->addGenerator(std::move(*process));
    if (llvm::Error error = lljit.addObjectFile(*library, std::move(unit.object)))
      refuse(messageOf(std::move(error)));
    auto address = lljit.lookup(*library, kSymbol);
    if (!address)
      refuse(messageOf(address.takeError()));
    engine->impl_->kernels.emplace_back(unit.name, address->toPtr<GraphcKernel>());
  }
  std::ranges::sort(engine->impl_->kernels, {}, &std::pair<std::string, GraphcKernel>::first);
  return engine;
}

GraphcKernel JitEngine::find(const std::string &name) const {
  const auto found = std::ranges::lower_bound(impl_->kernels, name, {},
                                              &std::pair<std::string, GraphcKernel>::first);
  return found != impl_->kernels.end() && found->first == name ? found->second : nullptr;
}

const std::string &JitEngine::optimizedIr() const { return impl_->ir; }

} // namespace graphc

#include "runtime/session/JitEngine.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <vector>

#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/ExecutionEngine/SectionMemoryManager.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "runtime/Status.h"

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
    auto detected = llvm::orc::JITTargetMachineBuilder::detectHost();
    if (!detected)
      refuse(messageOf(detected.takeError()));
    detected->setCodeGenOptLevel(llvm::CodeGenOptLevel::Default);
    detected->setRelocationModel(llvm::Reloc::PIC_);
    return std::move(*detected);
  }();
  return builder;
}

/// One LLVM module with a context of its own, so that modules can be worked on at the same time.
struct Unit {
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
  std::unique_ptr<llvm::MemoryBuffer> object;
  std::string ir;
  std::string error; ///< empty where all went well
};

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
  const llvm::OptimizationLevel levels[] = {llvm::OptimizationLevel::O0, llvm::OptimizationLevel::O1,
                                            llvm::OptimizationLevel::O2, llvm::OptimizationLevel::O3};
  auto passes = builder.buildPerModuleDefaultPipeline(levels[std::clamp(level, 1, 3)]);
  passes.run(module, modules);
}

void compileUnit(Unit &unit, const JitOptions &options) {
  llvm::orc::JITTargetMachineBuilder builder = host();
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
  optimize(*unit.module, **machine, options.optimizationLevel);
  if (options.keepIr) {
    llvm::raw_string_ostream stream(unit.ir);
    unit.module->print(stream, nullptr);
  }
  llvm::orc::SimpleCompiler compiler(**machine);
  auto object = compiler(*unit.module);
  if (!object)
    unit.error = messageOf(object.takeError());
  else
    unit.object = std::move(*object);
}

/// Functions shared out so that units have about as many operations each, with the constants that
/// they refer to. Nested modules are looked into.
std::vector<mlir::OwningOpRef<mlir::ModuleOp>> shareOut(mlir::ModuleOp module, std::size_t count) {
  llvm::SmallVector<std::pair<std::size_t, mlir::LLVM::LLVMFuncOp>> functions;
  module.walk([&](mlir::LLVM::LLVMFuncOp function) {
    std::size_t size = 1;
    function.walk([&](mlir::Operation *) { ++size; });
    functions.push_back({size, function});
  });
  llvm::stable_sort(functions, [](const auto &a, const auto &b) { return a.first > b.first; });
  count = std::max<std::size_t>(1, std::min(count, functions.size()));
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> units;
  std::vector<std::size_t> sizes(count, 0);
  for (std::size_t i = 0; i < count; ++i)
    units.emplace_back(mlir::ModuleOp::create(module.getLoc()));
  mlir::SymbolTableCollection symbols;
  for (auto [size, function] : functions) {
    const auto least =
        static_cast<std::size_t>(std::min_element(sizes.begin(), sizes.end()) - sizes.begin());
    sizes[least] += size;
    mlir::OpBuilder builder = mlir::OpBuilder::atBlockEnd(units[least]->getBody());
    mlir::SymbolTable own(*units[least]);
    function.walk([&](mlir::LLVM::AddressOfOp address) {
      mlir::Operation *global =
          symbols.lookupNearestSymbolFrom(function, address.getGlobalNameAttr());
      if (global && !own.lookup(address.getGlobalName()))
        own.insert(global->clone());
    });
    builder.clone(*function.getOperation());
  }
  return units;
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
  host();
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  module.getContext()->appendDialectRegistry(registry);

  std::size_t threads = options.threads > 0
                            ? static_cast<std::size_t>(options.threads)
                            : std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 4);
  auto parts = shareOut(module, threads);
  std::vector<Unit> units(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    units[i].context = std::make_unique<llvm::LLVMContext>();
    units[i].module = mlir::translateModuleToLLVMIR(*parts[i], *units[i].context, "kernels",
                                                    /*disableVerification=*/true);
    if (!units[i].module)
      refuse("the module does not translate to LLVM IR");
  }
  {
    std::vector<std::thread> workers;
    for (std::size_t i = 1; i < units.size(); ++i)
      workers.emplace_back([&, i] { compileUnit(units[i], options); });
    compileUnit(units[0], options);
    for (std::thread &worker : workers)
      worker.join();
  }

  std::unique_ptr<JitEngine> engine(new JitEngine);
  auto jit = llvm::orc::LLJITBuilder().setJITTargetMachineBuilder(host()).create();
  if (!jit)
    refuse(messageOf(jit.takeError()));
  engine->impl_->jit = std::move(*jit);
  llvm::orc::LLJIT &lljit = *engine->impl_->jit;
  // Calls of libm and of the compiler's runtime go to what this process has loaded.
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      lljit.getDataLayout().getGlobalPrefix());
  if (!process)
    refuse(messageOf(process.takeError()));
  lljit.getMainJITDylib().addGenerator(std::move(*process));
  for (Unit &unit : units) {
    if (!unit.error.empty())
      refuse(unit.error);
    engine->impl_->ir += unit.ir;
    if (llvm::Error error = lljit.addObjectFile(std::move(unit.object)))
      refuse(messageOf(std::move(error)));
  }
  std::vector<std::string> names;
  module.walk([&](mlir::LLVM::LLVMFuncOp function) {
    if (!function.isExternal())
      names.push_back(function.getName().str());
  });
  for (const std::string &name : names) {
    auto address = lljit.lookup(name);
    if (!address)
      refuse(messageOf(address.takeError()));
    engine->impl_->kernels.emplace_back(name, address->toPtr<GraphcKernel>());
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

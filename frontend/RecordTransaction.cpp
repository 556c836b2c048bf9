#include "frontend/RecordTransaction.h"

#include "frontend/GraphModule.h"
#include "ir/Locations.h"

namespace graphc {

/// Ops are recorded at the ends of open blocks, variables before the program.
struct RecordTransaction::Before {
  GraphState state;
  llvm::SmallVector<mlir::Block *> blocks;
  llvm::SmallVector<mlir::Operation *> lastOps; ///< by block
  mlir::Operation *lastVariable;
  mlir::DictionaryAttr program;
};

void RecordTransaction::Delete::operator()(Before *before) const { delete before; }

static mlir::Operation *lastOf(mlir::Block &block) {
  return block.empty() ? nullptr : &block.back();
}

RecordTransaction::RecordTransaction(Graph &graph) : graph_(graph) {
  GraphModule &module = graph.module();
  mlir::Operation *program = module.programBlock()->getParentOp();
  before_.reset(new Before{
      graph.state(), module.blocks(), {}, program->getPrevNode(), program->getAttrDictionary()});
  for (mlir::Block *block : module.blocks())
    before_->lastOps.push_back(lastOf(*block));
}

std::string RecordTransaction::problems() const {
  return graph_.module().blocks().size() > 1 ? "" : graph_.verify();
}

/// Erases `op`, which nothing uses any more, with its bodies.
static void erase(GraphModule &module, mlir::Operation *op) {
  op->walk([&](mlir::Operation *inner) {
    const llvm::StringRef name = opName(inner->getLoc());
    if (module.findOp(name) == inner)
      module.forgetOp(name);
  });
  op->erase();
}

RecordTransaction::~RecordTransaction() {
  if (!before_)
    return;
  GraphModule &module = graph_.module();
  module.blocks() = before_->blocks;
  // Users before what they use.
  for (auto [block, last] : llvm::reverse(llvm::zip_equal(before_->blocks, before_->lastOps)))
    for (mlir::Operation *op; (op = lastOf(*block)) != last;)
      erase(module, op);
  mlir::Operation *program = module.programBlock()->getParentOp();
  for (mlir::Operation *op; (op = program->getPrevNode()) != before_->lastVariable;)
    erase(module, op);
  program->setAttrs(before_->program);
  GraphState &state = graph_.state();
  std::destroy_at(&state);
  std::construct_at(&state, std::move(before_->state));
}

} // namespace graphc

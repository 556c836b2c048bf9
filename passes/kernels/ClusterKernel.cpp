// Emits the loop nests of a planned cluster.
#include "passes/kernels/ClusterKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/kernels/ElementEmitter.h"
#include "passes/kernels/RowLoops.h"
#include "passes/kernels/ScalarOps.h"

using namespace mlir;

namespace graphc {
namespace {

/// Rows that are added up in registers before the sum goes to memory.
constexpr std::int64_t kRowsAtOnce = 4;

class NestEmitter {
public:
  NestEmitter(ElementEmitter &emitter, const KernelNest &nest, Location loc, bool alone,
              bool hasScratch)
      : emitter_(emitter), kernel_(emitter.kernel()), nest_(nest), loc_(loc),
        hasScratch_(hasScratch), counters_(nest.domain.loops().size()) {
    findBounds(alone);
  }

  void emit() {
    // A nest that others share the kernel with is left out as a whole by threads that have no part
    // of it, where it has costs besides its loops; one without a loop to share always needs this.
    if (nest_.parallelLoop && !(guarded_ && nest_.gathers))
      return emitBody();
    LoopStack &loops = emitter_.loops();
    OpBuilder &b = kernel_.builder();
    Value upper = upper_, lower = lower_;
    if (nest_.parallelLoop) {
      const Value some = arith::CmpIOp::create(b, loc_, arith::CmpIPredicate::slt, lower_, upper_);
      upper = arith::ExtUIOp::create(b, loc_, b.getI64Type(), some);
      lower = kernel_.constant(0);
    }
    loops.loop(loc_, lower, upper, 1, {}, [&](Value, ValueRange) {
      loops.setOutermost(1);
      emitBody();
      loops.setOutermost(0);
      return SmallVector<Value>();
    });
  }

private:
  void emitBody() {
    switch (nest_.kind) {
    case KernelNest::elements:
    case KernelNest::update: return emitElements(0);
    case KernelNest::columns: return emitColumns();
    case KernelNest::scatter: return emitScatter();
    }
  }

  /// The steps [lower_, upper_) of the nest that are this call's.
  void findBounds(bool alone) {
    if (alone) {
      lower_ = kernel_.begin();
      upper_ = kernel_.end();
      return;
    }
    guarded_ = true;
    OpBuilder &b = kernel_.builder();
    const auto step = [&](Value position) -> Value {
      Value at = arith::SubIOp::create(b, loc_, position, kernel_.constant(nest_.offset));
      at = arith::MaxSIOp::create(b, loc_, at, kernel_.constant(0));
      if (nest_.weight > 1) {
        at = arith::AddIOp::create(b, loc_, at, kernel_.constant(nest_.weight - 1));
        at = arith::DivUIOp::create(b, loc_, at, kernel_.constant(nest_.weight));
      }
      return arith::MinSIOp::create(b, loc_, at, kernel_.constant(nest_.extent));
    };
    lower_ = step(kernel_.begin());
    upper_ = step(kernel_.end());
  }

  /// Runs through one loop of the domain, cut as it says and, if it is the one that threads share,
  /// limited to this call's part.
  void run(unsigned loop, function_ref<void()> body) {
    const LoopDomain::Loop &what = nest_.domain.loops()[loop];
    const bool shared = nest_.parallelLoop && *nest_.parallelLoop == loop;
    OpBuilder &b = kernel_.builder();
    for (std::size_t piece = 0; piece + 1 < what.cuts.size(); ++piece) {
      const std::int64_t low = what.cuts[piece], high = what.cuts[piece + 1];
      const bool single = high == low + 1;
      if (!shared && single) {
        counters_[loop] = emitter_.integer(low);
        body();
        continue;
      }
      Value lower = kernel_.constant(low), upper = kernel_.constant(high);
      if (shared) {
        lower = low == 0 ? lower_ : Value(arith::MaxSIOp::create(b, loc_, lower_, lower));
        upper =
            high == what.extent ? upper_ : Value(arith::MinSIOp::create(b, loc_, upper_, upper));
      }
      emitter_.loops().loop(loc_, lower, upper, 1, {}, [&](Value counter, ValueRange) {
        emitter_.setRange(counter, {low, high});
        counters_[loop] = single ? emitter_.integer(low) : counter;
        body();
        return SmallVector<Value>();
      });
    }
  }

  void runAll(ArrayRef<unsigned> loops, function_ref<void()> body) {
    if (loops.empty())
      return body();
    run(loops.front(), [&] { runAll(loops.drop_front(), body); });
  }

  void store(const KernelOutput &output, Value value, Value offset) {
    for (const unsigned buffer : output.buffers)
      kernel_.store(loc_, value, buffer, offset);
  }

  void emitElements(std::size_t depth) {
    if (nest_.kind == KernelNest::update) {
      if (depth == nest_.order.size()) {
        const Extents shape = extentsOf(updateOperand(nest_.op));
        const ElementIndex index = emitter_.indexAt(nest_.domain, counters_, shape);
        const Value value =
            emitUpdate(emitter_, nest_.op, static_cast<unsigned>(nest_.firstState), index);
        for (const KernelOutput &output : nest_.outputs)
          store(output, value, emitter_.offsetOf(index, shape));
      }
    } else {
      for (const KernelOutput &output : nest_.outputs) {
        const Extents shape = extentsOf(output.value);
        if (nest_.domain.loopsOf(shape) != depth)
          continue;
        const ElementIndex index = emitter_.indexAt(nest_.domain, counters_, shape);
        store(output, emitter_.element(output.value, index), emitter_.offsetOf(index, shape));
      }
    }
    if (depth < nest_.order.size())
      run(nest_.order[depth], [&] { emitElements(depth + 1); });
  }

  SmallVector<unsigned> loopsOfKind(unsigned kind) const {
    SmallVector<unsigned> loops;
    for (unsigned i = 0; i < nest_.domain.loops().size(); ++i)
      if (nest_.domain.loops()[i].kind == kind)
        loops.push_back(i);
    return loops;
  }

  /// The place in the output of the loops that it has.
  Value outputOffset(bool withRows) {
    Value offset;
    for (unsigned i = 0; i < nest_.domain.loops().size(); ++i) {
      const LoopDomain::Loop &loop = nest_.domain.loops()[i];
      if (loop.kind == 2 || (loop.kind == 0 && withRows))
        offset = emitter_.sum(emitter_.scaled(offset, loop.extent), counters_[i]);
    }
    return offset;
  }

  Value elementHere(Value tensor) {
    return emitter_.element(tensor, emitter_.indexAt(nest_.domain, counters_, extentsOf(tensor)));
  }

  void emitColumns() {
    const Reduction reduction(emitter_, nest_.op);
    const KernelOutput &output = nest_.outputs.front();
    const Value x = nest_.op->getOperand(0);
    const Type type = reduction.totalType();
    const SmallVector<unsigned> rows = loopsOfKind(1), columns = loopsOfKind(2);
    std::int64_t count = 1;
    for (const unsigned loop : rows)
      count *= nest_.domain.loops()[loop].extent;
    const auto update = [&](function_ref<Value(Value)> change) {
      const Value offset = outputOffset(true);
      store(output, change(kernel_.load(loc_, output.buffers.front(), offset, type)), offset);
    };
    const auto addRow = [&] {
      runAll(columns,
             [&] { update([&](Value total) { return reduction.merge(total, elementHere(x)); }); });
    };
    runAll(loopsOfKind(0), [&] {
      runAll(columns, [&] { store(output, reduction.initial(), outputOffset(true)); });
      // Rows of scratch hold one row at a time.
      const LoopDomain::Loop &innermost = nest_.domain.loops()[rows.back()];
      if (innermost.cuts.size() > 2 || innermost.extent < 2 * kRowsAtOnce || hasScratch_) {
        runAll(rows, addRow);
      } else {
        runAll(ArrayRef(rows).drop_back(),
               [&] { addRowsAtOnce(rows.back(), columns, reduction, x, update, addRow); });
      }
      if (nest_.op->getName().stripDialect() == "reduce_mean")
        runAll(columns,
               [&] { update([&](Value total) { return reduction.finish(total, count); }); });
    });
  }

  /// Several rows in one run through the columns, then the rest one by one.
  void addRowsAtOnce(unsigned loop, ArrayRef<unsigned> columns, const Reduction &reduction, Value x,
                     function_ref<void(function_ref<Value(Value)>)> update,
                     function_ref<void()> addRow) {
    const std::int64_t extent = nest_.domain.loops()[loop].extent;
    const std::int64_t whole = extent / kRowsAtOnce * kRowsAtOnce;
    LoopStack &loops = emitter_.loops();
    loops.loop(loc_, kernel_.constant(0), kernel_.constant(whole), kRowsAtOnce, {},
               [&](Value first, ValueRange) {
                 emitter_.setRange(first, {0, whole - kRowsAtOnce + 1});
                 runAll(columns, [&] {
                   update([&](Value total) {
                     SmallVector<Value, kRowsAtOnce> values;
                     for (std::int64_t i = 0; i < kRowsAtOnce; ++i) {
                       counters_[loop] = emitter_.sum(first, emitter_.integer(i));
                       values.push_back(elementHere(x));
                     }
                     const Value low = reduction.merge(values[0], values[1]);
                     const Value high = reduction.merge(values[2], values[3]);
                     return reduction.merge(total, reduction.merge(low, high));
                   });
                 });
                 return SmallVector<Value>();
               });
    for (std::int64_t row = whole; row < extent; ++row) {
      counters_[loop] = emitter_.integer(row);
      addRow();
    }
  }

  void emitScatter() {
    const KernelOutput &output = nest_.outputs.front();
    const Value data = nest_.op->getOperand(0), ids = nest_.op->getOperand(1);
    const std::int64_t segments = extentsOf(output.value)[0];
    const SmallVector<unsigned> rows = loopsOfKind(1), columns = loopsOfKind(2);
    std::int64_t width = 1;
    for (const unsigned loop : columns)
      width *= nest_.domain.loops()[loop].extent;
    const Type element = cast<RankedTensorType>(data.getType()).getElementType();
    LoopStack &loops = emitter_.loops();
    loops.loop(loc_, kernel_.constant(0), kernel_.constant(segments), 1, {},
               [&](Value segment, ValueRange) {
                 runAll(columns, [&] {
                   ScalarOps s(kernel_.builder(), loc_, false);
                   store(output, s.constant(registerType(element), 0),
                         emitter_.sum(emitter_.scaled(segment, width), outputOffset(false)));
                 });
                 return SmallVector<Value>();
               });
    runAll(rows, [&] {
      OpBuilder &b = kernel_.builder();
      ScalarOps s(b, loc_, false);
      ElementIndex index = emitter_.indexAt(nest_.domain, counters_, extentsOf(data));
      // The leading axes' parts; those of the columns are not set yet and stand last.
      std::size_t axes = 0, parts = 0;
      while (axes < extentsOf(ids).size())
        axes += index[parts++].dims;
      index.truncate(parts);
      if (parts > 0) // none for the id of a single row
        index.back().dims -= static_cast<unsigned>(axes - extentsOf(ids).size());
      const Value id = s.convert(emitter_.element(ids, index), b.getI64Type());
      // Segments that do not exist get no round of this loop.
      ScalarOps u(b, loc_, true);
      const Value valid = u.less(id, kernel_.constant(segments));
      const Value once = arith::ExtUIOp::create(b, loc_, b.getI64Type(), valid);
      loops.loop(loc_, kernel_.constant(0), once, 1, {}, [&](Value, ValueRange) {
        runAll(columns, [&] {
          const Value offset = emitter_.sum(emitter_.scaled(id, width), outputOffset(false));
          const Value total =
              kernel_.load(loc_, output.buffers.front(), offset, registerType(element));
          ScalarOps sum(kernel_.builder(), loc_, false);
          store(output, sum.add(total, elementHere(data)), offset);
        });
        return SmallVector<Value>();
      });
    });
  }

  ElementEmitter &emitter_;
  KernelFunction &kernel_;
  const KernelNest &nest_;
  Location loc_;
  bool hasScratch_, guarded_ = false;
  Value lower_, upper_;
  SmallVector<Value> counters_;
};

} // namespace

void emitCluster(StringRef name, Block &body, const ClusterPlan &plan, ModuleOp module) {
  const Location loc = body.getParentOp()->getLoc();
  const unsigned numBuffers = body.getNumArguments() + body.getTerminator()->getNumOperands();
  KernelFunction kernel(name, numBuffers, loc, module);
  ElementEmitter emitter(kernel, plan.scratch);
  for (const KernelNest &nest : plan.nests) {
    const Location nestLoc = nest.op ? nest.op->getLoc() : nest.outputs.front().value.getLoc();
    NestEmitter(emitter, nest, nestLoc, plan.nests.size() == 1, !plan.scratch.empty()).emit();
  }
}

} // namespace graphc

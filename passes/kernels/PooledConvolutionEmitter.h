// Writes the code of a PooledConvolution.
#pragma once

#include "passes/kernels/KernelFunction.h"
#include "passes/kernels/PooledConvolution.h"

namespace graphc {

class PooledConvolutionEmitter {
public:
  PooledConvolutionEmitter(llvm::StringRef name, const PooledConvolution &conv, unsigned buffers,
                           mlir::Location loc, mlir::ModuleOp module);

  void emit();

private:
  using Value = mlir::Value;
  using Values = llvm::SmallVector<Value>;
  /// Vectors [first, first + count) of a row, or elements of a list.
  struct Block {
    std::int64_t first, count;
  };
  /// A loop of a sum of products: how far its steps are apart in both factors.
  struct Step {
    std::int64_t count, image, filter;
  };
  /// A pooling window of image `n`.
  struct Window {
    Value n, row, column;
  };

  // Small pieces (PooledConvolutionEmitter.cpp).
  Value constant(std::int64_t value) { return function_.constant(value); }
  Value add(Value a, Value b);
  Value add(Value a, std::int64_t b);
  Value multiply(Value a, std::int64_t b);
  Value zeros(); ///< a vector
  Value spread(Value scalar, mlir::Type vector);
  Value multiplyAdd(Value a, Value b, Value sum);
  void loop(Value begin, Value end, std::int64_t step, llvm::function_ref<void(Value)> body);
  void loop(std::int64_t count, llvm::function_ref<void(Value)> body);
  using FoldBody = llvm::function_ref<Values(Value, mlir::ValueRange)>;
  Values fold(Value end, mlir::ValueRange initial, FoldBody body);
  Values fold(std::int64_t count, mlir::ValueRange initial, FoldBody body);
  /// Nested loops over the image and what it is multiplied with, from `image` and `filter` on.
  Values addProducts(llvm::ArrayRef<Step> steps, Value image, Value filter, Values sums,
                     llvm::function_ref<Values(Value, Value, mlir::ValueRange)> step);
  /// As few blocks of `most` at most as there must be, about as large as each other.
  static llvm::SmallVector<Block> blocksOf(std::int64_t count, std::int64_t most);
  /// How many vectors `rows` elements can be multiplied with at a time, so that all sums stay in
  /// registers, beside the vectors and an element: (rows + 1) * vectors + 1.
  std::int64_t vectorsFor(std::int64_t rows) const { return (registers() - 1) / (rows + 1); }
  std::int64_t registers() const { return conv_.lanes == 16 ? 32 : 16; }

  // Scratch: offsets are of float32 elements.
  Value fromScratch(Value offset, mlir::Type type);
  void toScratch(Value value, Value offset);
  void clear(std::int64_t begin, std::int64_t end);
  /// Copies `count` elements, in vectors and what is left.
  using Load = llvm::function_ref<Value(Value at, mlir::Type type)>;
  using Store = llvm::function_ref<void(Value value, Value at)>;
  void copyRow(std::int64_t count, Load load, Store store);
  /// The outputs' vector `vector` in buffer `buffer`, from element `row` on.
  Value loadOutputs(unsigned buffer, Value row, std::int64_t vector);
  void storeOutputs(Value value, unsigned buffer, Value row, std::int64_t vector);
  /// Of places: bytes in memory, 32 bits in registers.
  Value loadPlaces(unsigned buffer, Value row, std::int64_t vector);
  void storePlaces(Value places, unsigned buffer, Value row, std::int64_t vector);
  /// Elements of a row that are in its vector `vector`, in powers of two: (first, count).
  llvm::SmallVector<Block> piecesOf(std::int64_t vector) const;

  // The image and windows.
  void clearScratch() { clear(0, conv_.scratch); }
  /// Where image `n` begins: in x, or in scratch, where this copies it into place `slot`.
  Value takeImage(Value n, Value slot);
  Value fromImage(Value offset);
  /// Rows of the image that x has, and their elements: body(element in x, element in the image).
  void forImageRows(Value n, llvm::function_ref<void(Value, Value)> body);
  std::int64_t imageRowElements() const;
  /// The window's first element in the result, and its first position in the image.
  Value resultOffset(const Window &window);
  Value imageOffset(const Window &window);
  void forWindows(Value n, llvm::function_ref<void(const Window &)> body);
  /// How far element `element` of a window is from its first one, in the image.
  std::int64_t elementOffset(std::int64_t element) const;

  // Forward (PooledConvolutionForward.cpp).
  void emitForward();
  void packFilter();
  void emitWindow(const Window &window, Value image);
  /// The sums for `elements` of a window, vectors `block` of the outputs: element by element.
  Values products(Value at, Block elements, Block block);
  /// Whether the convolution's result has this element of the window; null where it always has.
  Value isElement(const Window &window, std::int64_t element);

  // Gradients (PooledConvolutionGradients.cpp).
  /// Writes the gradient of the convolution's result for one window to scratch, from `at` on:
  /// elements' rows and columns are `rowStride` and paddedOutputs() apart. Adds to the bias's
  /// gradient where the kernel has one.
  void spreadGradient(const Window &window, unsigned places, Value at, std::int64_t rowStride);
  void emitFilterGradient();
  void addImages(Value images, Value count);
  void addTile(Block depth, Block block, Value images, Value count);
  std::int64_t depthOffset(std::int64_t index) const;
  void storePart(Value part);
  void emitInputGradient();
  void transposeFilter();
  void addRun(Value image, Value filter);
  void storeImage(Value n);

  const PooledConvolution conv_;
  KernelFunction function_;
  mlir::OpBuilder &builder_;
  mlir::Location loc_;
  mlir::Type f32_;
  mlir::VectorType vector_, places_; ///< of f32, of i32
};

} // namespace graphc

// RUN: graphc-opt %s --split-input-file --graph-fuse-convolution-pooling --remark-format=emitRemark --remarks-filter="graph-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: graphc-opt %s --split-input-file --graph-fuse-convolution-pooling | FileCheck %s

// The convolution's result is fetched.
// REMARK: graph-fuse-convolution-pooling{{.*}}the value before the pooling has further uses
// CHECK-LABEL: @wanted
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
graph.program @wanted {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6x4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x6x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<4x6x4x5xf32> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x6x4x5xf32>) -> tensor<4x3x2x5xf32>
  graph.fetch %y, %c {indices = array<i64: 0, 1>} : tensor<4x3x2x5xf32>, tensor<4x6x4x5xf32>
}

// -----

// Its gradient is fetched.
// REMARK: graph-fuse-convolution-pooling{{.*}}the gradient before the pooling has further uses
// CHECK-LABEL: @gradient_wanted
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
// CHECK: graph.max_pool2d_gradient
graph.program @gradient_wanted {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6x4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x6x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<4x6x4x5xf32> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x6x4x5xf32>) -> tensor<4x3x2x5xf32>
  %dz = graph.max_pool2d_gradient %c, %y, %y {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x6x4x5xf32>, tensor<4x3x2x5xf32>, tensor<4x3x2x5xf32>) -> tensor<4x6x4x5xf32>
  graph.fetch %y, %dz {indices = array<i64: 0, 1>} : tensor<4x3x2x5xf32>, tensor<4x6x4x5xf32>
}

// -----

// Its gradient is made with a stride that the convolution does not have.
// REMARK: graph-fuse-convolution-pooling{{.*}}the gradient before the pooling has further uses
// CHECK-LABEL: @other_convolution
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
// CHECK: graph.max_pool2d_gradient
// CHECK: graph.conv2d_backprop_input
graph.program @other_convolution {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6x4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x6x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<4x6x4x5xf32> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x6x4x5xf32>) -> tensor<4x3x2x5xf32>
  %dz = graph.max_pool2d_gradient %c, %y, %y {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x6x4x5xf32>, tensor<4x3x2x5xf32>, tensor<4x3x2x5xf32>) -> tensor<4x6x4x5xf32>
  %dx = graph.conv2d_backprop_input %w, %dz {dilations = array<i64: 1, 1>, input_sizes = array<i64: 4, 12, 8, 3>, padding = "SAME", strides = array<i64: 2, 2>}
      : (tensor<2x2x3x5xf32>, tensor<4x6x4x5xf32>) -> tensor<4x12x8x3xf32>
  graph.fetch %y, %dx {indices = array<i64: 0, 1>} : tensor<4x3x2x5xf32>, tensor<4x12x8x3xf32>
}

// -----

// Windows of three every two elements.
// REMARK: graph-fuse-convolution-pooling{{.*}}its windows overlap
// CHECK-LABEL: @overlapping
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
graph.program @overlapping {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6x4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x6x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<4x6x4x5xf32> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 3, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x6x4x5xf32>) -> tensor<4x2x2x5xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x2x2x5xf32>
}

// -----

// No kernel for float64.
// REMARK: graph-fuse-convolution-pooling{{.*}}only float32 has a kernel
// CHECK-LABEL: @doubles
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
graph.program @doubles {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6x4x3xf64>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf64>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x6x4x3xf64>, tensor<2x2x3x5xf64>) -> tensor<4x6x4x5xf64> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x6x4x5xf64>) -> tensor<4x3x2x5xf64>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x3x2x5xf64>
}

// -----

// 7,680 products an element.
// REMARK: graph-fuse-convolution-pooling{{.*}}its filter has more than 24576 bytes
// CHECK-LABEL: @large_filter
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
graph.program @large_filter {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6x4x16xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x3x16x80xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x6x4x16xf32>, tensor<2x3x16x80xf32>) -> tensor<4x6x4x80xf32> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x6x4x80xf32>) -> tensor<4x3x2x80xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x3x2x80xf32>
}

// -----

// 17,280 numbers an image.
// REMARK: graph-fuse-convolution-pooling{{.*}}an image has more than 65536 bytes
// CHECK-LABEL: @large_image
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
graph.program @large_image {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x72x80x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x72x80x3xf32>, tensor<2x2x3x5xf32>) -> tensor<4x72x80x5xf32> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x72x80x5xf32>) -> tensor<4x36x40x5xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x36x40x5xf32>
}

// -----

// 270,336 numbers a result.
// REMARK: graph-fuse-convolution-pooling{{.*}}an image's result has more than 1048576 bytes
// CHECK-LABEL: @large_result
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
graph.program @large_result {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x64x66x1xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x1x64xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x64x66x1xf32>, tensor<2x2x1x64xf32>) -> tensor<4x64x66x64xf32> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x64x66x64xf32>) -> tensor<4x32x33x64xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x32x33x64xf32>
}

// -----

// Windows of 24.
// REMARK: graph-fuse-convolution-pooling{{.*}}its windows have more than 16 elements
// CHECK-LABEL: @large_windows
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
graph.program @large_windows {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6x4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x6x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<4x6x4x5xf32> loc("c")
  %y = graph.max_pool2d %c {ksize = array<i64: 6, 4>, padding = "VALID", strides = array<i64: 6, 4>}
      : (tensor<4x6x4x5xf32>) -> tensor<4x1x1x5xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x1x1x5xf32>
}

// -----

// Between convolution and pooling, rows are cut otherwise.
// REMARK: graph-fuse-convolution-pooling{{.*}}the pooling sees other rows and columns
// CHECK-LABEL: @other_rows
// CHECK: graph.conv2d
// CHECK: graph.max_pool2d
graph.program @other_rows {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6x4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x6x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<4x6x4x5xf32> loc("c")
  %r = graph.reshape %c {shape = array<i64: 4, 4, 6, 5>} : (tensor<4x6x4x5xf32>) -> tensor<4x4x6x5xf32>
  %y = graph.max_pool2d %r {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<4x4x6x5xf32>) -> tensor<4x2x3x5xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x2x3x5xf32>
}

// RUN: graphc-opt %s --split-input-file --graph-split-sums=max-terms=3 | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graph-split-sums | FileCheck %s --check-prefix=WHOLE

// Each part goes on from the one before, as soon as its terms are there.
// CHECK-LABEL: @six_terms
// CHECK-DAG: %[[A:.*]] = graph.feed {index = 0
// CHECK-DAG: %[[B:.*]] = graph.feed {index = 1
// CHECK: %[[C:.*]] = graph.tanh %[[A]]
// CHECK-NEXT: %[[P:.*]] = graph.add_n %[[A]], %[[B]], %[[C]]
// CHECK-NEXT: %[[D:.*]] = graph.tanh %[[B]]
// CHECK-NEXT: %[[Q:.*]] = graph.add_n %[[P]], %[[A]], %[[D]]
// CHECK-NEXT: %[[E:.*]] = graph.tanh %[[D]]
// CHECK-NEXT: %[[S:.*]] = graph.add_n %[[Q]], %[[E]]
// CHECK-NEXT: graph.fetch %[[S]]

// WHOLE-LABEL: @six_terms
// WHOLE-COUNT-1: graph.add_n
// WHOLE-NOT: graph.add_n
graph.program @six_terms {
  %a = graph.feed {index = 0 : i64, name = "a:0"} : () -> tensor<4xf32>
  %b = graph.feed {index = 1 : i64, name = "b:0"} : () -> tensor<4xf32>
  %c = graph.tanh %a : (tensor<4xf32>) -> tensor<4xf32>
  %d = graph.tanh %b : (tensor<4xf32>) -> tensor<4xf32>
  %e = graph.tanh %d : (tensor<4xf32>) -> tensor<4xf32>
  %s = graph.add_n %a, %b, %c, %a, %d, %e : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %s {indices = array<i64: 0>} : tensor<4xf32>
}

// -----

// CHECK-LABEL: @three_terms
// WHOLE-LABEL: @three_terms
// CHECK: graph.add_n %{{.*}}, %{{.*}}, %{{.*}} :
// CHECK-NOT: graph.add_n
graph.program @three_terms {
  %a = graph.feed {index = 0 : i64, name = "a:0"} : () -> tensor<4xf32>
  %s = graph.add_n %a, %a, %a : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %s {indices = array<i64: 0>} : tensor<4xf32>
}

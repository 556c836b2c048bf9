// RUN: graphc-opt %s --split-input-file --verify-diagnostics

plan.program @feed_beyond_the_feeds feeds ["x:0"] fetches [] threads 1 {
  // expected-error @below {{expected an index below 1, the number of feeds, got 1}}
  %x = plan.buffer fed {index = 1 : i64} : memref<4xf32>
}

// -----

plan.program @fetch_beyond_the_fetches feeds [] fetches [] threads 1 {
  // expected-error @below {{expected an index below 0, the number of fetches, got 0}}
  %x = plan.buffer fetched {index = 0 : i64} : memref<4xf32>
}

// -----

plan.program @foreign_op feeds [] fetches [] threads 1 {
  // expected-error @below {{is not an op of the plan dialect, as expected inside plan.program}}
  graph.no_op
}

// -----

plan.program @unknown_kind feeds [] fetches [] threads 1 {
  // expected-error @below {{expected fed, fetched, temporary, variable, kept or constant, got 'borrowed'}}
  %x = plan.buffer borrowed : memref<4xf32>
}

// -----

plan.program @index_missing feeds ["x:0"] fetches [] threads 1 {
  // expected-error @below {{expected an index on a fed buffer}}
  %x = plan.buffer fed : memref<4xf32>
}

// -----

plan.program @index_on_a_temporary feeds [] fetches [] threads 1 {
  // expected-error @below {{expected no index on a temporary buffer}}
  %x = plan.buffer temporary {index = 0 : i64} : memref<4xf32>
}

// -----

plan.program @variable_missing feeds [] fetches [] threads 1 {
  // expected-error @below {{expected a variable on a kept buffer}}
  %x = plan.buffer kept : memref<4xf32>
}

// -----

plan.program @variable_on_a_temporary feeds [] fetches [] threads 1 {
  // expected-error @below {{expected no variable on a temporary buffer}}
  %x = plan.buffer temporary {variable = @w} : memref<4xf32>
}

// -----

plan.program @value_missing feeds [] fetches [] threads 1 {
  // expected-error @below {{expected a value on constant buffers and on no others}}
  %x = plan.buffer constant : memref<4xf32>
}

// -----

plan.program @value_of_another_type feeds [] fetches [] threads 1 {
  // expected-error @below {{expected a value of type 'tensor<4xf32>', got 'tensor<5xf32>'}}
  %x = plan.buffer constant {value = dense<0.0> : tensor<5xf32>} : memref<4xf32>
}

// -----

plan.program @offset_of_a_feed feeds ["x:0"] fetches [] threads 1 {
  // expected-error @below {{expected no offset and no lifetime on a fed buffer}}
  %x = plan.buffer fed {index = 0 : i64, offset = 64 : i64} : memref<4xf32>
}

// -----

plan.program @unaligned_offset feeds [] fetches [] threads 1 {
  // expected-error @below {{expected an offset that is a multiple of 64, got 100}}
  %x = plan.buffer temporary {offset = 100 : i64} : memref<4xf32>
}

// -----

plan.program @backward_lifetime feeds [] fetches [] threads 1 {
  // expected-error @below {{expected a lifetime of two steps, the first not after the last}}
  %x = plan.buffer temporary {lifetime = array<i64: 3, 2>} : memref<4xf32>
}

// -----

plan.program @buffer_with_a_layout feeds [] fetches [] threads 1 {
  // expected-error @below {{expected a dense row-major buffer; layouts belong to plan.view}}
  %x = plan.buffer temporary : memref<2x3xf32, strided<[1, 2]>>
}

// -----

plan.program @view_of_another_type feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected element type 'f32', got 'i32'}}
  %y = plan.view %x : memref<4xf32> to memref<4xi32>
}

// -----

plan.program @view_beyond_the_end feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected a part of 'memref<4xf32>', but element 4 of it is named}}
  %y = plan.view %x : memref<4xf32> to memref<2xf32, strided<[1], offset: 3>>
}

// -----

plan.program @view_of_a_layout feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.view %x : memref<4xf32> to memref<2xf32, strided<[1], offset: 2>>
  // expected-error @below {{expected a dense source, got 'memref<2xf32, strided<[1], offset: 2>>'}}
  %z = plan.view %y : memref<2xf32, strided<[1], offset: 2>> to memref<2x1xf32>
}

// -----

plan.program @primitive_on_other_buffers feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<5xf32>
  %y = plan.buffer temporary : memref<4xf32>
  // expected-note @below {{the primitive is made here}}
  %p = plan.create_primitive "eltwise" {} implementation "jit" scratchpad 0 : (memref<4xf32>) -> memref<4xf32>
  // expected-error @below {{expected input 0 of type 'memref<4xf32>', got 'memref<5xf32>'}}
  plan.run_primitive %p inputs(%x : memref<5xf32>) outputs(%y : memref<4xf32>)
}

// -----

plan.program @primitive_with_too_few_buffers feeds [] fetches [] threads 1 {
  %y = plan.buffer temporary : memref<4xf32>
  %p = plan.create_primitive "eltwise" {} implementation "jit" scratchpad 0 : (memref<4xf32>) -> memref<4xf32>
  // expected-error @below {{expected 1 inputs, got 0}}
  plan.run_primitive %p outputs(%y : memref<4xf32>)
}

// -----

plan.program @scratchpad_missing feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.buffer temporary : memref<4xf32>
  %p = plan.create_primitive "eltwise" {} implementation "jit" scratchpad 64 : (memref<4xf32>) -> memref<4xf32>
  // expected-error @below {{expected a scratchpad of 64 bytes, got 0}}
  plan.run_primitive %p inputs(%x : memref<4xf32>) outputs(%y : memref<4xf32>)
}

// -----

plan.program @kept_from_a_temporary feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.buffer kept {variable = @w} : memref<16xui8>
  %p = plan.create_primitive "matmul_pack" {} implementation "jit" scratchpad 0 : (memref<4xf32>) -> memref<16xui8>
  // expected-error @below {{expected a kept buffer to be made from one variable and nothing else}}
  plan.run_primitive %p inputs(%x : memref<4xf32>) outputs(%y : memref<16xui8>)
}

// -----

plan.program @kernel_missing feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected a plan.kernel named @tanh}}
  plan.call_kernel @tanh outputs(%x : memref<4xf32>)
}

// -----

plan.kernel @tanh extent 4 grain 1 scratch 0 {
^bb0(%x: tensor<4xf32>):
  graph.yield %x : tensor<4xf32>
}
plan.program @kernel_on_another_type feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<5xf32>
  %y = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected input 0 of type 'memref<4xf32>', got 'memref<5xf32>'}}
  plan.call_kernel @tanh inputs(%x : memref<5xf32>) outputs(%y : memref<4xf32>)
}

// -----

plan.kernel @increment extent 4 grain 1 scratch 0 {
^bb0(%x: tensor<4xf32>):
  graph.yield
}
plan.program @update_of_a_temporary feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected variables among the updates}}
  plan.call_kernel @increment updates(%x : memref<4xf32>)
}

// -----

// expected-error @below {{expected arguments of known extents, got 'tensor<?xf32>'}}
plan.kernel @unknown_extent extent 4 grain 1 scratch 0 {
^bb0(%x: tensor<?xf32>):
  graph.yield %x : tensor<?xf32>
}

// -----

plan.program @copy_between_shapes feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.buffer temporary : memref<2x2xf32>
  // expected-error @below {{expected buffers of equal extents and element types, got 'memref<4xf32>' and 'memref<2x2xf32>'}}
  plan.copy %x to %y : memref<4xf32> to memref<2x2xf32>
}

// -----

plan.program @copy_with_two_strides feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<2x3x4xf32>
  %v = plan.view %x : memref<2x3x4xf32> to memref<2x2x2xf32, strided<[12, 4, 1]>>
  %y = plan.buffer temporary : memref<2x2x2xf32>
  // expected-error @below {{expected layouts that differ in one stride at most}}
  plan.copy %v to %y : memref<2x2x2xf32, strided<[12, 4, 1]>> to memref<2x2x2xf32>
}

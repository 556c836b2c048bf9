// RUN: graphc-opt %s --split-input-file --verify-diagnostics

// Loops and branches of a plan: what their programs must look like, and the buffers they are given.

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @loop_without_a_body feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %o = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  // expected-error @below {{expected a plan.program named @body}}
  plan.run_while @cond do @body initial(%i : memref<i32>) outputs(%o : memref<i32>) spare(%s : memref<i32>)
}

// -----

plan.kernel @cond extent 1 grain 1 scratch 0 {
^bb0(%x: tensor<i32>):
  graph.yield %x : tensor<i32>
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @loop_whose_condition_is_a_kernel feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %o = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  // expected-error @below {{expected a plan.program named @cond}}
  plan.run_while @cond do @body initial(%i : memref<i32>) outputs(%o : memref<i32>) spare(%s : memref<i32>)
}

// -----

plan.program @cond feeds ["i:0", "n:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @loop_whose_condition_wants_more feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %o = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  // expected-error @below {{expected @cond to have 1 feeds, got 2}}
  plan.run_while @cond do @body initial(%i : memref<i32>) outputs(%o : memref<i32>) spare(%s : memref<i32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches [] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @loop_whose_condition_says_nothing feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %o = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  // expected-error @below {{expected @cond to have 1 fetches, got 0}}
  plan.run_while @cond do @body initial(%i : memref<i32>) outputs(%o : memref<i32>) spare(%s : memref<i32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches [] threads 1 {
}
plan.program @loop_whose_body_drops_a_variable feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %o = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  // expected-error @below {{expected @body to have 1 fetches, got 0}}
  plan.run_while @cond do @body initial(%i : memref<i32>) outputs(%o : memref<i32>) spare(%s : memref<i32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @loop_into_another_type feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %o = plan.buffer temporary : memref<f32>
  %s = plan.buffer temporary : memref<i32>
  // expected-error @below {{expected outputs of the types 'memref<i32>', got 'memref<f32>'}}
  plan.run_while @cond do @body initial(%i : memref<i32>) outputs(%o : memref<f32>) spare(%s : memref<i32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @loop_with_a_spare_too_many feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %o = plan.buffer temporary : memref<i32>
  // expected-error @below {{expected spare buffers of the types 'memref<i32>', got 'memref<i32>', 'memref<i32>'}}
  plan.run_while @cond do @body initial(%i : memref<i32>) outputs(%o : memref<i32>)
      spare(%o, %i : memref<i32>, memref<i32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @loop_gradient_without_a_program feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %v = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  %g = plan.buffer temporary : memref<f32>
  %o = plan.buffer temporary : memref<f32>
  %p = plan.buffer temporary : memref<f32>
  // expected-error @below {{expected a plan.program named @gradient}}
  plan.run_while_gradient @cond do @body back @gradient kept [0] initial(%i : memref<i32>)
      variables(%v : memref<i32>) spare(%s : memref<i32>) gradients(%g : memref<f32>)
      outputs(%o : memref<f32>) spare_outputs(%p : memref<f32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @gradient feeds ["g:0"] fetches ["g:0"] threads 1 {
}
plan.program @loop_gradient_that_is_given_too_little feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %v = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  %g = plan.buffer temporary : memref<f32>
  %o = plan.buffer temporary : memref<f32>
  %p = plan.buffer temporary : memref<f32>
  // expected-error @below {{expected @gradient to have 2 feeds, got 1}}
  plan.run_while_gradient @cond do @body back @gradient kept [0] initial(%i : memref<i32>)
      variables(%v : memref<i32>) spare(%s : memref<i32>) gradients(%g : memref<f32>)
      outputs(%o : memref<f32>) spare_outputs(%p : memref<f32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @gradient feeds ["i:0", "g:0"] fetches [] threads 1 {
}
plan.program @loop_gradient_that_gives_nothing feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %v = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  %g = plan.buffer temporary : memref<f32>
  %o = plan.buffer temporary : memref<f32>
  %p = plan.buffer temporary : memref<f32>
  // expected-error @below {{expected @gradient to have 1 fetches, got 0}}
  plan.run_while_gradient @cond do @body back @gradient kept [0] initial(%i : memref<i32>)
      variables(%v : memref<i32>) spare(%s : memref<i32>) gradients(%g : memref<f32>)
      outputs(%o : memref<f32>) spare_outputs(%p : memref<f32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @gradient feeds ["i:0", "g:0"] fetches ["g:0"] threads 1 {
}
plan.program @loop_gradient_that_keeps_what_is_not_there feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %v = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  %g = plan.buffer temporary : memref<f32>
  %o = plan.buffer temporary : memref<f32>
  %p = plan.buffer temporary : memref<f32>
  // expected-error @below {{expected kept numbers below 1, the number of loop variables, got 1}}
  plan.run_while_gradient @cond do @body back @gradient kept [1] initial(%i : memref<i32>)
      variables(%v : memref<i32>) spare(%s : memref<i32>) gradients(%g : memref<f32>)
      outputs(%o : memref<f32>) spare_outputs(%p : memref<f32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @gradient feeds ["i:0", "g:0"] fetches ["g:0"] threads 1 {
}
plan.program @loop_gradient_with_other_variables feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %v = plan.buffer temporary : memref<i64>
  %s = plan.buffer temporary : memref<i32>
  %g = plan.buffer temporary : memref<f32>
  %o = plan.buffer temporary : memref<f32>
  %p = plan.buffer temporary : memref<f32>
  // expected-error @below {{expected variables of the types 'memref<i32>', got 'memref<i64>'}}
  plan.run_while_gradient @cond do @body back @gradient kept [0] initial(%i : memref<i32>)
      variables(%v : memref<i64>) spare(%s : memref<i32>) gradients(%g : memref<f32>)
      outputs(%o : memref<f32>) spare_outputs(%p : memref<f32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @gradient feeds ["i:0", "g:0"] fetches ["g:0"] threads 1 {
}
plan.program @loop_gradient_with_other_spare_variables feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %v = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i64>
  %g = plan.buffer temporary : memref<f32>
  %o = plan.buffer temporary : memref<f32>
  %p = plan.buffer temporary : memref<f32>
  // expected-error @below {{expected spare buffers of the types 'memref<i32>', got 'memref<i64>'}}
  plan.run_while_gradient @cond do @body back @gradient kept [0] initial(%i : memref<i32>)
      variables(%v : memref<i32>) spare(%s : memref<i64>) gradients(%g : memref<f32>)
      outputs(%o : memref<f32>) spare_outputs(%p : memref<f32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @gradient feeds ["i:0", "g:0"] fetches ["g:0"] threads 1 {
}
plan.program @loop_gradient_with_other_outputs feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %v = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  %g = plan.buffer temporary : memref<f32>
  %o = plan.buffer temporary : memref<4xf32>
  %p = plan.buffer temporary : memref<f32>
  // expected-error @below {{expected outputs of the types 'memref<f32>', got 'memref<4xf32>'}}
  plan.run_while_gradient @cond do @body back @gradient kept [0] initial(%i : memref<i32>)
      variables(%v : memref<i32>) spare(%s : memref<i32>) gradients(%g : memref<f32>)
      outputs(%o : memref<4xf32>) spare_outputs(%p : memref<f32>)
}

// -----

plan.program @cond feeds ["i:0"] fetches ["more:0"] threads 1 {
}
plan.program @body feeds ["i:0"] fetches ["next:0"] threads 1 {
}
plan.program @gradient feeds ["i:0", "g:0"] fetches ["g:0"] threads 1 {
}
plan.program @loop_gradient_with_other_spare_outputs feeds [] fetches [] threads 1 {
  %i = plan.buffer temporary : memref<i32>
  %v = plan.buffer temporary : memref<i32>
  %s = plan.buffer temporary : memref<i32>
  %g = plan.buffer temporary : memref<f32>
  %o = plan.buffer temporary : memref<f32>
  %p = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected spare outputs of the types 'memref<f32>', got 'memref<4xf32>'}}
  plan.run_while_gradient @cond do @body back @gradient kept [0] initial(%i : memref<i32>)
      variables(%v : memref<i32>) spare(%s : memref<i32>) gradients(%g : memref<f32>)
      outputs(%o : memref<f32>) spare_outputs(%p : memref<4xf32>)
}

// -----

plan.program @then feeds ["x:0"] fetches ["y:0"] threads 1 {
}
plan.program @otherwise feeds ["x:0"] fetches ["y:0"] threads 1 {
}
plan.program @branch_on_a_number feeds [] fetches [] threads 1 {
  %p = plan.buffer temporary : memref<i32>
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected a scalar bool, got 'memref<i32>'}}
  plan.run_cond %p then @then else @otherwise captured(%x : memref<4xf32>)
      outputs(%y : memref<4xf32>) : memref<i32>
}

// -----

plan.program @then feeds ["x:0"] fetches ["y:0"] threads 1 {
}
plan.program @otherwise feeds ["x:0"] fetches ["y:0"] threads 1 {
}
plan.program @branch_on_several_bools feeds [] fetches [] threads 1 {
  %p = plan.buffer temporary : memref<2xi1>
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected a scalar bool, got 'memref<2xi1>'}}
  plan.run_cond %p then @then else @otherwise captured(%x : memref<4xf32>)
      outputs(%y : memref<4xf32>) : memref<2xi1>
}

// -----

plan.program @then feeds ["x:0"] fetches ["y:0"] threads 1 {
}
plan.program @branch_missing feeds [] fetches [] threads 1 {
  %p = plan.buffer temporary : memref<i1>
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected a plan.program named @otherwise}}
  plan.run_cond %p then @then else @otherwise captured(%x : memref<4xf32>)
      outputs(%y : memref<4xf32>) : memref<i1>
}

// -----

plan.program @then feeds ["x:0"] fetches ["y:0"] threads 1 {
}
plan.program @otherwise feeds ["x:0", "z:0"] fetches ["y:0"] threads 1 {
}
plan.program @branch_that_wants_more feeds [] fetches [] threads 1 {
  %p = plan.buffer temporary : memref<i1>
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected @otherwise to have 1 feeds, got 2}}
  plan.run_cond %p then @then else @otherwise captured(%x : memref<4xf32>)
      outputs(%y : memref<4xf32>) : memref<i1>
}

// -----

plan.program @then feeds ["x:0"] fetches ["y:0", "z:0"] threads 1 {
}
plan.program @otherwise feeds ["x:0"] fetches ["y:0"] threads 1 {
}
plan.program @branch_that_gives_more feeds [] fetches [] threads 1 {
  %p = plan.buffer temporary : memref<i1>
  %x = plan.buffer temporary : memref<4xf32>
  %y = plan.buffer temporary : memref<4xf32>
  // expected-error @below {{expected @then to have 1 fetches, got 2}}
  plan.run_cond %p then @then else @otherwise captured(%x : memref<4xf32>)
      outputs(%y : memref<4xf32>) : memref<i1>
}

// -----

plan.program @row_of_another_length feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4x3xf32>
  %i = plan.buffer temporary : memref<i32>
  %r = plan.buffer temporary : memref<2xf32>
  // expected-error @below {{expected a row of 'memref<4x3xf32>', got 'memref<2xf32>'}}
  plan.read_row %x at %i to %r : memref<4x3xf32>, memref<i32> to memref<2xf32>
}

// -----

plan.program @row_of_another_dtype feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4x3xf32>
  %i = plan.buffer temporary : memref<i32>
  %r = plan.buffer temporary : memref<3xi32>
  // expected-error @below {{expected a row of 'memref<4x3xf32>', got 'memref<3xi32>'}}
  plan.write_row %r to %x at %i : memref<3xi32> to memref<4x3xf32>, memref<i32>
}

// -----

plan.program @row_of_a_scalar feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<f32>
  %i = plan.buffer temporary : memref<i32>
  %r = plan.buffer temporary : memref<f32>
  // expected-error @below {{expected a row of 'memref<f32>', got 'memref<f32>'}}
  plan.read_row %x at %i to %r : memref<f32>, memref<i32> to memref<f32>
}

// -----

plan.program @row_at_a_fraction feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4x3xf32>
  %i = plan.buffer temporary : memref<f32>
  %r = plan.buffer temporary : memref<3xf32>
  // expected-error @below {{expected a scalar index, got 'memref<f32>'}}
  plan.read_row %x at %i to %r : memref<4x3xf32>, memref<f32> to memref<3xf32>
}

// -----

plan.program @row_at_several_places feeds [] fetches [] threads 1 {
  %x = plan.buffer temporary : memref<4x3xf32>
  %i = plan.buffer temporary : memref<2xi32>
  %r = plan.buffer temporary : memref<3xf32>
  // expected-error @below {{expected a scalar index, got 'memref<2xi32>'}}
  plan.write_row %r to %x at %i : memref<3xf32> to memref<4x3xf32>, memref<2xi32>
}

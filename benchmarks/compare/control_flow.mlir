// Loops and branches for round_trip.py, which says what they are by arithmetic.
module {
  graph.program @main {
    %x = graph.placeholder {dtype = f32, shape = array<i64>} : () -> tensor<f32> loc("x")
    %yes = graph.placeholder {dtype = i1, shape = array<i64>} : () -> tensor<i1> loc("yes")
    %limit = graph.constant {value = dense<100.0> : tensor<f32>} : () -> tensor<f32> loc("limit")

    // Squared as long as it is under the limit.
    %squared = graph.while loop_vars(%x : tensor<f32>) captured(%limit : tensor<f32>) -> tensor<f32> cond {
    ^bb0(%v: tensor<f32>, %l: tensor<f32>):
      %more = graph.less %v, %l : (tensor<f32>, tensor<f32>) -> tensor<i1> loc("squared/more")
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%v: tensor<f32>, %l: tensor<f32>):
      %next = graph.square %v : (tensor<f32>) -> tensor<f32> loc("squared/next")
      graph.yield %next : tensor<f32>
    } loc("squared")

    %d_squared = graph.gradients %squared, %x {num_xs = 1 : i64, num_ys = 1 : i64}
        : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("d_squared")
    %gradient = graph.identity %d_squared : (tensor<f32>) -> tensor<f32> loc("gradient")

    %branch = graph.cond %yes captured(%x : tensor<f32>) : tensor<i1> -> tensor<f32> then {
    ^bb0(%v: tensor<f32>):
      %t = graph.tanh %v : (tensor<f32>) -> tensor<f32> loc("branch/tanh")
      graph.yield %t : tensor<f32>
    } else {
    ^bb0(%v: tensor<f32>):
      %two = graph.constant {value = dense<2.0> : tensor<f32>} : () -> tensor<f32> loc("branch/two")
      %t = graph.multiply %v, %two : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("branch/twice")
      graph.yield %t : tensor<f32>
    } loc("branch")

    %table = graph.constant {value = dense<[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]> : tensor<3x2xf32>}
        : () -> tensor<3x2xf32> loc("table")
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32> loc("one")
    %zeros = graph.constant {value = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32> loc("zeros")
    %twice = graph.add %zeros, %x : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32> loc("twice")
    %row = graph.update_row %table, %one, %twice
        : (tensor<3x2xf32>, tensor<i32>, tensor<2xf32>) -> tensor<3x2xf32> loc("row")

    // For i in 0 to 3: a branch in a loop, which adds x i where i is odd; and, where it is not done
    // for the first time, a loop in the branch, which counts to three once.
    %zero = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32> loc("zero")
    %none = graph.constant {value = dense<0.0> : tensor<f32>} : () -> tensor<f32> loc("none")
    %i, %nested = graph.while loop_vars(%zero, %none : tensor<i32>, tensor<f32>)
        captured(%x : tensor<f32>) -> tensor<i32>, tensor<f32> cond {
    ^bb0(%k: tensor<i32>, %sum: tensor<f32>, %v: tensor<f32>):
      %four = graph.constant {value = dense<4> : tensor<i32>} : () -> tensor<i32> loc("nested/four")
      %more = graph.less %k, %four : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("nested/more")
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%k: tensor<i32>, %sum: tensor<f32>, %v: tensor<f32>):
      %two = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32> loc("nested/two")
      %rest = graph.floormod %k, %two : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("nested/rest")
      %unit_k = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32> loc("nested/one")
      %odd = graph.equal %rest, %unit_k : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("nested/odd")
      %added = graph.cond %odd captured(%sum, %v, %k : tensor<f32>, tensor<f32>, tensor<i32>)
          : tensor<i1> -> tensor<f32> then {
      ^bb0(%s: tensor<f32>, %w: tensor<f32>, %j: tensor<i32>):
        %real = graph.cast %j {dtype = f32} : (tensor<i32>) -> tensor<f32> loc("nested/real")
        %part = graph.multiply %w, %real : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("nested/part")
        %t = graph.add %s, %part : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("nested/sum")
        graph.yield %t : tensor<f32>
      } else {
      ^bb0(%s: tensor<f32>, %w: tensor<f32>, %j: tensor<i32>):
        %first = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32> loc("nested/first")
        %is = graph.equal %j, %first : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("nested/is")
        %t = graph.cond %is captured(%s : tensor<f32>) : tensor<i1> -> tensor<f32> then {
        ^bb0(%q: tensor<f32>):
          %up = graph.while loop_vars(%q : tensor<f32>) -> tensor<f32> cond {
          ^bb0(%c: tensor<f32>):
            %three = graph.constant {value = dense<3.0> : tensor<f32>} : () -> tensor<f32> loc("nested/three")
            %under = graph.less %c, %three : (tensor<f32>, tensor<f32>) -> tensor<i1> loc("nested/under")
            graph.yield %under : tensor<i1>
          } body {
          ^bb0(%c: tensor<f32>):
            %step = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32> loc("nested/step")
            %d = graph.add %c, %step : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("nested/up_one")
            graph.yield %d : tensor<f32>
          } loc("nested/up")
          graph.yield %up : tensor<f32>
        } else {
        ^bb0(%q: tensor<f32>):
          graph.yield %q : tensor<f32>
        } loc("nested/inner")
        graph.yield %t : tensor<f32>
      } loc("nested/added")
      %next = graph.add %k, %unit_k : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("nested/next")
      graph.yield %next, %added : tensor<i32>, tensor<f32>
    } loc("nested_loop")
    %result = graph.identity %nested : (tensor<f32>) -> tensor<f32> loc("nested")

    // A tensor that is filled row by row, each from those before it.
    %ones = graph.constant {value = dense<1.0> : tensor<6x1xf32>} : () -> tensor<6x1xf32> loc("ones")
    %second = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32> loc("second")
    %end, %filled = graph.while loop_vars(%second, %ones : tensor<i32>, tensor<6x1xf32>)
        -> tensor<i32>, tensor<6x1xf32> cond {
    ^bb0(%k: tensor<i32>, %rows: tensor<6x1xf32>):
      %six = graph.constant {value = dense<6> : tensor<i32>} : () -> tensor<i32> loc("fill/six")
      %more = graph.less %k, %six : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("fill/more")
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%k: tensor<i32>, %rows: tensor<6x1xf32>):
      %one_k = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32> loc("fill/one")
      %two_k = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32> loc("fill/two")
      %before = graph.subtract %k, %one_k : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("fill/before")
      %earlier = graph.subtract %k, %two_k : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("fill/earlier")
      %a = graph.gather %rows, %before {axis = 0 : i64} : (tensor<6x1xf32>, tensor<i32>) -> tensor<1xf32> loc("fill/a")
      %b = graph.gather %rows, %earlier {axis = 0 : i64} : (tensor<6x1xf32>, tensor<i32>) -> tensor<1xf32> loc("fill/b")
      %sum = graph.add %a, %b : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32> loc("fill/sum")
      %new = graph.update_row %rows, %k, %sum
          : (tensor<6x1xf32>, tensor<i32>, tensor<1xf32>) -> tensor<6x1xf32> loc("fill/row")
      %next = graph.add %k, %one_k : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("fill/next")
      graph.yield %next, %new : tensor<i32>, tensor<6x1xf32>
    } loc("fill")
    %fibonacci = graph.identity %filled : (tensor<6x1xf32>) -> tensor<6x1xf32> loc("fibonacci")

    // For i in 0 to 3, where i is odd: a loop in a branch in a loop, which adds u x i twice, each time
    // with another random u. What it is divided by its gradient times x is one, if the gradient draws
    // the same numbers again.
    %j, %drawn = graph.while loop_vars(%zero, %none : tensor<i32>, tensor<f32>)
        captured(%x : tensor<f32>) -> tensor<i32>, tensor<f32> cond {
    ^bb0(%k: tensor<i32>, %sum: tensor<f32>, %v: tensor<f32>):
      %four = graph.constant {value = dense<4> : tensor<i32>} : () -> tensor<i32> loc("drawn/four")
      %more = graph.less %k, %four : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("drawn/more")
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%k: tensor<i32>, %sum: tensor<f32>, %v: tensor<f32>):
      %one_k = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32> loc("drawn/one")
      %two_k = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32> loc("drawn/two")
      %rest = graph.floormod %k, %two_k : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("drawn/rest")
      %odd = graph.equal %rest, %one_k : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("drawn/odd")
      %real = graph.cast %k {dtype = f32} : (tensor<i32>) -> tensor<f32> loc("drawn/real")
      %factor = graph.multiply %v, %real : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("drawn/factor")
      %added = graph.cond %odd captured(%sum, %factor : tensor<f32>, tensor<f32>)
          : tensor<i1> -> tensor<f32> then {
      ^bb0(%s: tensor<f32>, %f: tensor<f32>):
        %start = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32> loc("drawn/start")
        %c, %both = graph.while loop_vars(%start, %s : tensor<i32>, tensor<f32>)
            captured(%f : tensor<f32>) -> tensor<i32>, tensor<f32> cond {
        ^bb0(%l: tensor<i32>, %t: tensor<f32>, %w: tensor<f32>):
          %two_l = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32> loc("drawn/two_l")
          %under = graph.less %l, %two_l : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("drawn/under")
          graph.yield %under : tensor<i1>
        } body {
        ^bb0(%l: tensor<i32>, %t: tensor<f32>, %w: tensor<f32>):
          %one_l = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32> loc("drawn/one_l")
          %u = graph.random_uniform {dtype = f32, shape = array<i64>, stream = 1 : i64}
              : () -> tensor<f32> loc("drawn/u")
          %part = graph.multiply %w, %u : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("drawn/part")
          %more_t = graph.add %t, %part : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("drawn/sum")
          %up = graph.add %l, %one_l : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("drawn/up")
          graph.yield %up, %more_t : tensor<i32>, tensor<f32>
        } loc("drawn/inner")
        graph.yield %both : tensor<f32>
      } else {
      ^bb0(%s: tensor<f32>, %f: tensor<f32>):
        graph.yield %s : tensor<f32>
      } loc("drawn/added")
      %next = graph.add %k, %one_k : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("drawn/next")
      graph.yield %next, %added : tensor<i32>, tensor<f32>
    } loc("drawn")
    %d_drawn = graph.gradients %drawn, %x {num_xs = 1 : i64, num_ys = 1 : i64}
        : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("d_drawn")
    %linear = graph.multiply %d_drawn, %x : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("linear")
    %drawn_again = graph.divide %drawn, %linear : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("drawn_again")
  }
}

module {
  graph.program @main attributes {feed_names = ["x:0"], feed_types = [tensor<2xf32>], fetch_names = ["b:0"]} {
    %x = graph.placeholder {dtype = f32, shape = array<i64: 2>} : () -> tensor<2xf32> loc("x"("p.cpp":1:0))
    %a = graph.add %x, %x {control_inputs = ["b"]} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> loc("a"("p.cpp":2:0))
    %b = graph.tanh %a : (tensor<2xf32>) -> tensor<2xf32> loc("b"("p.cpp":3:0))
  }
}

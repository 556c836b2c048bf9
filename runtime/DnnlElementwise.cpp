// Primitives that work element by element or along an axis.
#include "runtime/DnnlStages.h"

#include "runtime/Status.h"

namespace graphc::dnnl_detail {
namespace {

dnnl::algorithm algorithm(const PrimitiveSpec &spec,
                          std::initializer_list<std::pair<const char *, dnnl::algorithm>> table) {
  const std::string &wanted = spec.attributes.get_string("algorithm");
  for (const auto &[name, value] : table)
    if (wanted == name)
      return value;
  throw Error(Code::internal, "there is no " + spec.kind + " primitive '" + wanted + "'");
}

template <typename Primitive>
Made oneToOne(const PrimitiveSpec &spec, const typename Primitive::primitive_desc &description) {
  auto made = std::make_shared<StagedPrimitive>(1, 1);
  made->setImplementation(description);
  made->add(Primitive(description), description,
            {{DNNL_ARG_SRC, describe(spec.inputs[0]), made->input(0), 0},
             {DNNL_ARG_DST, describe(spec.outputs[0]), made->output(0, spec), 0}});
  return made;
}

} // namespace

Made makeSoftmax(const PrimitiveSpec &spec) {
  using Softmax = dnnl::softmax_forward;
  const dnnl::algorithm which =
      spec.kind == "softmax" ? dnnl::algorithm::softmax_accurate : dnnl::algorithm::softmax_log;
  return oneToOne<Softmax>(
      spec,
      Softmax::primitive_desc(engine(), dnnl::prop_kind::forward_inference, which,
                              describe(spec.inputs[0]), describe(spec.outputs[0]),
                              static_cast<int>(spec.attributes.get_int("axis")), userScratchpad()));
}

Made makeReduction(const PrimitiveSpec &spec) {
  const dnnl::algorithm which = algorithm(spec, {{"sum", dnnl::algorithm::reduction_sum},
                                                 {"mean", dnnl::algorithm::reduction_mean},
                                                 {"max", dnnl::algorithm::reduction_max},
                                                 {"min", dnnl::algorithm::reduction_min},
                                                 {"prod", dnnl::algorithm::reduction_mul}});
  return oneToOne<dnnl::reduction>(
      spec, dnnl::reduction::primitive_desc(engine(), which, describe(spec.inputs[0]),
                                            describe(spec.outputs[0]), 0, 0, userScratchpad()));
}

Made makeEltwise(const PrimitiveSpec &spec) {
  using Eltwise = dnnl::eltwise_forward;
  const dnnl::algorithm which = algorithm(spec, {{"relu", dnnl::algorithm::eltwise_relu},
                                                 {"tanh", dnnl::algorithm::eltwise_tanh},
                                                 {"sigmoid", dnnl::algorithm::eltwise_logistic},
                                                 {"exp", dnnl::algorithm::eltwise_exp},
                                                 {"log", dnnl::algorithm::eltwise_log},
                                                 {"sqrt", dnnl::algorithm::eltwise_sqrt},
                                                 {"square", dnnl::algorithm::eltwise_square},
                                                 {"abs", dnnl::algorithm::eltwise_abs},
                                                 {"round", dnnl::algorithm::eltwise_round}});
  return oneToOne<Eltwise>(
      spec, Eltwise::primitive_desc(engine(), dnnl::prop_kind::forward_inference, which,
                                    describe(spec.inputs[0]), describe(spec.outputs[0]), 0, 0,
                                    userScratchpad()));
}

Made makeBinary(const PrimitiveSpec &spec) {
  const dnnl::algorithm which = algorithm(spec, {{"add", dnnl::algorithm::binary_add},
                                                 {"subtract", dnnl::algorithm::binary_sub},
                                                 {"multiply", dnnl::algorithm::binary_mul},
                                                 {"divide", dnnl::algorithm::binary_div},
                                                 {"maximum", dnnl::algorithm::binary_max},
                                                 {"minimum", dnnl::algorithm::binary_min}});
  const dnnl::memory::desc x = describe(spec.inputs[0]);
  const dnnl::memory::desc y = describe(spec.inputs[1]);
  const dnnl::memory::desc z = describe(spec.outputs[0]);
  const dnnl::binary::primitive_desc description(engine(), which, x, y, z, userScratchpad());
  auto made = std::make_shared<StagedPrimitive>(2, 1);
  made->setImplementation(description);
  made->add(dnnl::binary(description), description,
            {{DNNL_ARG_SRC_0, x, made->input(0), 0},
             {DNNL_ARG_SRC_1, y, made->input(1), 0},
             {DNNL_ARG_DST, z, made->output(0, spec), 0}});
  return made;
}

Made makeReorder(const PrimitiveSpec &spec) {
  auto made = std::make_shared<StagedPrimitive>(1, 1);
  const dnnl::memory::desc from = describe(spec.inputs[0]);
  const dnnl::memory::desc to = describe(spec.outputs[0]);
  made->setImplementation(
      dnnl::reorder::primitive_desc(engine(), from, engine(), to, userScratchpad()));
  made->addReorder({0, from, made->input(0), 0}, {0, to, made->output(0, spec), 0});
  return made;
}

} // namespace graphc::dnnl_detail

// Sums, extrema and their positions along axes.
#include "frontend/import/ImportRules.h"

#include <algorithm>

namespace graphc::importing {

namespace {

/// The axes are the second input: a number, or several.
ImportRule reduction(const char *op) {
  return {2, 2, [op](NodeContext &c) {
            const Output x = c.input(0);
            std::vector<std::int64_t> axes = c.knownIntegers(1, "the axes");
            for (std::int64_t &axis : axes)
              axis = c.axis(axis, x);
            std::ranges::sort(axes);
            if (std::ranges::adjacent_find(axes) != axes.end())
              c.refuse("the axes (input 1): axis " +
                       std::to_string(*std::ranges::adjacent_find(axes)) + " comes twice");
            const bool keep = c.flag("keep_dims", c.flag("keepdims", false));
            c.result(c.record(op, {x}, {{"axes", axes}, {"keep_dims", keep}}));
          }};
}

ImportRule position(const char *op) {
  return {2, 2, [op](NodeContext &c) {
            const Output x = c.input(0);
            c.result(c.record(op, {x},
                              {{"axis", c.axis(c.knownInteger(1, "the axis"), x)},
                               {"dtype", c.dtype("output_type", int64)}}));
          }};
}

} // namespace

void addReductionRules(ImportRules &rules) {
  rules["Sum"] = reduction("reduce_sum");
  rules["Mean"] = reduction("reduce_mean");
  rules["Max"] = reduction("reduce_max");
  rules["Min"] = reduction("reduce_min");
  rules["Prod"] = reduction("reduce_prod");
  rules["All"] = reduction("reduce_all");
  rules["Any"] = reduction("reduce_any");
  rules["ArgMax"] = position("argmax");
  rules["ArgMin"] = position("argmin");
  rules["L2Loss"] = {1, 1, [](NodeContext &c) { c.result(c.record("l2_loss", {c.input(0)})); }};
}

} // namespace graphc::importing

// Programs that spell their optimizer's updates out in small ops: trained some steps, they give
// what plain loops give, whether graphc makes one op of an update or not.
#include <cmath>

#include "tests/unit/import/FunctionText.h"

namespace graphc::test {
namespace {

constexpr double kRate = .1, kBeta1 = .9, kBeta2 = .99, kDecay = .8, kMomentum = .5,
                 kEpsilon = 1e-3;
const std::string kShape = "dim { size: 3 }";

/// The nodes of a program that pulls the variable w towards what is fed as x.
class Program {
public:
  Program() : text_(placeholder("x", kShape)) {
    variable("w", "2");
    add("g", "Sub", {"w/read", "x"});
    for (const auto &[name, value] :
         {std::pair("rate", kRate), std::pair("beta1", kBeta1), std::pair("beta2", kBeta2),
          std::pair("decay", kDecay), std::pair("momentum", kMomentum),
          std::pair("epsilon", kEpsilon), std::pair("one", 1.)})
      text_ += number(name, std::to_string(value));
  }

  /// By reference, with its initial value.
  Program &variable(const std::string &name, const std::string &first,
                    const std::string &shape = kShape) {
    text_ +=
        node(name, "VariableV2", {},
             attribute("dtype", "type: DT_FLOAT") + attribute("shape", "shape { " + shape + " }")) +
        constant(name + "/first",
                 "dtype: DT_FLOAT tensor_shape { " + shape + " } float_val: " + first);
    add(name + "/init", "Assign", {name.c_str(), (name + "/first").c_str()});
    add(name + "/read", "Identity", {name.c_str()});
    inits_ += " input: \"^" + name + "/init\"";
    return *this;
  }
  Program &add(const std::string &name, const std::string &op,
               std::initializer_list<const char *> inputs) {
    text_ += node(name, op, inputs);
    return *this;
  }
  /// `name`: the slot becomes decay * slot + (1 - decay) * what.
  Program &average(const char *name, const char *slot, const char *decay, const char *what) {
    const std::string n = name, read = std::string(slot) + "/read";
    return add(n + "/kept", "Mul", {decay, read.c_str()})
        .add(n + "/rest", "Sub", {"one", decay})
        .add(n + "/part", "Mul", {(n + "/rest").c_str(), what})
        .add(n + "/sum", "AddV2", {(n + "/kept").c_str(), (n + "/part").c_str()})
        .add(n, "Assign", {slot, (n + "/sum").c_str()});
  }
  std::string text() const {
    return text_ + "node { name: \"init\" op: \"NoOp\"" + inits_ + " }\n";
  }

private:
  std::string text_, inits_;
};

class SpelledUpdates : public ImportTest {
protected:
  /// Trains five steps by `train`, in every way there is, and looks at the variables after each.
  /// `step` is the same in plain loops: from w and x it makes a new w, and keeps what it needs.
  void expectTraining(const Program &program, const std::string &train,
                      const std::function<std::function<double(double, double)>()> &loops) {
    importText(program.text());
    SessionOptions ways[3];
    ways[1].disabled_passes = {"graph-raise-updates"};
    ways[2].backend = Backend::reference;
    const std::vector<float> xs = {1, -2, 2.5};
    for (const SessionOptions &way : ways) {
      Session session(graph, way);
      session.run("init");
      std::vector<std::function<double(double, double)>> steps;
      for (std::size_t i = 0; i < 3; ++i)
        steps.push_back(loops());
      std::vector<double> w(3, 2);
      for (int step = 0; step < 5; ++step) {
        session.run({{"x", Tensor::of<float>({3}, xs)}}, train);
        const Tensor now = session.run("w/read:0")[0];
        for (std::size_t i = 0; i < 3; ++i) {
          w[i] = steps[i](w[i], static_cast<double>(xs[i]));
          EXPECT_NEAR(now.values<float>()[i], w[i], 2e-5) << "step " << step;
        }
      }
    }
  }
};

std::function<double(double, double)> adamLoop(bool corrected) {
  return [=, m = 0., v = 0., t = 0](double w, double x) mutable {
    const double g = w - x;
    m = kBeta1 * m + (1 - kBeta1) * g;
    v = kBeta2 * v + (1 - kBeta2) * g * g;
    ++t;
    const double left1 = 1 - std::pow(kBeta1, t), left2 = 1 - std::pow(kBeta2, t);
    if (corrected)
      return w - kRate * (m / left1) / (std::sqrt(v / left2) + kEpsilon);
    return w - kRate * std::sqrt(left2) / left1 * m / (std::sqrt(v) + kEpsilon);
  };
}

Program adamMoments() {
  Program program;
  program.variable("m", "0")
      .variable("v", "0")
      .variable("p1", "1", "")
      .variable("p2", "1", "")
      .add("p1/new", "Mul", {"p1/read", "beta1"})
      .add("p2/new", "Mul", {"p2/read", "beta2"})
      .add("left1", "Sub", {"one", "p1/new"})
      .add("left2", "Sub", {"one", "p2/new"})
      .average("m_t", "m", "beta1", "g")
      .add("gg", "Square", {"g"})
      .average("v_t", "v", "beta2", "gg")
      .add("p1_t", "Assign", {"p1", "p1/new"})
      .add("p2_t", "Assign", {"p2", "p2/new"});
  return program;
}

TEST_F(SpelledUpdates, Adam) {
  expectTraining(adamMoments()
                     .add("root2", "Sqrt", {"left2"})
                     .add("scaled", "Mul", {"rate", "root2"})
                     .add("lr_t", "RealDiv", {"scaled", "left1"})
                     .add("above", "Mul", {"lr_t", "m_t"})
                     .add("root", "Sqrt", {"v_t"})
                     .add("below", "AddV2", {"root", "epsilon"})
                     .add("step", "RealDiv", {"above", "below"})
                     .add("w_t", "AssignSub", {"w", "step"})
                     .add("train", "NoOp", {"^w_t", "^p1_t", "^p2_t"}),
                 "train", [] { return adamLoop(false); });
}

TEST_F(SpelledUpdates, AdamWithMomentsCorrected) {
  expectTraining(adamMoments()
                     .add("m_hat", "RealDiv", {"m_t", "left1"})
                     .add("v_hat", "RealDiv", {"v_t", "left2"})
                     .add("root", "Sqrt", {"v_hat"})
                     .add("below", "AddV2", {"root", "epsilon"})
                     .add("ratio", "RealDiv", {"m_hat", "below"})
                     .add("step", "Mul", {"rate", "ratio"})
                     .add("new", "Sub", {"w/read", "step"})
                     .add("w_t", "Assign", {"w", "new"})
                     .add("train", "NoOp", {"^w_t", "^p1_t", "^p2_t"}),
                 "train", [] { return adamLoop(true); });
}

/// The last value is fetched with the step, and the moments as they are then.
TEST_F(SpelledUpdates, NewValuesAreFetchedWithTheStep) {
  importText(adamMoments()
                 .add("above", "Mul", {"rate", "m_t"})
                 .add("root", "Sqrt", {"v_t"})
                 .add("below", "AddV2", {"root", "epsilon"})
                 .add("step", "RealDiv", {"above", "below"})
                 .add("w_t", "AssignSub", {"w", "step"})
                 .text());
  Session session(graph);
  session.run("init");
  const auto out = session.run({{"x", Tensor::of<float>({3}, {1, 1, 1})}},
                               {"w_t:0", "m_t:0", "v_t:0", "w/read:0", "m_t/sum:0"});
  EXPECT_NEAR(out[0].values<float>()[0], 2 - kRate * .1 / (.1 + kEpsilon), 1e-6);
  EXPECT_NEAR(out[1].values<float>()[0], .1, 1e-6);
  EXPECT_NEAR(out[2].values<float>()[0], .01, 1e-6);
  EXPECT_EQ(out[3].values<float>()[0], 2); // read before the step
  EXPECT_NEAR(out[4].values<float>()[0], .1, 1e-6);
  EXPECT_EQ(session.run("m/read:0")[0].values<float>()[0], out[1].values<float>()[0]);
}

TEST_F(SpelledUpdates, RmsProp) {
  Program program;
  program.variable("s", "1")
      .add("gg", "Mul", {"g", "g"})
      .average("s_t", "s", "decay", "gg")
      .add("inside", "AddV2", {"s_t", "epsilon"})
      .add("root", "Rsqrt", {"inside"})
      .add("above", "Mul", {"rate", "g"})
      .add("step", "Mul", {"above", "root"})
      .add("w_t", "AssignSub", {"w", "step"});
  expectTraining(program, "w_t:0", [] {
    return [s = 1.](double w, double x) mutable {
      const double g = w - x;
      s = kDecay * s + (1 - kDecay) * g * g;
      return w - kRate * g / std::sqrt(s + kEpsilon);
    };
  });
}

TEST_F(SpelledUpdates, CenteredRmsPropWithMomentum) {
  Program program;
  program.variable("s", "1")
      .variable("a", "0")
      .variable("u", "0")
      .add("gg", "Square", {"g"})
      .average("s_t", "s", "decay", "gg")
      .average("a_t", "a", "decay", "g")
      .add("aa", "Square", {"a_t"})
      .add("variance", "Sub", {"s_t", "aa"})
      .add("inside", "AddV2", {"variance", "epsilon"})
      .add("root", "Sqrt", {"inside"})
      .add("above", "Mul", {"rate", "g"})
      .add("scaled", "RealDiv", {"above", "root"})
      .add("kept", "Mul", {"momentum", "u/read"})
      .add("u/sum", "AddV2", {"kept", "scaled"})
      .add("u_t", "Assign", {"u", "u/sum"})
      .add("w_t", "AssignSub", {"w", "u_t"});
  expectTraining(program, "w_t:0", [] {
    return [s = 1., a = 0., u = 0.](double w, double x) mutable {
      const double g = w - x;
      s = kDecay * s + (1 - kDecay) * g * g;
      a = kDecay * a + (1 - kDecay) * g;
      u = kMomentum * u + kRate * g / std::sqrt(s - a * a + kEpsilon);
      return w - u;
    };
  });
}

/// The formula of Keras 2: no op says it, and it stays as it is.
TEST_F(SpelledUpdates, RmsPropWithEpsilonOutside) {
  Program program;
  program.variable("s", "1")
      .add("gg", "Square", {"g"})
      .average("s_t", "s", "decay", "gg")
      .add("root", "Sqrt", {"s_t"})
      .add("below", "AddV2", {"root", "epsilon"})
      .add("above", "Mul", {"rate", "g"})
      .add("step", "RealDiv", {"above", "below"})
      .add("w_t", "AssignSub", {"w", "step"});
  expectTraining(program, "w_t:0", [] {
    return [s = 1.](double w, double x) mutable {
      const double g = w - x;
      s = kDecay * s + (1 - kDecay) * g * g;
      return w - kRate * g / (std::sqrt(s) + kEpsilon);
    };
  });
}

} // namespace
} // namespace graphc::test

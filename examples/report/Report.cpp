#include "examples/report/Report.h"

#include <algorithm>

#include <fmt/format.h>

#include "examples/report/Chart.h"

namespace graphc::examples {

Report makeReport(const Program &program, const Data &data, const Trainer &trainer,
                  const Metric &metric, const Outcome &outcome, double test_loss) {
  Report report{.program = std::string(program.name),
                .summary = std::string(program.summary),
                .source = data.source,
                .outcome = outcome,
                .test_loss = test_loss,
                .history = trainer.history()};
  if (const ClassificationReport *classification = metric.classification())
    report.classification = *classification;
  if (const Series *series = metric.series()) {
    report.series = *series;
    for (std::vector<double> *values : {&report.series->truth, &report.series->prediction})
      for (double &value : *values)
        value = value * data.labels.deviation + data.labels.mean;
  }
  for (const Variable &variable : trainer.graph().global_variables())
    report.model.push_back({variable.op_name(),
                            std::string(to_string(variable.dtype())) + variable.shape().to_string(),
                            variable.shape().num_elements(), variable.trainable()});
  const Timings &timings = trainer.timings();
  const double after_first = timings.training - timings.first_step;
  report.timings = {
      {"recording, compiling and the first step", fmt::format("{:.2f} s", timings.first_step)},
      {"training", fmt::format("{:.1f} s", timings.training)},
      {"steps", std::to_string(timings.steps)}};
  if (timings.steps > 1)
    report.timings.emplace_back(
        "a step, validation included",
        fmt::format("{:.2f} ms", 1e3 * after_first / static_cast<double>(timings.steps - 1)));
  report.timings.emplace_back("batch", fmt::format("{} rows", trainer.batch()));
  return report;
}

/// The curves of loss (`figure` is &Figures::loss) or metric.
static Chart chartOf(const Report &report, const std::string &title, double Figures::*figure) {
  Chart chart{.title = title, .x_label = "epoch", .curves = {{"training", {}}, {"validation", {}}}};
  for (const TrainingPoint &point : report.history) {
    chart.curves[0].points.emplace_back(point.epochs, point.train.*figure);
    if (point.validation)
      chart.curves[1].points.emplace_back(point.epochs, (*point.validation).*figure);
  }
  return chart;
}

static std::vector<Chart> chartsOf(const Report &report) {
  std::vector<Chart> charts = {chartOf(report, "loss", &Figures::loss)};
  // Some losses are the metric itself: one curve shows both.
  const bool same = std::ranges::all_of(report.history, [](const TrainingPoint &point) {
    return std::abs(point.train.loss - point.train.metric) <= 1e-3 * std::abs(point.train.loss);
  });
  if (!same)
    charts.push_back(chartOf(report, report.outcome.metric, &Figures::metric));
  return charts;
}

//===--- The page -----------------------------------------------------------------------------===//

static constexpr std::string_view kStyle = R"(
body { font: 15px/1.45 system-ui, sans-serif; color: #222; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
h1 { font-size: 1.6rem; margin-bottom: 0 } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
.result { font-size: 1.25rem; margin: 1rem 0 } .note { color: #a40; } .dim { color: #666 }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1rem }
svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif }
svg .title { font-weight: 600 } .grid { stroke: #ddd; fill: none } .axis { stroke: #888; fill: none }
.curve { fill: none; stroke-width: 1.8 } .tick:not([fill]) { fill: #555 }
.wide { overflow-x: auto }
table { border-collapse: collapse } th, td { padding: .2rem .6rem; text-align: right; white-space: nowrap }
th { font-weight: 600; border-bottom: 1px solid #888 } td:first-child, th:first-child { text-align: left }
.matrix td { border: 1px solid #fff }
)";

static std::string tableOf(const std::vector<std::string> &header,
                           const std::vector<std::vector<std::string>> &rows) {
  std::string html = "<div class=\"wide\"><table>\n<tr>";
  for (const std::string &cell : header)
    html += "<th>" + escaped(cell) + "</th>";
  html += "</tr>\n";
  for (const std::vector<std::string> &row : rows) {
    html += "<tr>";
    for (const std::string &cell : row)
      html += "<td>" + escaped(cell) + "</td>";
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

/// Cells are the darker, the larger their share of the row: of what was this class, what was it
/// taken for?
static std::string matrixOf(const ClassificationReport &report) {
  const auto &classes = report.classes();
  std::string html =
      "<div class=\"wide\"><table class=\"matrix\">\n<tr><th>truth \\ prediction</th>";
  for (std::string_view name : classes)
    html += "<th>" + escaped(name) + "</th>";
  html += "</tr>\n";
  for (std::size_t truth = 0; truth < classes.size(); ++truth) {
    std::int64_t all = 0;
    for (std::size_t prediction = 0; prediction < classes.size(); ++prediction)
      all += report.count(truth, prediction);
    html += "<tr><td>" + escaped(classes[truth]) + "</td>";
    for (std::size_t prediction = 0; prediction < classes.size(); ++prediction) {
      const std::int64_t count = report.count(truth, prediction);
      const double share = all == 0 ? 0 : static_cast<double>(count) / static_cast<double>(all);
      html += fmt::format("<td style=\"background: rgba(0,114,178,{:.3f}); color: {}\" "
                          "title=\"{:.1f}% of {}\">{}</td>",
                          share, share > 0.55 ? "#fff" : "#222", 100 * share,
                          escaped(classes[truth]), count);
    }
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

static std::string classesOf(const ClassificationReport &report) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t c = 0; c < report.classes().size(); ++c) {
    std::int64_t total = 0;
    for (std::size_t prediction = 0; prediction < report.classes().size(); ++prediction)
      total += report.count(c, prediction);
    rows.push_back({std::string(report.classes()[c]), fmt::format("{:.4f}", report.precision(c)),
                    fmt::format("{:.4f}", report.recall(c)), fmt::format("{:.4f}", report.f1(c)),
                    std::to_string(total)});
  }
  return tableOf({"class", "precision", "recall", "F1", "number"}, rows);
}

static Chart chartOf(const Series &series) {
  Chart chart{.title = "predictions beside the truth",
              .x_label = "test value",
              .curves = {{"truth", {}}, {"prediction", {}}}};
  for (std::size_t i = 0; i < series.truth.size(); ++i) {
    chart.curves[0].points.emplace_back(static_cast<double>(i), series.truth[i]);
    chart.curves[1].points.emplace_back(static_cast<double>(i), series.prediction[i]);
  }
  return chart;
}

static std::string modelOf(const Report &report) {
  std::vector<std::vector<std::string>> rows;
  std::int64_t trainable = 0;
  std::int64_t all = 0;
  for (const Report::ModelRow &row : report.model) {
    all += row.parameters;
    trainable += row.trainable ? row.parameters : 0;
    if (row.trainable)
      rows.push_back({row.name, row.type, std::to_string(row.parameters)});
  }
  return tableOf({"variable", "type", "parameters"}, rows) +
         fmt::format("<p>{} trainable parameters; {} more values are kept by the optimizer.</p>\n",
                     trainable, all - trainable);
}

std::string toHtml(const Report &report) {
  const Outcome &outcome = report.outcome;
  std::string html = fmt::format("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                                 "<meta name=\"viewport\" content=\"width=device-width\">\n"
                                 "<title>{0}</title>\n<style>{1}</style>\n<h1>{0}</h1>\n"
                                 "<p class=\"dim\">{2}</p>\n",
                                 escaped(report.program), kStyle, escaped(report.summary));
  html += fmt::format("<p class=\"result\">test {} <b>{:.6g}</b>", escaped(outcome.metric),
                      outcome.value);
  if (outcome.target && !outcome.synthetic)
    html += fmt::format(" ({} {:.6g} is aimed at)",
                        outcome.higher_is_better ? "at least" : "at most", *outcome.target);
  html +=
      fmt::format(", loss {:.6g}</p>\n<p>data: {}</p>\n", report.test_loss, escaped(report.source));
  if (outcome.synthetic)
    html += "<p class=\"note\">The data are synthetic: the figures say nothing about the real "
            "task.</p>\n";

  html += "<h2>Training</h2>\n<div class=\"charts\">\n";
  for (const Chart &chart : chartsOf(report))
    html += toSvg(chart);
  html += "</div>\n";
  if (report.classification)
    html += "<h2>Confusion matrix of the test rows</h2>\n" + matrixOf(*report.classification) +
            "<h2>Classes</h2>\n" + classesOf(*report.classification);
  if (report.series && !report.series->truth.empty())
    html += "<h2>Predictions</h2>\n" + toSvg(chartOf(*report.series));
  html += "<h2>Model</h2>\n" + modelOf(report);
  std::vector<std::vector<std::string>> timings;
  for (const auto &[what, time] : report.timings)
    timings.push_back({what, time});
  return html + "<h2>Timings</h2>\n" + tableOf({"what", "value"}, timings) + "</html>\n";
}

std::string toText(const Report &report) {
  std::string text;
  for (const Chart &chart : chartsOf(report))
    for (const Curve &curve : chart.curves)
      if (const std::string line = toLine(curve); !line.empty())
        text += fmt::format("{:<10} {:<10} {}\n", chart.title, curve.name, line);
  return text;
}

} // namespace graphc::examples

// Weather tables, the windows made of them, and what is said of tables that are damaged.
#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/data/WeatherForecast.h"
#include "tests/unit/examples/DataTesting.h"

namespace graphc::examples {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class Weather : public test::DataTest {
protected:
  /// Of a table with this text.
  std::string tableMessage(const std::string &text, const std::string &forecast = "t") const {
    const fs::path path = write("table.csv", text);
    return messageOf([&] { readWeatherTable(path, forecast); });
  }
  /// Row r is r, 10 r; nothing was measured in row 7.
  static WeatherTable counting(std::int64_t rows) {
    WeatherTable table{{"a", "b"}, Tensor(float32, {rows, 2}), {}};
    for (std::int64_t row = 0; row < rows; ++row) {
      table.values.data<float>()[2 * row] = static_cast<float>(row);
      table.values.data<float>()[2 * row + 1] = static_cast<float>(10 * row);
      table.measured.push_back(row != 7);
    }
    return table;
  }
};

TEST_F(Weather, TheForecastColumnComesFirstAndGapsHaveTheLastValue) {
  const fs::path path = write("table.csv", "No,year,p,wind,\"t\"\r\n1,2010,1021,NW,NA\r\n"
                                           "2,2010,,NE,-3.5\r\n3,2010,1019,NE, NA\r\n\r\n");
  const WeatherTable table = readWeatherTable(path, "t");
  EXPECT_THAT(table.channels, ElementsAre("t", "p"));
  EXPECT_THAT(table.values.values<float>(), ElementsAre(-3.5, 1021, -3.5, 1021, -3.5, 1019));
  EXPECT_THAT(table.measured, ElementsAre(false, true, false));
}

TEST_F(Weather, AFolderHoldsOneTablePlainOrCompressed) {
  EXPECT_EQ(messageOf([&] { readWeatherTable(folder, "t"); }),
            "no table in 'DIR': looked for a file *.csv or *.csv.gz");
  const std::string text = "t\n1\n2\n";
  writePacked("b.csv.gz", text);
  EXPECT_THAT(readWeatherTable(folder, "t").values.values<float>(), ElementsAre(1, 2));
  write("a.csv", text);
  EXPECT_EQ(messageOf([&] { readWeatherTable(folder, "t"); }),
            "expected one table in 'DIR', got a.csv, b.csv.gz: name the file itself");
  EXPECT_EQ(messageOf([&] { readWeatherTable(folder / "c.csv", "t"); }), "cannot open 'DIR/c.csv'");
}

TEST_F(Weather, ErrorsSayWhere) {
  EXPECT_EQ(tableMessage("p,t\n1,2\n1,warm\n"),
            "'DIR/table.csv' line 3: expected a number or NA in column 't', got 'warm'");
  EXPECT_EQ(tableMessage("p,t\n1,2\n1\n3,4\n"),
            "'DIR/table.csv' line 3: expected 2 columns, got 1");
  EXPECT_EQ(tableMessage("p,t\n1,2\n\n3,4\n"),
            "'DIR/table.csv' line 3: expected 2 columns, got an empty line");
  EXPECT_EQ(tableMessage("p,t\n1,2\n1,nan\n"),
            "'DIR/table.csv' line 3: expected a number or NA in column 't', got 'nan'");
  EXPECT_EQ(tableMessage(""), "'DIR/table.csv' is no table: expected a header and a line for each "
                              "time, got nothing");
  EXPECT_EQ(tableMessage("p,t\n"), "'DIR/table.csv' is no table: expected a header and a line for "
                                   "each time, got only a header");
}

TEST_F(Weather, TheColumnMustBeThere) {
  EXPECT_EQ(tableMessage("year,p,q\n2010,1,2\n"),
            "'DIR/table.csv' has no column of numbers 't'; it has p, q: name the one to forecast "
            "by --column");
  EXPECT_EQ(tableMessage("year,t\n2010,cold\n"),
            "'DIR/table.csv' has no column of numbers 't'; it has none: name the one to forecast "
            "by --column");
  EXPECT_EQ(tableMessage("t,p\nNA,1\n,2\n"),
            "'DIR/table.csv' has no column of numbers 't'; it has p: name the one to forecast by "
            "--column");
}

TEST_F(Weather, WindowsByHand) {
  // Rows 0, 2, 4 and then, 3 after the last, row 7 is not measured: the first window begins at 1.
  const ForecastWindows windows{.lookback = 6, .delay = 3, .step = 2};
  EXPECT_EQ(windows.steps(), 3);
  EXPECT_EQ(windows.reach(), 7);
  const Dataset rows = forecastRows(counting(12), windows, 0, 10);
  ASSERT_EQ(rows.size, 2);
  const std::vector<Tensor> batch = rows.batch(std::vector<std::int64_t>{1, 0});
  EXPECT_EQ(batch[0].shape(), (Shape{2, 3, 2}));
  EXPECT_THAT(batch[0].values<float>(), ElementsAre(2, 20, 4, 40, 6, 60, 1, 10, 3, 30, 5, 50));
  EXPECT_EQ(batch[1].shape(), (Shape{2, 1}));
  EXPECT_THAT(batch[1].values<float>(), ElementsAre(9, 8));
  EXPECT_DOUBLE_EQ(errorOfRepeating(rows), 3) << "the label is 3 rows, each 1 more, later";
}

TEST_F(Weather, TheFirstPartNormalises) {
  const Data data = splitForecast(counting(50), {.lookback = 4, .delay = 2});
  EXPECT_EQ(data.sizes.at("channels"), 2);
  EXPECT_EQ(data.labels.name, "a");
  // Rows 0 to 29: mean 14.5, variance (30^2 - 1) / 12.
  EXPECT_DOUBLE_EQ(data.labels.mean, 14.5);
  EXPECT_DOUBLE_EQ(data.labels.deviation, std::sqrt(899 / 12.));
  EXPECT_EQ(data.train.size, 24) << "30 rows less 5, less the one whose label is row 7";
  EXPECT_EQ(data.validation.size, 5);
  EXPECT_EQ(data.test.size, 5);
  const Tensor label = data.test.batch(std::vector<std::int64_t>{0})[1];
  EXPECT_NEAR(label.data<float>()[0] * data.labels.deviation + data.labels.mean, 45, 1e-4);
}

TEST_F(Weather, TooFewRowsAndSenselessWindows) {
  EXPECT_EQ(messageOf([] { splitForecast(counting(29), {.lookback = 4, .delay = 2}); }),
            "expected a table of 30 rows or more, for windows of 4 rows and a delay of 2 in every "
            "fifth, got 29");
  EXPECT_EQ(messageOf([] { forecastRows(counting(8), {.lookback = 6, .delay = 2}, 0, 8); }),
            "expected more than 7 rows in each part of the table, with 'a' measured at the last, "
            "got 8");
  EXPECT_EQ(messageOf([] { forecastRows(counting(8), {.lookback = 2, .step = 3}, 0, 8); }),
            "expected a step and a delay of 1 or more and a lookback of a step or more, got 3, 24 "
            "and 2");
}

TEST_F(Weather, SyntheticTablesAreTheSameForASeed) {
  const WeatherTable table = syntheticWeather(1);
  EXPECT_EQ(table.values.shape(), (Shape{17520, 7}));
  EXPECT_EQ(table.values.data<float>()[12345], syntheticWeather(1).values.data<float>()[12345]);
  EXPECT_NE(table.values.data<float>()[12345], syntheticWeather(2).values.data<float>()[12345]);
}

} // namespace
} // namespace graphc::examples

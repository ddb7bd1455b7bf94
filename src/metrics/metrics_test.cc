#include "metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <thread>
#include <vector>

namespace flux::metrics {
namespace metrics_test {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(MetricsTest, HasNoSeriesBeforeTheFirstValue) {
  const Metrics metrics;
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("flux_")));
}

TEST(MetricsTest, TellsOfTheProcess) {
  const Metrics metrics;
  const auto text = metrics.exposition();
  for (const auto* name :
       {"process_cpu_seconds_total", "process_open_fds", "process_max_fds", "process_virtual_memory_bytes",
        "process_virtual_memory_max_bytes", "process_resident_memory_bytes", "process_start_time_seconds"})
    EXPECT_THAT(text, HasSubstr("\n" + std::string(name) + " ")) << text;
  EXPECT_THAT(text, HasSubstr("# TYPE process_cpu_seconds_total counter\n"));
}

TEST(MetricsTest, WritesAHistogramAsPrometheusReadsIt) {
  const Metrics metrics;
  metrics.sync_duration.observe(milliseconds(750), true);
  metrics.sync_duration.observe(milliseconds(5000), true);
  metrics.sync_duration.observe(milliseconds(250'000), true);
  EXPECT_THAT(metrics.exposition(),
              HasSubstr("# HELP flux_daemon_sync_duration_seconds Duration of git-to-cluster synchronisation, in "
                        "seconds.\n"
                        "# TYPE flux_daemon_sync_duration_seconds histogram\n"
                        "flux_daemon_sync_duration_seconds_count{success=\"true\"} 3\n"
                        "flux_daemon_sync_duration_seconds_sum{success=\"true\"} 255.75\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"0.5\"} 0\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"5\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"10\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"20\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"30\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"40\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"50\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"60\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"75\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"90\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"120\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"240\"} 2\n"
                        "flux_daemon_sync_duration_seconds_bucket{success=\"true\",le=\"+Inf\"} 3\n"));
}

TEST(MetricsTest, SortsSeriesByTheirLabels) {
  const Metrics metrics;
  metrics.sync_manifests.set(7, true);
  metrics.sync_manifests.set(2, false);
  EXPECT_THAT(metrics.exposition(), HasSubstr("# HELP flux_daemon_sync_manifests Number of synchronized manifests\n"
                                              "# TYPE flux_daemon_sync_manifests gauge\n"
                                              "flux_daemon_sync_manifests{success=\"false\"} 2\n"
                                              "flux_daemon_sync_manifests{success=\"true\"} 7\n"));
}

TEST(MetricsTest, ForgetsTheSeriesOfWhatHasGone) {
  Metrics metrics;
  metrics.image_failing_tags.replace({{{"r/b"}, 2}, {{"r/a"}, 0}});
  EXPECT_THAT(metrics.exposition(), HasSubstr("# TYPE flux_registry_image_failing_tags gauge\n"
                                              "flux_registry_image_failing_tags{image=\"r/a\"} 0\n"
                                              "flux_registry_image_failing_tags{image=\"r/b\"} 2\n"));
  metrics.image_failing_tags.replace({{{"r/a"}, 1}});
  EXPECT_THAT(metrics.exposition(), HasSubstr("gauge\nflux_registry_image_failing_tags{image=\"r/a\"} 1\n"));
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("r/b")));
  metrics.image_failing_tags.replace({});
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("flux_registry_image_failing_tags")));
}

struct Row {
  const char* name;
  const char* type;
  const char* labels;   // of the one series
  std::string buckets;  // as le values in order, without +Inf; empty for gauges
};

/// Each with one series of the value 1.
class AllMetrics : public testing::Test {
 protected:
  void SetUp() override {
    m.sync_duration.observe({}, true);
    m.job_duration.observe({}, false);
    m.queue_duration.observe({});
    m.queue_length.set(1);
    m.sync_manifests.set(1, true);
    m.git_ready.set(1);
    m.cache_request.observe({}, "GetKey", false);
    m.registry_fetch.observe({}, true);
    m.client_fetch.observe({}, "tags", true);
    m.release_duration.observe({}, "latest_images", "plan", true);
    m.release_stage.observe({}, "lookup_images");
    m.upstream_connection.set(1, "wss://hub/");
    m.request_duration.observe({}, "GET", "Ping", "204", false);
    m.platform_request.observe({}, "Ping", true);
    m.last_sync_timestamp.set(1);
    m.contested.set(1);
    m.gc_refused.add(1, "large loss");
    m.invalid_filters.set(1);
    m.image_last_success.replace({{{"r/a"}, 1}});
    m.image_next_refresh.replace({{{"r/a"}, 1}});
    m.image_failing.replace({{{"r/a"}, 1}});
    m.image_failing_tags.replace({{{"r/a"}, 1}});
    m.image_credentials.replace({{{"r/a", "shop:secret/pull"}, 1}});
  }
  Metrics m;
};

class EveryMetric : public AllMetrics, public testing::WithParamInterface<Row> {};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

TEST_P(EveryMetric, HasTheContractsNameTypeLabelsAndBuckets) {
  const auto& row = GetParam();
  const auto text = m.exposition();
  const std::string name = row.name;
  EXPECT_THAT(text, HasSubstr("# HELP " + name + " "));
  EXPECT_THAT(text, HasSubstr("# TYPE " + name + " " + row.type + "\n"));
  const std::string labels = row.labels;
  if (row.buckets.empty()) {
    EXPECT_THAT(text, HasSubstr("\n" + name + (labels.empty() ? "" : "{" + labels + "}") + " 1\n"));
    return;
  }
  std::string expected;
  for (const auto& bound : split(row.buckets + " +Inf"))
    expected += name + "_bucket{" + labels + (labels.empty() ? "" : ",") + "le=\"" + bound + "\"} 1\n";
  EXPECT_THAT(text, HasSubstr(expected));
}

constexpr const char* kD = "0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10";
constexpr const char* kJ = "0.1 0.5 1 2 5 10 15 20 30 45 60 120";

INSTANTIATE_TEST_SUITE_P(
    Contract, EveryMetric,
    testing::Values(Row{"flux_daemon_sync_duration_seconds", "histogram", "success=\"true\"",
                        "0.5 5 10 20 30 40 50 60 75 90 120 240"},
                    Row{"flux_daemon_job_duration_seconds", "histogram", "success=\"false\"", kJ},
                    Row{"flux_daemon_queue_duration_seconds", "histogram", "", kJ},
                    Row{"flux_daemon_queue_length_count", "gauge", "", ""},
                    Row{"flux_daemon_sync_manifests", "gauge", "success=\"true\"", ""},
                    Row{"flux_git_ready", "gauge", "", ""},
                    Row{"flux_cache_request_duration_seconds", "histogram", "method=\"GetKey\",success=\"false\"", kD},
                    Row{"flux_registry_fetch_duration_seconds", "histogram", "success=\"true\"", kD},
                    Row{"flux_client_fetch_duration_seconds", "histogram", "kind=\"tags\",success=\"true\"", kD},
                    Row{"flux_fluxsvc_release_duration_seconds", "histogram",
                        "release_kind=\"plan\",release_type=\"latest_images\",success=\"true\"", kD},
                    Row{"flux_fluxsvc_release_stage_duration_seconds", "histogram", "stage=\"lookup_images\"", kD},
                    Row{"flux_fluxd_connection_duration_seconds", "gauge", "target=\"wss://hub/\"", ""},
                    Row{"flux_request_duration_seconds", "histogram",
                        "method=\"GET\",route=\"Ping\",status_code=\"204\",ws=\"false\"", kD},
                    Row{"flux_platform_request_duration_seconds", "histogram", "method=\"Ping\",success=\"true\"", kD},
                    Row{"flux_daemon_last_sync_timestamp_seconds", "gauge", "", ""},
                    Row{"flux_daemon_contested_resources", "gauge", "", ""},
                    Row{"flux_registry_image_last_success_timestamp_seconds", "gauge", "image=\"r/a\"", ""},
                    Row{"flux_registry_image_next_refresh_timestamp_seconds", "gauge", "image=\"r/a\"", ""},
                    Row{"flux_registry_image_failing", "gauge", "image=\"r/a\"", ""},
                    Row{"flux_registry_image_failing_tags", "gauge", "image=\"r/a\"", ""},
                    Row{"flux_registry_image_credentials_info", "gauge",
                        "image=\"r/a\",credentials=\"shop:secret/pull\"", ""},
                    Row{"flux_daemon_invalid_filters", "gauge", "", ""},
                    Row{"flux_daemon_gc_refused_total", "counter", "reason=\"large loss\"", ""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(MetricsTest, CountsFromManyThreadsAtOnce) {
  const Metrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 500; ++n) metrics.gc_refused.add(1, n % 2 == 0 ? "even" : "odd");
        EXPECT_THAT(metrics.exposition(), HasSubstr("flux_daemon_gc_refused_total"));
      });
  }
  EXPECT_THAT(metrics.exposition(), AllOf(HasSubstr("{reason=\"even\"} 1000\n"), HasSubstr("{reason=\"odd\"} 1000\n")));
}

TEST(MetricsTest, EscapesLabelValues) {
  const Metrics metrics;
  metrics.gc_refused.add(1, "a\\b\nc\"");
  EXPECT_THAT(metrics.exposition(), HasSubstr("{reason=\"a\\\\b\\nc\\\"\"} 1\n"));
}

// The library writes help as it is, and numbers with 16 digits.
TEST_F(AllMetrics, AreWrittenInLinesThatPrometheusReads) {
  m.last_sync_timestamp.set(1607000000.123456);
  m.queue_length.set(12345678);
  const std::regex line(R"(# HELP [a-z_]+ [^\\]+|# TYPE [a-z_]+ (counter|gauge|histogram)|)"
                        R"([a-z_]+(\{([a-z_]+="[^"\\]*",?)+\})? (-?[0-9.]+(e[+-][0-9]+)?|[+-]Inf|NaN|Nan))");
  std::istringstream in(m.exposition());
  for (std::string text; std::getline(in, text);) EXPECT_TRUE(std::regex_match(text, line)) << text;
  EXPECT_THAT(m.exposition(), AllOf(HasSubstr("flux_daemon_last_sync_timestamp_seconds 1607000000.123456\n"),
                                    HasSubstr("flux_daemon_queue_length_count 12345678\n")));
}

}  // namespace metrics_test
}  // namespace flux::metrics

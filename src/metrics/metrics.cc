#include "metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>

#include "metrics/process_stats.h"

namespace flux::metrics {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

const Buckets kDefault{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
const Buckets kJob{.1, .5, 1, 2, 5, 10, 15, 20, 30, 45, 60, 120};
const Buckets kSync{.5, 5, 10, 20, 30, 40, 50, 60, 75, 90, 120, 240};

}  // namespace

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      sync_duration(*registry_,
                    {"flux_daemon_sync_duration_seconds", "Duration of git-to-cluster synchronisation, in seconds."},
                    kSync, {"success"}),
      job_duration(*registry_, {"flux_daemon_job_duration_seconds", "Duration of job execution, in seconds."}, kJob,
                   {"success"}),
      queue_duration(*registry_,
                     {"flux_daemon_queue_duration_seconds",
                      "Duration of time spent in the job queue before execution, in seconds."},
                     kJob),
      queue_length(*registry_, {"flux_daemon_queue_length_count", "Count of jobs waiting in the queue to be run."}),
      sync_manifests(*registry_, {"flux_daemon_sync_manifests", "Number of synchronized manifests"}, {"success"}),
      git_ready(*registry_, {"flux_git_ready", "Status of the git repository."}),
      cache_request(*registry_, {"flux_cache_request_duration_seconds", "Duration of cache requests, in seconds."},
                    kDefault, {"method", "success"}),
      registry_fetch(
          *registry_,
          {"flux_registry_fetch_duration_seconds", "Duration of image metadata requests (from cache), in seconds."},
          kDefault, {"success"}),
      client_fetch(*registry_,
                   {"flux_client_fetch_duration_seconds", "Duration of remote image metadata requests, in seconds"},
                   kDefault, {"kind", "success"}),
      release_duration(*registry_, {"flux_fluxsvc_release_duration_seconds", "Release method duration in seconds."},
                       kDefault, {"release_type", "release_kind", "success"}),
      release_stage(*registry_,
                    {"flux_fluxsvc_release_stage_duration_seconds",
                     "Duration in seconds of each stage of a release, including dry-runs."},
                    kDefault, {"stage"}),
      upstream_connection(*registry_,
                          {"flux_fluxd_connection_duration_seconds",
                           "Duration in seconds of the current connection to fluxsvc. Zero means unconnected."},
                          {"target"}),
      request_duration(*registry_, {"flux_request_duration_seconds", "Time (in seconds) spent serving HTTP requests."},
                       kDefault, {"method", "route", "status_code", "ws"}),
      platform_request(*registry_, {"flux_platform_request_duration_seconds", "Request duration in seconds."}, kDefault,
                       {"method", "success"}),
      last_sync_timestamp(*registry_,
                          {"flux_daemon_last_sync_timestamp_seconds",
                           "When the last sync that ended without an error ended, in seconds since the Unix epoch."}),
      contested(*registry_,
                {"flux_daemon_contested_resources", "Number of resources that somebody else keeps changing back."}),
      gc_refused(*registry_,
                 {"flux_daemon_gc_refused_total",
                  "Number of garbage collections that were not done because a safety rule forbade them."},
                 {"reason"}),
      webhooks(*registry_,
               {"flux_daemon_webhooks_total",
                "Number of notifications of image registries that were received, by what became of them."},
               {"source", "outcome"}),
      invalid_filters(*registry_, {"flux_daemon_invalid_filters",
                                   "Number of filters of image tags in git that are not valid, and so match nothing."}),
      image_last_success({"flux_registry_image_last_success_timestamp_seconds",
                          "When the tags of an image were listed last, in seconds since the Unix epoch."},
                         {"image"}),
      image_next_refresh({"flux_registry_image_next_refresh_timestamp_seconds",
                          "When the tags of an image will be listed again, in seconds since the Unix epoch."},
                         {"image"}),
      image_failing({"flux_registry_image_failing", "Whether the tags of an image could not be listed last."},
                    {"image"}),
      image_failing_tags({"flux_registry_image_failing_tags",
                          "Number of tags of an image that could not be looked at when they were last asked for."},
                         {"image"}),
      image_credentials({"flux_registry_image_credentials_info",
                         "Where the credentials come from with which the registry of an image is asked."},
                        {"image", "credentials"}) {}

std::string Metrics::exposition() const {
  auto families = registry_->Collect();
  const std::initializer_list<const prometheus::Collectable*> snapshots{
      &image_last_success, &image_next_refresh, &image_failing, &image_failing_tags, &image_credentials};
  for (const auto* snapshot : snapshots) std::ranges::move(snapshot->Collect(), std::back_inserter(families));
  auto process = process_families("/proc");
  families.insert(families.end(), std::make_move_iterator(process.begin()), std::make_move_iterator(process.end()));
  // Families without a series would be written as names and nothing else.
  std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
  std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
  for (auto& family : families) std::ranges::sort(family.metric, {}, &prometheus::ClientMetric::label);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace flux::metrics

#pragma once

#include <memory>
#include <string>

#include "metrics/series.h"
#include "metrics/snapshot_gauge.h"

namespace flux::metrics {

/// Every metric of the daemon, by what it measures (compat/daemon.md 7). Made once, passed to whoever counts. A series
/// appears with its first value. Any thread.
class Metrics {
  // Before the handles, which register themselves in it.
  std::shared_ptr<prometheus::Registry> registry_;

 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Histogram<1> sync_duration;     ///< (success) one sync, failed ones included
  Histogram<1> job_duration;      ///< (success) one queued job
  Histogram<0> queue_duration;    ///< from being queued to being started
  Gauge<0> queue_length;          ///< set whenever a job enters or leaves the queue
  Gauge<1> sync_manifests;        ///< (success) resources of the last sync
  Gauge<0> git_ready;             ///< 1 in state `ready`, 0 otherwise
  Histogram<2> cache_request;     ///< (method `GetKey` or `SetKey`, success) a miss is not a success
  Histogram<1> registry_fetch;    ///< (success) image metadata, from the cache
  Histogram<2> client_fetch;      ///< (kind `tags` or `metadata`, success) image metadata, from a registry
  Histogram<3> release_duration;  ///< (release_type, release_kind, success)
  Histogram<1> release_stage;     ///< (stage)
  Gauge<1> upstream_connection;   ///< (target) seconds; 0 when not connected
  Histogram<4> request_duration;  ///< (method, route, status_code, ws) requests to our HTTP API
  Histogram<2> platform_request;  ///< (method, success) requests to the cluster

  // Ours, not in Flux v1.
  Gauge<0> last_sync_timestamp;  ///< Unix time of the end of the last sync without an error
  Gauge<0> contested;            ///< resources that somebody else keeps changing back
  Counter<1> gc_refused;         ///< (reason) garbage collections that a safety rule stopped
  Counter<2> webhooks;           ///< (source, outcome: daemon/webhooks.h) notifications of registries
  Gauge<0> invalid_filters;      ///< filters of image tags in git that are not valid

  // The images that are scanned, by canonical name without tag; never by tag, of which there are too many.
  SnapshotGauge<1> image_last_success;  ///< (image) Unix time; none while it is not known
  SnapshotGauge<1> image_next_refresh;  ///< (image) Unix time; none while it is refreshed
  SnapshotGauge<1> image_failing;       ///< (image) 1 where tags could not be listed last
  SnapshotGauge<1> image_failing_tags;  ///< (image)
  SnapshotGauge<2> image_credentials;   ///< (image, credentials) always 1

  /// Everything in Prometheus' text format 0.0.4, with the metrics of this process. Families and series are sorted.
  [[nodiscard]] std::string exposition() const;

  /// The Content-Type that goes with exposition().
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";
};

}  // namespace flux::metrics

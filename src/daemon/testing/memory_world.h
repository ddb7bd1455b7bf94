#pragma once

#include <memory>
#include <string>

#include "base/bell.h"
#include "base/test_bounded.h"
#include "base/test_log.h"
#include "cluster/scripted_transport.h"
#include "cluster/testing/memory_api.h"
#include "daemon/relevance.h"
#include "daemon/source.h"
#include "git/testing/memory_mirror.h"

namespace flux::daemon::memory {

/// What all sources of a daemon share, over a cluster in memory.
struct MemoryWorld {
  KeptLog log;
  std::shared_ptr<cluster::testing::MemoryApi> api = std::make_shared<cluster::testing::MemoryApi>();
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(api);
  cluster::Discovery discovery{*client, {.excluded = {}, .max_age = std::chrono::hours(1)}};
  metrics::Metrics metrics;
  EventLog events;
  AllTriggers triggers;
  Bell changed;  ///< rung when the cache knows of a change that is not our own
  cluster::WatchCache cache{context(), *client, watch_options()};

  [[nodiscard]] Context context(std::stop_token stop = {}) const { return Context(std::move(stop), log.log()); }
  /// Until the marker has moved from `old` to `revision`; false after ten seconds.
  [[nodiscard]] bool wait_for_marker(const std::string& old, const std::string& revision) const {
    return log.wait_for("state=\"tag flux-sync\" old=" + old + " new=" + revision);
  }
  [[nodiscard]] Shared shared() { return {*client, discovery, cache, triggers, metrics}; }

 private:
  cluster::WatchCache::Options watch_options() {
    cluster::WatchCache::Options options;
    options.on_change = [this](const cluster::Change& change) {
      if (!matters(change)) return;
      triggers.cluster_changed();
      changed.ring();
    };
    options.on_definitions_change = [this] { discovery.invalidate(); };
    options.on_restored = [this] { triggers.cluster_restored(); };
    return options;
  }
};

/// A ConfigMap in the namespace shop, as git has it.
inline std::string config_map(const std::string& name, const std::string& value = "1") {
  return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: shop}\ndata: {value: '" +
         value + "'}\n";
}
inline std::string path_of(const std::string& config_map) { return "/api/v1/namespaces/shop/configmaps/" + config_map; }

}  // namespace flux::daemon::memory

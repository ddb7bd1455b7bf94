#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/service.h"
#include "base/json.h"

namespace flux::api::testing {

/// Answers what it was told to answer and remembers what it was asked. Set it up before it is asked; any thread asks.
class ToldService : public Service {
 public:
  Result<void> ping(const Context&) override { return heard("ping"); }
  std::string version() override { return "1.25.4"; }
  Result<void> notify(const Context&, const Change& change) override {
    return heard("notify " + encode_json(to_json(change)));
  }
  Result<std::vector<ControllerStatus>> list_services(const Context&, const ListServicesOptions& options) override {
    std::string ids;
    for (const auto& id : options.services) ids += " " + id.to_string();
    return told("list_services [" + options.ns + "]" + ids, services);
  }
  Result<std::vector<ImageStatus>> list_images(const Context&, const ListImagesOptions& options) override {
    return told("list_images [" + options.ns + "] " + options.service.to_string() + (options.all_tags ? " all" : ""),
                images);
  }
  Result<std::string> update_manifests(const Context&, const UpdateSpec& spec) override {
    return told("update_manifests " + encode_json(to_json(spec)), job_id);
  }
  Result<JobStatus> job_status(const Context&, const std::string& id) override { return told("job_status " + id, job); }
  Result<std::vector<std::string>> sync_status(const Context&, const std::string& ref) override {
    return told("sync_status " + ref, commits);
  }
  Result<std::string> export_manifests(const Context&) override { return told("export_manifests", yaml); }
  Result<GitConfig> git_repo_config(const Context&, bool regenerate) override {
    return told(regenerate ? "git_repo_config new" : "git_repo_config", config);
  }
  Result<PublicKey> public_ssh_key(const Context&, bool regenerate) override {
    return told(regenerate ? "public_ssh_key new" : "public_ssh_key", config.public_key);
  }
  Result<DaemonStatus> status(const Context&) override { return told("status", page); }
  Result<SyncDiff> diff(const Context&, const std::string& ref) override { return told("diff " + ref, changes); }
  Result<Explanation> explain(const Context&, const ResourceId& id, bool all_tags) override {
    return told("explain " + id.to_string() + (all_tags ? " all" : ""), explanation);
  }
  Result<void> alive() override { return state; }
  Result<void> healthy() override { return state; }
  Result<void> ready() override { return state; }
  std::string metrics_text() override { return "flux_git_ready 1\n"; }

  /// What it was asked since the last call.
  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
  }

  std::optional<Error> error;  ///< the answer to everything, when set
  Result<void> state;
  std::vector<ControllerStatus> services;
  std::vector<ImageStatus> images;
  std::string job_id = "0b6a";
  JobStatus job;
  std::vector<std::string> commits;
  std::string yaml;
  GitConfig config{"ssh://h/r", "main", {}, {}, "new", "git repo has not been cloned yet"};
  DaemonStatus page;
  SyncDiff changes;
  Explanation explanation;

 private:
  Result<void> heard(std::string what) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(std::move(what));
    if (error) return Failure(*error);
    return {};
  }
  template <class T>
  Result<T> told(std::string what, const T& answer) {
    if (auto ok = heard(std::move(what)); !ok) return Failure(ok.error());
    return answer;
  }

  std::mutex mutex_;
  std::vector<std::string> asked_;  ///< guarded by mutex_
};

}  // namespace flux::api::testing

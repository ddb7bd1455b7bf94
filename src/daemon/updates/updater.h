#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/branch.h"
#include "daemon/jobs.h"
#include "daemon/listing/images.h"
#include "daemon/revision_reader.h"
#include "daemon/updates/changes.h"
#include "daemon/updates/facts.h"
#include "git/mirror.h"
#include "sync/execute.h"
#include "sync/marker.h"
#include "update/automation.h"

namespace flux::daemon {

/// How commits of ours are made.
struct UpdateOptions {
  git::Identity committer;
  bool set_author = false;   ///< who asked is the author
  std::string skip_message;  ///< goes behind each message, to keep CI away
  std::string notes_ref;     ///< as git::notes_ref() spells it
  std::vector<std::string> allowed_namespaces;
  bool never_downgrade = false;
  std::vector<std::string> use_labels;              ///< UpdateFactsOptions::use_labels
  Duration git_timeout = std::chrono::seconds(20);  ///< for each step in git
  int attempts = 10;                                ///< when others push meanwhile
};

/// None is owned.
struct UpdateParts {
  git::Mirror& mirror;
  sync::Marker& marker;
  Branch branch;
  RevisionReader& reader;
  const sync::Cluster& cluster;
};

/// What is known of images, as long as the context lasts; empty: images are not scanned.
using AskImages = std::function<KnownImages(const Bounded& ctx)>;

/// Changes git: releases and policies (compat/manifests-and-releases.md 5.4, 10). Each is planned on the head of the
/// branch and pushed; when somebody else was faster, planned anew on the new head. Any thread; jobs come one at a time.
class Updater {
 public:
  Updater(UpdateOptions options, UpdateParts parts) : options_(std::move(options)), parts_(std::move(parts)) {}

  /// Before anything is asked.
  void use_images(AskImages images) { images_ = std::move(images); }

  /// One update, as job `id`. A plan does all of it but the push.
  JobOutcome run(const Bounded& ctx, const std::string& id, const UpdateSpec& spec);

  /// What automation would release now. Nothing is changed.
  Result<update::Automation> find_updates(const Bounded& ctx);

 private:
  struct Head;
  Result<Head> read_head(const Bounded& ctx);
  Result<update::Facts> facts_for(const Bounded& ctx, const Head& head, const std::vector<ResourceId>& ids);
  Result<Changes> changes_for(const Bounded& ctx, const Head& head, const UpdateSpec& spec);
  JobOutcome try_once(const Bounded& ctx, const std::string& id, const UpdateSpec& spec, bool& overtaken);
  JobOutcome push(const Bounded& ctx, const std::string& id, const UpdateSpec& spec, JobOutcome outcome,
                  git::CommitRequest commit, bool& overtaken);

  const UpdateOptions options_;
  const UpdateParts parts_;
  AskImages images_;
};

}  // namespace flux::daemon

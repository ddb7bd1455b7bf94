#include <fmt/format.h>

#include <algorithm>

#include "images/choose.h"
#include "images/workload_pattern.h"
#include "update/plan.h"
#include "update/selection.h"

namespace flux::update {
namespace {

using images::Outcome;

/// Best last: what is told of a workload that gets nothing.
enum class Finding { does_not_use_it, not_found, up_to_date };

class ImageRelease {
 public:
  ImageRelease(const ReleaseImageSpec& spec, const Facts& facts) : spec_(spec), facts_(facts) {}

  Result<UpdateResult> run() {
    if (auto ok = read_image(); !ok) return Failure(ok.error());
    auto selection = read_selection();
    if (!selection) return Failure(selection.error());
    UpdateResult plan;
    for (const auto& id : select(*selection, facts_, plan)) release(id, plan);
    return plan;
  }

 private:
  /// The one image that is asked for, which has to be known.
  Result<void> read_image() {
    if (spec_.image == kLatestImages) return {};
    auto image = ImageRef::parse(spec_.image);
    if (!image) return Failure(image.error());
    image_ = image->canonical();
    if (!facts_.scanning) return unchecked();
    const auto* repository = facts_.images(*image_);
    if (!repository || std::ranges::find(repository->tags, image_->tag) == repository->tags.end())
      return fail(
          ErrorKind::user, fmt::format("image \"{}\" does not exist: invalid image ID", spec_.image),
          "fluxctl list-images shows the images that fluxd knows. One that was pushed just now is seen within a "
          "minute.");
    candidate_.tags = {image_->tag};
    candidate_.last_update = repository->last_update;
    if (const auto info = repository->images.find(image_->tag); info != repository->images.end())
      candidate_.images.insert(*info);
    if (const auto why = repository->excluded.find(image_->tag); why != repository->excluded.end())
      candidate_.excluded.insert(*why);
    return {};
  }

  Result<void> unchecked() const {
    if (spec_.force) return {};
    return fail(ErrorKind::user,
                fmt::format("image \"{}\" cannot be checked, because fluxd does not scan registries", spec_.image),
                "fluxctl release --force releases it unchecked; without --registry-disable-scanning fluxd checks it.");
  }

  Result<Selection> read_selection() const {
    Selection selection;
    const bool all = std::ranges::find(spec_.workloads, kAllWorkloads) != spec_.workloads.end();
    if (!all && !spec_.workloads.empty()) {
      selection.included.emplace();
      for (const auto& text : spec_.workloads) {
        auto id = ResourceId::parse(text);
        if (!id) return Failure(id.error());
        selection.included->insert(std::move(*id));
      }
    }
    selection.excluded.insert(spec_.excludes.begin(), spec_.excludes.end());
    selection.image = image_;
    selection.heeds_locks = !spec_.force || !selection.included;
    return selection;
  }

  void release(const ResourceId& id, UpdateResult& plan) {
    const auto& running = facts_.cluster.at(id);
    if (running.containers.empty()) {
      const auto& why = running.why_no_containers;
      plan[id] = why.empty() ? WorkloadResult{WorkloadStatus::ignored, std::string(reason::kDoesNotUseImage), {}}
                             : WorkloadResult{WorkloadStatus::failed, why, {}};
      return;
    }
    WorkloadResult result{WorkloadStatus::success, {}, {}};
    auto best = Finding::does_not_use_it;
    for (const auto& container : running.containers) {
      const auto tag = new_tag(id, container, best);
      if (tag.empty()) continue;
      const auto in_file = file_image(id, container.name);
      if (in_file && in_file->tag == tag) {  // it is on its way already
        best = Finding::up_to_date;
        continue;
      }
      if (!in_file) continue;
      auto target = in_file->with_tag(tag);
      result.containers.push_back({container.name, container.image, std::move(target)});
    }
    if (result.containers.empty()) result = nothing_to_do(best);
    plan[id] = std::move(result);
  }

  /// Empty: none, and `best` knows why.
  std::string new_tag(const ResourceId& id, const manifests::Container& container, Finding& best) {
    const bool is_it = image_ && container.image.canonical().name() == image_->name();
    if (image_ && !is_it) return {};
    if (image_ && !facts_.scanning)
      return container.image.tag == image_->tag ? note(best, Finding::up_to_date) : image_->tag;
    const auto* repository = image_ ? &candidate_ : facts_.images(container.image.canonical());
    if (!repository) return {};
    const auto pattern = image_ && spec_.force ? images::TagPattern()
                                               : images::workload_pattern(facts_.git.at(id).policies, container.name);
    const auto choice = images::choose(*repository, pattern, container.image, images::Mode::release, goes_up_only(id));
    switch (choice.outcome) {
      case Outcome::update:
        return choice.tag;
      case Outcome::up_to_date:
      case Outcome::pinned:
        return note(best, Finding::up_to_date);
      case Outcome::missing_metadata:
      case Outcome::unknown_time:
      case Outcome::lower:
        return note(best, Finding::not_found);
      case Outcome::invalid_filter:
      case Outcome::not_scanned:
      case Outcome::no_candidate:
        return note(best, is_it ? Finding::not_found : Finding::does_not_use_it);
    }
    return {};
  }

  /// Who asks for one image means that one.
  [[nodiscard]] bool goes_up_only(const ResourceId& id) const {
    return !image_ && (facts_.never_downgrade || never_downgrades(facts_.git.at(id).policies));
  }

  static std::string note(Finding& best, Finding finding) {
    best = std::max(best, finding);
    return {};
  }

  [[nodiscard]] const ImageRef* file_image(const ResourceId& id, const std::string& container) const {
    const auto& containers = facts_.git.at(id).containers;
    const auto found = std::ranges::find(containers, container, &manifests::Container::name);
    return found == containers.end() ? nullptr : &found->image;
  }

  static WorkloadResult nothing_to_do(Finding best) {
    switch (best) {
      case Finding::up_to_date:
        return {WorkloadStatus::skipped, std::string(reason::kImageUpToDate), {}};
      case Finding::not_found:
        return {WorkloadStatus::skipped, std::string(reason::kImageNotFound), {}};
      case Finding::does_not_use_it:
        break;
    }
    return {WorkloadStatus::ignored, std::string(reason::kDoesNotUseImage), {}};
  }

  const ReleaseImageSpec& spec_;
  const Facts& facts_;
  std::optional<ImageRef> image_;  // canonical; nothing: the newest of each
  images::Repository candidate_;   // with that image alone
};

}  // namespace

Result<UpdateResult> plan_release(const ReleaseImageSpec& spec, const Facts& facts) {
  return ImageRelease(spec, facts).run();
}

}  // namespace flux::update

#include "images/scanner/scan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <utility>

#include "base/guarded.h"
#include "base/worker.h"
#include "images/registry/describe.h"
#include "images/scanner/scan_plan.h"

namespace flux::images {
namespace {

/// What one tag's requests gave.
struct Answer {
  RegistryResult<Described> described{Described{}};
  bool unchanged = false;
};

/// Info and state of the image that another tag has, too.
struct Known {
  const ImageInfo* info = nullptr;
  const std::string* excluded = nullptr;
};

class DueScan {
 public:
  DueScan(const Context& ctx, RegistrySession& session, const Target& target, const ScanOptions& options,
          Record& record, const ObserveFetch& observe)
      : ctx_(ctx), session_(session), target_(target), options_(options), observe_(observe), record_(record) {}

  TagsScanned run(std::vector<TagWork> work) {
    {
      const MutexLock lock(mutex_);
      work_ = std::move(work);
      const auto all = work_.size();
      // What a filter waits for goes alone: that of other images comes before the rest of this one.
      if (all > 0 && work_.front().awaited)
        work_.erase(std::ranges::find(work_, false, &TagWork::awaited), work_.end());
      work_.resize(std::min(work_.size(), options_.most_tags));
      out_.more = work_.size() < all;
      if (work_.empty()) return out_;
      tell_before();
    }
    const auto threads = std::clamp<std::size_t>(work_.size(), 1, std::max<std::size_t>(options_.at_once, 1));
    {
      std::vector<std::jthread> others;
      for (std::size_t i = 1; i < threads; ++i) {
        try {
          others.emplace_back([this] { take_turns(); });
        } catch (const std::system_error&) {
          break;  // no more threads to be had: those that run do it
        }
      }
      take_turns();
    }
    const MutexLock lock(mutex_);
    ctx_.log({{"updated", target_.image.name()}, {"successful", out_.successful}, {"attempted", out_.attempted}});
    return out_;
  }

 private:
  void tell_before() REQUIRES(mutex_) {
    const auto refresh = std::ranges::count_if(work_, &TagWork::known);
    ctx_.log({{"info", "refreshing image"},
              {"image", target_.image.name()},
              {"tag_count", record_.repository.tags.size()},
              {"to_update", work_.size()},
              {"of_which_refresh", refresh},
              {"of_which_missing", static_cast<std::ptrdiff_t>(work_.size()) - refresh}});
  }

  void take_turns() {
    try {
      for (auto i = next_++; i < work_.size() && !stop_ && !ctx_.stopped(); i = next_++) {
        const auto began = Clock::now();
        auto answer = ask(work_[i]);
        if (observe_) observe_("metadata", Clock::now() - began, answer.described.has_value());
        const MutexLock lock(mutex_);
        note(work_[i].tag, std::move(answer));
      }
    } catch (...) {
      stop_ = true;
      ctx_.log({{"err", what_was_thrown()}, {"doing", "asking a registry for an image"}});
    }
  }

  Answer ask(const TagWork& work) EXCLUDES(mutex_) {
    const auto ctx = ctx_.with_timeout(options_.tag_timeout);
    if (work.known) {
      auto digest = digest_of(ctx, session_, work.tag);
      if (!digest && !digest.error().unknown()) return {registry_failure(digest.error())};
      if (digest && !digest->empty()) {
        const MutexLock lock(mutex_);
        Described same;
        same.digest = *digest;
        if (record_.states.at(work.tag).digest == *digest) return {std::move(same), true};
        if (const auto known = find(*digest); known.info) {
          same.info = *known.info;
          return {std::move(same)};
        } else if (known.excluded) {
          same.excluded = *known.excluded;
          return {std::move(same)};
        }
      }
    }
    return {describe(ctx, session_, work.tag, options_.platforms)};
  }

  /// What a digest says never changes.
  Known find(const std::string& digest) REQUIRES(mutex_) {
    for (const auto& [tag, state] : record_.states) {
      if (state.digest != digest) continue;
      if (const auto info = record_.repository.images.find(tag); info != record_.repository.images.end())
        return {&info->second, nullptr};
      if (const auto excluded = record_.repository.excluded.find(tag); excluded != record_.repository.excluded.end())
        return {nullptr, &excluded->second};
    }
    return {};
  }

  void note(const std::string& tag, Answer answer) REQUIRES(mutex_) {
    ++out_.attempted;
    const auto now = wall_clock();
    auto& repository = record_.repository;
    auto& state = record_.states[tag];
    if (!answer.described) return note_failure(tag, state, answer.described.error(), now);
    ++out_.successful;
    auto& found = *answer.described;
    const bool excluded = answer.unchanged ? repository.excluded.contains(tag) : !found.excluded.empty();
    schedule(state, !answer.unchanged && !state.digest.empty() && state.digest != found.digest, excluded, now,
             chance());
    if (answer.unchanged) {
      if (const auto info = repository.images.find(tag); info != repository.images.end())
        info->second.last_fetched = now;
      return;
    }
    out_.changed = out_.changed || state.digest.empty() || state.digest != found.digest;
    state.digest = found.digest;
    if (excluded) {
      repository.images.erase(tag);
      repository.excluded.insert_or_assign(tag, std::move(found.excluded));
      return;
    }
    if (!found.bad_labels.empty())
      ctx_.log({{"err", fmt::format("failed to parse {} timestamp label(s) as RFC3339 ({}); ask the image's builder to "
                                    "correct them",
                                    found.bad_labels.size(), fmt::join(found.bad_labels, ", "))},
                {"image", target_.image.name()},
                {"tag", tag}});
    repository.excluded.erase(tag);
    found.info.id = target_.image;
    found.info.id.tag = tag;
    found.info.last_fetched = now;
    repository.images.insert_or_assign(tag, std::move(found.info));
  }

  void note_failure(const std::string& tag, TagState& state, const RegistryError& error, Timestamp now)
      REQUIRES(mutex_) {
    if (error.limited()) {
      if (!std::exchange(out_.limited, true))
        ctx_.log({{"warn", "aborting image tag fetching due to rate limiting, will try again later"},
                  {"image", target_.image.name()},
                  {"err", error.error}});
      stop_ = true;
      return;
    }
    if (error.error.kind == ErrorKind::cancelled && ctx_.stopped()) return;
    // What is gone may stay away; but a registry that was out of order for days is not to be found well days later.
    RefreshTimes times;
    if (!error.unknown()) times.most = times.first;
    schedule_failure(state, now, chance(), times);
    const bool told = state.error == error.error.message;
    state.error = error.error.message;
    // The tag is listed, but what it points to is gone: what was known of it is no longer so.
    if (error.unknown()) {
      record_.repository.images.erase(tag);
      state.digest.clear();
    }
    if (told) return;
    if (error.unknown())
      ctx_.log({{"warn", fmt::format("manifest for tag {} missing in repository {}", tag, target_.image.name())},
                {"impact", "this tag cannot be chosen until the registry has its manifest again"},
                {"err", error.error}});
    else
      ctx_.log({{"image", target_.image.name()}, {"tag", tag}, {"err", error.error}});
  }

  double chance() REQUIRES(mutex_) { return std::uniform_real_distribution<double>(0, 1)(random_); }

  const Context& ctx_;
  RegistrySession& session_;
  const Target& target_;
  const ScanOptions& options_;
  const ObserveFetch& observe_;
  std::vector<TagWork> work_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stop_ = false;

  Mutex mutex_;
  Record& record_ GUARDED_BY(mutex_);
  TagsScanned out_ GUARDED_BY(mutex_);
  std::minstd_rand random_ GUARDED_BY(mutex_){std::random_device{}()};
};

}  // namespace

Timestamp wall_clock() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

RegistryResult<bool> scan_tags(const Bounded& ctx, RegistrySession& session, const ScanOptions& options, Record& record,
                               const ObserveFetch& observe) {
  const auto began = Clock::now();
  auto tags = list_tags(ctx.with_timeout(options.list_timeout), session);
  if (observe) observe("tags", Clock::now() - began, tags.has_value());
  if (!tags) {
    record.repository.last_error = "requesting tags: " + tags.error().error.message;
    return registry_failure(tags.error());
  }
  record.repository.last_error.clear();
  return take_tags(record, std::move(*tags), wall_clock());
}

TagsScanned scan_due(const Context& ctx, RegistrySession& session, const Target& target, const ScanOptions& options,
                     Record& record, const ObserveFetch& observe) {
  return DueScan(ctx, session, target, options, record, observe)
      .run(due_tags(record, wall_clock(), interest_of(target)));
}

TagsScanned scan_named(const Context& ctx, RegistrySession& session, const Target& target,
                       const std::vector<std::string>& named, const ScanOptions& options, Record& record,
                       const ObserveFetch& observe) {
  const auto work = add_named(record, named);
  const auto out = DueScan(ctx, session, target, options, record, observe).run(work);
  drop_unfounded(record, work);
  return out;
}

}  // namespace flux::images

#include "sync/execute.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <span>

#include "base/json_for_yaml.h"
#include "cluster/established.h"
#include "sync/identity.h"
#include "sync/leftovers.h"
#include "sync/redact.h"
#include "sync/replace.h"
#include "sync/stage.h"
#include "sync/survey.h"

namespace flux::sync {
namespace {

using cluster::Object;
using cluster::Resource;

constexpr Duration kEstablishTimeout = std::chrono::minutes(1);
constexpr Duration kReplacePatience = std::chrono::seconds(5);  // what takes longer is created by a later sync

/// An apply whose type the cluster serves.
struct Ready {
  const Apply* apply;
  const Desired* desired;
  Resource resource;
};

/// One that the server may have refused because of what it filled in earlier.
struct Refused {
  Ready ready;
  cluster::ApiError error;
  std::vector<FieldPath> leftovers;
};

/// One that the server refused because of fields that cannot be changed, and whose manifest asks for another object.
struct Immutable {
  Ready ready;
  Error error;
};

class Execution {
 public:
  Execution(const Bounded& ctx, const Cluster& cluster, const PlanFacts& facts)
      : ctx_(ctx), cluster_(cluster), facts_(facts) {}

  void apply_rank(std::span<const Apply> applies) {
    auto ready = find_types(applies);
    take_over(ready);
    std::vector<Refused> refused;
    apply(ready, [&](const Ready& one, cluster::ApiResult<Object> answer) {
      auto leftovers = answer ? std::vector<FieldPath>() : leftovers_of(one, answer.error());
      if (leftovers.empty()) return judge(one, std::move(answer));
      refused.push_back({one, answer.error(), std::move(leftovers)});
    });
    apply_without_leftovers(std::move(refused));
    replace(std::exchange(immutable_, {}));
  }

  void remove_rank(std::span<const Deletion> deletions) {
    const auto catalog = cluster_.discovery.last();
    std::vector<cluster::DeleteRequest> requests;
    std::vector<const Deletion*> sent;
    for (const auto& deletion : deletions) {
      const auto* resource = catalog ? catalog->find(deletion.object->type) : nullptr;
      if (!resource) continue;  // its kind is gone, and with it the object
      if (deletion.moved_to && outcome_.errors.contains(*deletion.moved_to)) {
        outcome_.changed_since.push_back(deletion.id);
        ctx_.log({{"info", "not deleting what has moved: it cannot be applied in its new place yet"},
                  {"resource", deletion.id.to_string()},
                  {"moved-to", deletion.moved_to->to_string()}});
        continue;
      }
      requests.push_back({*resource, std::string(deletion.object->ns()), deletion.id.name(), deletion.object->uid,
                          deletion.object->resource_version});
      sent.push_back(&deletion);
    }
    const auto answers = cluster_.client.remove_all(ctx_, requests);
    for (std::size_t i = 0; i < answers.size(); ++i) note(*sent[i], answers[i]);
  }

  Outcome take() { return std::move(outcome_); }

 private:
  std::vector<Ready> find_types(std::span<const Apply> applies) {
    auto catalog = cluster_.discovery.last();
    const auto unserved = [&](const Apply& apply) { return !catalog || !catalog->find(desired(apply).manifest->type); };
    if (std::ranges::any_of(applies, unserved)) {
      establish();
      if (auto fresh = cluster_.discovery.refresh(ctx_)) {
        catalog = *fresh;
        cluster_.cache.watch(cluster_.owner, types_of(*catalog, *facts_.desired));
      }
    }
    std::vector<Ready> ready;
    for (const auto& apply : applies) {
      const auto& wanted = desired(apply);
      const auto* resource = catalog ? catalog->find(wanted.manifest->type) : nullptr;
      if (!resource) {
        fail_apply(apply, unserved_error(*wanted.manifest));
        continue;
      }
      ready.push_back({&apply, &wanted, *resource});
    }
    return ready;
  }

  void establish() {
    if (definitions_.empty()) return;
    // A definition that never gets there shows as the error of the resources that need it.
    if (auto ok = cluster::wait_established(ctx_.with_timeout(kEstablishTimeout), cluster_.client, definitions_); !ok)
      ctx_.log({{"warning", "CustomResourceDefinitions are not established"}, {"err", ok.error()}});
    definitions_.clear();
  }

  static Error unserved_error(const Manifest& manifest) {
    return {ErrorKind::user,
            fmt::format("resource not found for API {}, kind {}", manifest.type.api_version, manifest.type.kind),
            "Install the CustomResourceDefinition of this kind, or correct apiVersion and kind."};
  }

  static std::vector<FieldPath> leftovers_of(const Ready& ready, const cluster::ApiError& error) {
    constexpr int kInvalid = 422;
    return error.code == kInvalid ? contradicted_fields(*ready.desired->manifest) : std::vector<FieldPath>();
  }

  void apply_without_leftovers(std::vector<Refused> refused) {
    if (refused.empty()) return;
    std::vector<Claim> claims;
    for (const auto& [ready, error, leftovers] : refused)
      claims.push_back({{ready.resource, ready.desired->ns, ready.apply->id.name()}, leftovers});
    const auto claimed = claim_fields(ctx_, cluster_.client, claims);
    std::vector<Ready> again;
    for (std::size_t i = 0; i < refused.size(); ++i) {
      if (claimed[i])
        again.push_back(refused[i].ready);
      else
        judge(refused[i].ready, cluster::ApiFailure(refused[i].error));
    }
    apply(again, [&](const Ready& one, cluster::ApiResult<Object> answer) { judge(one, std::move(answer)); });
  }

  /// Puts aside what another object in its place would mend.
  void judge(const Ready& ready, cluster::ApiResult<Object> answer) {
    if (answer || !answer.error().immutable) return note(ready, std::move(answer));
    const auto& manifest = *ready.desired->manifest;
    if (!asks_for_replacement(manifest))
      return fail_apply(*ready.apply, explain_immutable(std::move(answer.error()), manifest));
    Error error = std::move(answer.error());
    error.message = redact_values(std::move(error.message), manifest);
    immutable_.push_back({ready, std::move(error)});
  }

  void replace(const std::vector<Immutable>& refused) {
    const auto catalog = cluster_.discovery.last();
    if (refused.empty() || !catalog) return;
    std::vector<Replacement> replacements;
    for (const auto& [ready, error] : refused)
      replacements.push_back({{ready.resource, ready.desired->ns, ready.apply->id.name()},
                              error,
                              ready.desired->manifest->source.to_string()});
    const auto started = Clock::now();
    const auto gone =
        delete_to_create_again(ctx_, cluster_.client, *catalog, cluster_.own_pod, replacements, patience_);
    patience_ = std::max(Duration::zero(), patience_ - (Clock::now() - started));
    std::vector<Ready> again;
    for (std::size_t i = 0; i < gone.size(); ++i) {
      const auto& ready = refused[i].ready;
      if (gone[i])
        again.push_back(ready);
      else
        fail_apply(*ready.apply, gone[i].error());
    }
    apply(again, [&](const Ready& one, cluster::ApiResult<Object> answer) {
      if (answer)
        outcome_.replaced.push_back(one.apply->id);
      else
        answer.error().message.insert(0, "was deleted to be created again, but then: ");
      note(one, std::move(answer));
    });
  }

  void take_over(std::vector<Ready>& ready) {
    std::vector<cluster::Client::Target> targets;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < ready.size(); ++i) {
      const auto what = ready[i].apply->take_over;
      const bool additions = ready[i].apply->additions;
      if (what == TakeOver::nothing && !additions) continue;
      targets.push_back({ready[i].resource, ready[i].desired->ns, ready[i].apply->id.name(),
                         what != TakeOver::everything, additions});
      places.push_back(i);
    }
    const auto answers = cluster_.client.take_over_all(ctx_, targets);
    for (std::size_t i = answers.size(); i-- > 0;) {
      if (answers[i]) continue;
      fail_apply(*ready[places[i]].apply, answers[i].error());
      ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(places[i]));
    }
  }

  void apply(const std::vector<Ready>& ready, const auto& done) {
    cluster_.client.apply_all(
        ctx_, ready.size(), [&](std::size_t i) { return request(ready[i]); },
        [&](std::size_t i, cluster::ApiResult<Object> answer) { done(ready[i], std::move(answer)); },
        [&](std::size_t i, const std::string& text, bool last) { tell_warning(ready[i], text, last); });
  }

  void tell_warning(const Ready& ready, const std::string& text, bool last) const {
    const auto& manifest = *ready.desired->manifest;
    ctx_.log({{"warning", "the API server has something to say about a kind of resource; told once for each kind"},
              {"kind", manifest.type.kind},
              {"text", redact_values(text, manifest)},
              {"resource", ready.apply->id.to_string()},
              {"source", manifest.source.to_string()}});
    if (last) ctx_.log({{"warning", "the API server has warned of very many things; no more of them are told"}});
  }

  cluster::ApplyRequest request(const Ready& ready) const {
    const auto& id = ready.apply->id;
    return {ready.resource, ready.desired->ns, id.name(),
            json_for_yaml(staged_body(*ready.desired->manifest, ready.desired->ns, gc_mark(facts_.set_name, id)))};
  }

  void note(const Ready& ready, cluster::ApiResult<Object> answer) {
    const auto& id = ready.apply->id;
    if (!answer) return fail_apply(*ready.apply, answer.error());
    cluster_.cache.observe(*answer, ready.resource);
    outcome_.applied[id] = {ready.desired->manifest, answer->uid, answer->content()};
    if (id.kind() == "customresourcedefinition") definitions_.push_back(id.name());

    const auto* before = find_live(*facts_.live, id, *ready.desired);
    if (before && before->resource_version == answer->resource_version) return;
    const bool replaced = !outcome_.replaced.empty() && outcome_.replaced.back() == id;
    outcome_.changed.push_back(id);
    ctx_.log({{"method", "Sync"},
              {"cmd", "apply"},
              {"resource", id.to_string()},
              {"outcome", replaced ? "deleted and created again"
                          : before ? "configured"
                                   : "created"},
              {"reason", ready.apply->reason},
              {"source", ready.desired->manifest->source.path}});
  }

  void note(const Deletion& deletion, const cluster::ApiResult<void>& answer) {
    if (answer) {
      outcome_.deleted.push_back(deletion.id);
      if (const auto catalog = cluster_.discovery.last())
        if (const auto* listed = catalog->listed_as(deletion.object->type))
          cluster_.cache.observe_deletion(*listed, std::string(deletion.object->ns()));
    } else if (answer.error().conflict()) {
      outcome_.changed_since.push_back(deletion.id);
      ctx_.log({{"info", "not deleting: the object has changed since it was looked at; it is looked at again soon"},
                {"resource", deletion.id.to_string()},
                {"answer", answer.error()}});
    } else {
      fail(deletion.id, "", answer.error());
    }
  }

  void fail_apply(const Apply& apply, Error error) {
    const auto& manifest = *desired(apply).manifest;
    error.message = redact_values(std::move(error.message), manifest);
    fail(apply.id, manifest.source.to_string(), std::move(error));
  }

  void fail(const ResourceId& id, std::string source, Error error) {
    ctx_.log({{"method", "Sync"}, {"resource", id.to_string()}, {"source", source}, {"err", error}});
    outcome_.errors.insert_or_assign(id, ResourceError{std::move(source), std::move(error)});
  }

  const Desired& desired(const Apply& apply) const { return facts_.desired->at(apply.id); }

  const Bounded& ctx_;
  const Cluster& cluster_;
  const PlanFacts& facts_;
  Outcome outcome_;
  std::vector<std::string> definitions_;  // applied in this run
  std::vector<Immutable> immutable_;      // of this rank
  Duration patience_ = kReplacePatience;
};

/// Calls `act` with each run of equal rank.
template <class T>
void by_rank(const PlanFacts& facts, const std::vector<T>& all, const auto& act) {
  for (auto begin = all.begin(); begin != all.end();) {
    const auto rank = rank_of(facts, *begin);
    const auto end = std::find_if(begin, all.end(), [&](const T& one) { return rank_of(facts, one) != rank; });
    act(std::span<const T>(begin, end));
    begin = end;
  }
}

}  // namespace

Outcome execute(const Bounded& ctx, const Cluster& cluster, const Plan& plan, const PlanFacts& facts) {
  Execution execution(ctx, cluster, facts);
  by_rank(facts, plan.applies, [&](auto applies) { execution.apply_rank(applies); });

  for (const auto& deletion : plan.deletions)
    ctx.log({{"info", "cluster resource not in resources to be synced; deleting"},
             {"dry-run", facts.collect.dry_run},
             {"resource", deletion.id.to_string()},
             {"reason", deletion.reason}});
  if (!facts.collect.dry_run) by_rank(facts, plan.deletions, [&](auto deletions) { execution.remove_rank(deletions); });
  return execution.take();
}

}  // namespace flux::sync

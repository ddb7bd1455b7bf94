#include "sync/replace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "cluster/object.h"
#include "cluster/whole.h"

namespace flux::sync {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(20);
constexpr Duration kLongestPause = std::chrono::milliseconds(500);

/// What is deleted with objects of these types; nothing for all others.
std::string_view lost_with(const ApiType& type) {
  struct Loss {
    std::string_view group;
    std::string_view kind;
    std::string_view what;
  };
  static constexpr std::array kLosses{
      Loss{"", "Namespace", "everything in it"}, Loss{"", "PersistentVolume", "its data"},
      Loss{"", "PersistentVolumeClaim", "its data"},
      Loss{"apiextensions.k8s.io", "CustomResourceDefinition", "all objects of its kind"}};
  const auto found = std::ranges::find_if(
      kLosses, [&](const Loss& loss) { return loss.kind == type.kind && loss.group == type.group(); });
  return found == kLosses.end() ? std::string_view() : found->what;
}

bool deletes_its_claims(const ApiType& type, const Json& object) {
  static const Json::json_pointer kWhenDeleted("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted");
  return type.kind == "StatefulSet" && type.group() == "apps" && object.contains(kWhenDeleted) &&
         object.at(kWhenDeleted) == "Delete";
}

std::string id_of(const cluster::Client::Target& target) {
  return ResourceId(target.resource.namespaced ? target.ns : "", target.resource.type.kind, target.name).to_string();
}

Error not_done(Error refusal, const std::string& why) {
  refusal.help = fmt::format(
      "fluxcd.io/force does not help here, because {}. Delete and create it by hand, or undo the "
      "change in git.",
      why);
  return refusal;
}

/// Deletions on their way.
class Going {
 public:
  Going(const Bounded& ctx, cluster::Client& client, std::span<const Replacement> replacements)
      : ctx_(ctx),
        client_(client),
        replacements_(replacements),
        uids_(replacements.size()),
        results_(replacements.size()) {}

  void refuse(std::size_t i, Error error) { results_[i] = Failure(std::move(error)); }

  void add(std::size_t i, const cluster::Object& object) {
    const auto& target = replacements_[i].target;
    uids_[i] = object.uid;
    waiting_.push_back(i);
    if (object.deleting) return;
    ctx_.log({{"warning", "a field that cannot be changed has changed in git; deleting the object to create it again"},
              {"resource", id_of(target)},
              {"source", replacements_[i].source},
              {"asked-by", "fluxcd.io/force"},
              {"refusal", replacements_[i].refusal.message}});
    requests_.push_back({target.resource, target.ns, target.name, object.uid, {}});
    sent_.push_back(i);
  }

  void remove() {
    const auto answers = client_.remove_all(ctx_, requests_);
    for (std::size_t k = 0; k < answers.size(); ++k) {
      if (answers[k]) continue;
      refuse(sent_[k], answers[k].error());
      std::erase(waiting_, sent_[k]);
    }
  }

  void wait(Duration patience) {
    const auto until = ctx_.with_timeout(patience);
    for (auto pause = kFirstPause; !waiting_.empty(); pause = std::min(2 * pause, kLongestPause)) {
      look();
      if (waiting_.empty() || !until.sleep(pause)) break;
    }
    for (const auto i : waiting_)
      refuse(i,
             {ErrorKind::server,
              fmt::format("{}: was deleted to be created again, but is not gone yet", id_of(replacements_[i].target)),
              "fluxd creates it as soon as it is gone. If that does not happen, look at its finalizers."});
  }

  std::vector<Result<void>> take() { return std::move(results_); }

 private:
  void look() {
    std::vector<cluster::Client::Target> targets;
    for (const auto i : waiting_) targets.push_back(replacements_[i].target);
    const auto answers = client_.get_all(ctx_, targets);
    std::vector<std::size_t> left;
    for (std::size_t k = 0; k < answers.size(); ++k) {
      const bool gone = answers[k] ? answers[k]->uid != uids_[waiting_[k]] : answers[k].error().not_found();
      if (!gone) left.push_back(waiting_[k]);
    }
    waiting_ = std::move(left);
  }

  const Bounded& ctx_;
  cluster::Client& client_;
  std::span<const Replacement> replacements_;
  std::vector<std::string> uids_;
  std::vector<Result<void>> results_;
  std::vector<cluster::DeleteRequest> requests_;
  std::vector<std::size_t> sent_;     // of requests_
  std::vector<std::size_t> waiting_;  // until they are gone
};

}  // namespace

bool asks_for_replacement(const Manifest& manifest) {
  const auto found = manifest.policies.find(std::string(kForce));
  return found != manifest.policies.end() && found->second == "true";
}

std::string why_not_replaced(const cluster::Resource& resource, std::string_view text, const OwnParts& own) {
  if (const auto lost = lost_with(resource.type); !lost.empty())
    return fmt::format("with a {} {} would be deleted", resource.type.kind, lost);
  const auto object = parse_json(text);
  const auto known = cluster::decode_object(text, resource.type);
  if (!object || !known) return "the API server's answer about it cannot be read";
  if (known->ignore == Ignore::yes) return "somebody has asked in the cluster to leave it alone";
  if (deletes_its_claims(resource.type, *object)) return "its PersistentVolumeClaims would be deleted with it";
  return why_own(own, resource, *object);
}

Error explain_immutable(Error refusal, const Manifest& manifest) {
  const auto lost = lost_with(manifest.type);
  refusal.help =
      lost.empty()
          ? "This field cannot be changed while the object exists. Delete the object, and fluxd creates it again; or "
            "have "
            "fluxd do both by the annotation fluxcd.io/force: \"true\" in git."
          : fmt::format(
                "This field cannot be changed while the object exists, and with the object {} would be deleted. "
                "Undo the change in git, or give the object another name.",
                lost);
  return refusal;
}

std::vector<Result<void>> delete_to_create_again(const Bounded& ctx, cluster::Client& client,
                                                 const cluster::Catalog& catalog, const OwnPod& pod,
                                                 std::span<const Replacement> replacements, Duration patience) {
  if (replacements.empty()) return {};
  std::vector<cluster::Client::Target> targets;
  for (const auto& replacement : replacements) targets.push_back(replacement.target);
  const auto own = find_own_parts(ctx, client, catalog, pod);
  const auto objects = cluster::get_whole(ctx, client, targets);
  Going going(ctx, client, replacements);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto& object = objects[i];
    if (!object && object.error().not_found()) continue;
    if (!object) {
      going.refuse(i, object.error());
    } else if (const auto why = why_not_replaced(targets[i].resource, *object, own); !why.empty()) {
      going.refuse(i, not_done(replacements[i].refusal, why));
    } else {
      going.add(i, *cluster::decode_object(*object, targets[i].resource.type));
    }
  }
  going.remove();
  going.wait(patience);
  return going.take();
}

}  // namespace flux::sync

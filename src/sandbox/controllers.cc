#include "sandbox/controllers.h"

#include <algorithm>

#include "sandbox/rollout.h"
#include "sandbox/rules.h"

namespace flux::sandbox {

namespace {

constexpr auto crd_collection = "customresourcedefinitions.apiextensions.k8s.io";
constexpr auto crd_finalizer = "customresourcecleanup.apiextensions.k8s.io";

bool has_finalizer(const ObjectPtr& object, const char* name) {
  const auto list = object->metadata().value("finalizers", Json::array());
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

Controllers::~Controllers() {
  thread_.request_stop();
  bell_.ring();
}

Result<void> Controllers::start(const Log& log) {
  auto started = Worker::start({.name = "controllers", .doing = "doing what a cluster does by itself", .log = log},
                               [this](const Context& ctx) { run(ctx); });
  if (!started) return Failure(started.error());
  thread_ = *std::move(started);
  return {};
}

void Controllers::notice(const Place& place, const Change& change) {
  {
    const MutexLock lock(mutex_);
    if (change.deleted) deleted_.push_back(change.after);
    if (queued_.insert(place).second) changed_.push_back(place);
    for (const auto& owner : change.after->metadata().value("ownerReferences", Json::array())) {
      const auto kind = kinds_.of_object(owner.value("apiVersion", ""), owner.value("kind", ""));
      if (!kind) continue;
      Place above{kind->collection(), kind->namespaced ? place.space : "", owner.value("name", "")};
      if (queued_.insert(above).second) changed_.push_back(std::move(above));
    }
  }
  bell_.ring();
}

void Controllers::run(const Context& ctx) {
  while (!ctx.stopped())
    if (!work_off_one()) bell_.wait(ctx, std::chrono::hours(1));
}

/// False when there was nothing to do.
bool Controllers::work_off_one() {
  MutexLock lock(mutex_);
  if (!deleted_.empty()) {
    const auto object = std::move(deleted_.front());
    deleted_.pop_front();
    lock.unlock();
    collect_garbage(*object);
    return true;
  }
  if (changed_.empty()) return false;
  const auto place = std::move(changed_.front());
  changed_.pop_front();
  queued_.erase(place);
  lock.unlock();
  reconcile(place);
  return true;
}

KindPtr Controllers::kind_of(const Place& place) const {
  for (auto& kind : kinds_.all()) {
    if (kind->collection() == place.collection) return kind;
  }
  return nullptr;
}

void Controllers::reconcile(const Place& place) {
  const auto object = store_.get(place);
  if (!object) {
    // The last object of what waits to be deleted may be gone now.
    if (const auto space = store_.get({"namespaces.", "", place.space}); space && space->deleting())
      end_namespace(space);
    const auto definition = store_.get({crd_collection, "", place.collection});
    if (definition && definition->deleting()) end_definition(definition);
    return;
  }
  if (object->deleting()) release_dependents(place, object);
  if (place.collection == "namespaces.") {
    if (object->deleting()) {
      end_namespace(object);
    } else {
      finish_service_account(place);
    }
  } else if (place.collection == crd_collection) {
    if (object->deleting()) end_definition(object);
  } else {
    Rollout(store_, kinds_, objects_).advance(place, object);
  }
}

void Controllers::erase_all(const std::vector<Place>& places) {
  for (const auto& place : places) {
    if (auto kind = kind_of(place)) (void)objects_.erase({kind, place.space, place.name, ""}, {});
  }
}

/// Background deletion: what names the deleted object as its only living owner goes too.
void Controllers::collect_garbage(const Object& deleted) {
  const auto uid = deleted.meta_text("uid");
  std::vector<Place> orphans;
  for (const auto& place : store_.owned_by(uid)) {
    const auto object = store_.get(place);
    if (!object) continue;
    const auto owners = object->metadata().value("ownerReferences", Json::array());
    const bool others = std::any_of(owners.begin(), owners.end(), [&](const Json& owner) {
      if (owner.value("uid", "") == uid) return false;
      const auto kind = kinds_.of_object(owner.value("apiVersion", ""), owner.value("kind", ""));
      if (!kind) return false;
      const auto live = store_.get({kind->collection(), kind->namespaced ? place.space : "", owner.value("name", "")});
      return live && live->meta_text("uid") == owner.value("uid", "");
    });
    if (!others) orphans.push_back(place);
  }
  erase_all(orphans);
}

void Controllers::drop_finalizer(const Place& place, const char* finalizer) {
  const auto kind = kind_of(place);
  const auto object = store_.get(place);
  if (!kind || !object) return;
  auto rest = Json::array();
  for (const auto& name : object->metadata().value("finalizers", Json::array())) {
    if (name != finalizer) rest.push_back(name);
  }
  (void)objects_.patch({kind, place.space, place.name, ""}, PatchKind::merge, {{"metadata", {{"finalizers", rest}}}},
                       {.manager = "kube-controller-manager"});
}

void Controllers::release_dependents(const Place& place, const ObjectPtr& object) {
  const auto dependents = store_.owned_by(object->meta_text("uid"));
  if (has_finalizer(object, "foregroundDeletion")) {
    erase_all(dependents);
    if (store_.owned_by(object->meta_text("uid")).empty()) drop_finalizer(place, "foregroundDeletion");
  }
  if (!has_finalizer(object, "orphan")) return;
  for (const auto& dependent : dependents) {
    const auto kind = kind_of(dependent);
    const auto live = store_.get(dependent);
    if (!kind || !live) continue;
    auto rest = Json::array();
    for (const auto& owner : live->metadata().value("ownerReferences", Json::array())) {
      if (owner.value("uid", "") != object->meta_text("uid")) rest.push_back(owner);
    }
    (void)objects_.patch({kind, dependent.space, dependent.name, ""}, PatchKind::merge,
                         {{"metadata", {{"ownerReferences", rest}}}}, {.manager = "kube-controller-manager"});
  }
  drop_finalizer(place, "orphan");
}

void Controllers::end_namespace(const ObjectPtr& object) {
  const auto name = object->meta_text("name");
  erase_all(store_.within(name));
  if (!store_.within(name).empty()) return;
  (void)objects_.patch({kinds_.find("", "v1", "namespaces"), "", name, ""}, PatchKind::merge,
                       {{"spec", {{"finalizers", nullptr}}}}, {.manager = "kube-controller-manager"});
}

void Controllers::end_definition(const ObjectPtr& object) {
  const auto name = object->meta_text("name");
  std::vector<Place> places;
  for (const auto& instance : store_.list(name, "").objects) {
    places.push_back({name, instance->meta_text("namespace"), instance->meta_text("name")});
  }
  erase_all(places);
  if (store_.list(name, "").objects.empty()) drop_finalizer({crd_collection, "", name}, crd_finalizer);
}

void Controllers::finish_service_account(const Place& space) {
  const Target accounts{kinds_.find("", "v1", "serviceaccounts"), space.name, "", ""};
  if (!store_.get({accounts.kind->collection(), space.name, "default"})) {
    (void)objects_.create(accounts, {{"metadata", {{"name", "default"}}}}, {.manager = "kube-controller-manager"});
  }
}

void Controllers::populate() {
  const auto make = [&](const char* plural, const char* space, Json body) {
    (void)objects_.create({kinds_.find("", "v1", plural), space, "", ""}, std::move(body), {.manager = "flux-sandbox"});
  };
  for (const auto* name : {"default", "kube-system", "kube-public", "kube-node-lease"}) {
    make("namespaces", "", {{"metadata", {{"name", name}}}});
    finish_service_account({"namespaces.", "", name});
  }
  make("services", "default",
       {{"metadata", {{"name", "kubernetes"}, {"labels", {{"component", "apiserver"}, {"provider", "kubernetes"}}}}},
        {"spec", {{"clusterIP", "10.96.0.1"}, {"ports", {{{"name", "https"}, {"port", 443}, {"targetPort", 6443}}}}}}});
  make("nodes", "",
       {{"metadata",
         {{"name", "sandbox"}, {"labels", {{"kubernetes.io/hostname", "sandbox"}, {"kubernetes.io/os", "linux"}}}}}});
  const Json ready = {{"type", "Ready"},
                      {"status", "True"},
                      {"reason", "Simulated"},
                      {"message", "nothing runs here"},
                      {"lastTransitionTime", now_text()},
                      {"lastHeartbeatTime", now_text()}};
  (void)objects_.patch(
      {kinds_.find("", "v1", "nodes"), "", "sandbox", "status"}, PatchKind::merge,
      {{"status", {{"conditions", Json::array({ready})}, {"nodeInfo", {{"kubeletVersion", "v1.36.0-sandbox"}}}}}},
      {.manager = "flux-sandbox"});
}

}  // namespace flux::sandbox

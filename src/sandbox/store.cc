#include "sandbox/store.h"

#include <algorithm>

namespace flux::sandbox {

const Json& Object::metadata() const { return body.at("metadata"); }

std::string Object::meta_text(const char* field) const {
  const auto found = metadata().find(field);
  return found != metadata().end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool Object::deleting() const { return metadata().contains("deletionTimestamp"); }

Store::Collection& Store::collection(const std::string& name) const { return collections_[name]; }

ObjectPtr Store::get(const Place& place) const {
  const MutexLock lock(mutex_);
  const auto& objects = collection(place.collection).objects;
  const auto found = objects.find({place.space, place.name});
  return found == objects.end() ? nullptr : found->second;
}

std::uint64_t Store::version() const {
  const MutexLock lock(mutex_);
  return version_;
}

ObjectPtr Store::put(const Place& place, const ObjectPtr& expected, Json body) {
  auto object = std::make_shared<Object>();
  object->body = std::move(body);
  const MutexLock lock(mutex_);
  auto& in = collection(place.collection);
  const auto found = in.objects.find({place.space, place.name});
  const auto current = found == in.objects.end() ? nullptr : found->second;
  if (current != expected) return nullptr;
  object->version = ++version_;
  object->body["metadata"]["resourceVersion"] = std::to_string(version_);
  in.objects[{place.space, place.name}] = object;
  record(place, in, {current, object, false});
  return object;
}

ObjectPtr Store::remove(const Place& place, const ObjectPtr& expected) {
  auto last = std::make_shared<Object>(*expected);
  const MutexLock lock(mutex_);
  auto& in = collection(place.collection);
  const auto found = in.objects.find({place.space, place.name});
  if (found == in.objects.end() || found->second != expected) return nullptr;
  last->version = ++version_;
  last->body["metadata"]["resourceVersion"] = std::to_string(version_);
  in.objects.erase(found);
  record(place, in, {expected, last, true});
  return last;
}

void Store::record(const Place& place, Collection& in, Change change) {
  index(place, change.before.get(), false);
  if (!change.deleted) index(place, change.after.get(), true);
  if (listener_) listener_(place, change);
  in.log.push_back(std::move(change));
  if (in.log.size() > log_length) {
    in.forgotten = in.log.front().after->version;
    in.log.pop_front();
  }
  in.changed.notify_all();
}

void Store::index(const Place& place, const Object* object, bool add) {
  if (object == nullptr) return;
  const auto owners = object->metadata().find("ownerReferences");
  if (owners == object->metadata().end() || !owners->is_array()) return;
  for (const auto& owner : *owners) {
    const auto uid = owner.value("uid", "");
    auto& places = owned_[uid];
    if (add) {
      places.insert(place);
    } else {
      places.erase(place);
    }
    if (places.empty()) owned_.erase(uid);
  }
}

Store::Listing Store::list(const std::string& name, const std::string& space,
                           const std::function<bool(const Object&)>& fits, std::size_t limit,
                           const std::pair<std::string, std::string>& after) const {
  Listing out;
  const MutexLock lock(mutex_);
  out.version = version_;
  const auto& objects = collection(name).objects;
  for (auto at = objects.upper_bound(std::max(after, Key{space, ""})); at != objects.end(); ++at) {
    if (!space.empty() && at->first.first != space) break;
    if (fits && !fits(*at->second)) continue;
    if (limit != 0 && out.objects.size() == limit) {
      out.more = true;
      break;
    }
    out.objects.push_back(at->second);
  }
  return out;
}

std::optional<std::vector<Change>> Store::changes(const Context& ctx, const std::string& name, std::uint64_t& version,
                                                  Duration timeout) {
  MutexLock lock(mutex_);
  auto& in = collection(name);
  const auto deadline = *ctx.with_timeout(timeout).deadline();
  in.changed.wait_until(lock, ctx.stop_token(), deadline,
                        [&] { return !in.log.empty() && in.log.back().after->version > version; });
  if (version < in.forgotten) return std::nullopt;
  const auto first =
      std::upper_bound(in.log.begin(), in.log.end(), version,
                       [](std::uint64_t wanted, const Change& change) { return wanted < change.after->version; });
  std::vector<Change> out(first, in.log.end());
  version = std::max(version, version_);
  return out;
}

std::vector<Place> Store::owned_by(const std::string& uid) const {
  const MutexLock lock(mutex_);
  std::vector<Place> out;
  if (const auto found = owned_.find(uid); found != owned_.end()) {
    out.assign(found->second.begin(), found->second.end());
  }
  return out;
}

std::vector<Place> Store::within(const std::string& space) const {
  const MutexLock lock(mutex_);
  std::vector<Place> out;
  for (const auto& [name, in] : collections_) {
    for (auto at = in.objects.upper_bound({space, ""}); at != in.objects.end() && at->first.first == space; ++at) {
      out.push_back({name, space, at->first.second});
    }
  }
  return out;
}

}  // namespace flux::sandbox

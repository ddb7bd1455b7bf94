#include "sandbox/fields/ownership.h"

#include "sandbox/fields/managers.h"

namespace flux::sandbox {

namespace {

/// Set by the server or part of the object's identity: nobody owns these.
const FieldSet& unowned() {
  static const FieldSet set = [] {
    FieldSet out;
    for (const auto* name : {"f:apiVersion", "f:kind", "f:metadata"}) out.children[name].member = true;
    for (const auto* name : {"name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields",
                             "resourceVersion"}) {
      out.children["f:metadata"].children[std::string("f:") + name].member = true;
    }
    return out;
  }();
  return set;
}

Json without_managed_fields(Json object) {
  if (const auto metadata = object.find("metadata"); metadata != object.end()) metadata->erase("managedFields");
  return object;
}

Json managed_fields_of(const Json& object) {
  return object.value(Json::json_pointer("/metadata/managedFields"), Json());
}

Managers managers_before(const Json& live, const Json& next) {
  const auto sent = managed_fields_of(next);
  if (sent == Json::array({Json::object()})) return {};
  if (sent.is_array() && !sent.empty()) {
    auto managers = Managers::read(sent);
    if (managers.entries.size() == sent.size()) return managers;
  }
  return Managers::read(managed_fields_of(live));
}

Status conflict_with(const std::vector<std::pair<const Manager*, FieldSet>>& conflicts) {
  auto causes = Json::array();
  std::string text;
  for (const auto& [manager, set] : conflicts) {
    auto who = "conflict with \"" + manager->name + "\"";
    if (!manager->subresource.empty()) who += " with subresource \"" + manager->subresource + "\"";
    if (manager->operation == "Update") who += " using " + manager->api_version;
    for (const auto& path : paths_of(set)) {
      causes.push_back({{"reason", "FieldManagerConflict"}, {"message", who}, {"field", path}});
    }
    const auto paths = paths_of(set);
    text += (text.empty() ? "" : "\n") + std::string("conflicts with \"") + manager->name + "\"";
    if (manager->operation == "Update") text += " using " + manager->api_version;
    text += ":";
    for (const auto& path : paths) text += "\n- " + path;
  }
  const auto count = causes.size();
  const auto head = "Apply failed with " + std::to_string(count) + (count == 1 ? " conflict: " : " conflicts: ");
  if (count == 1) text = causes[0]["message"].get<std::string>() + ": " + causes[0]["field"].get<std::string>();
  return Status{409, "Conflict", head + text, {{"causes", std::move(causes)}}};
}

void forget_removed(Managers& managers, const Manager* except, const FieldSet& gone) {
  for (auto& entry : managers.entries) {
    if (&entry != except) entry.fields = without(entry.fields, gone);
  }
}

}  // namespace

FieldSet Ownership::owned(const FieldSet& set) const { return without(without_trees(set, reset_), unowned()); }

Json Ownership::after_update(const Json& live, const Json& next, const Writer& writer) const {
  auto managers = managers_before(live, next);
  const auto changes = compare(without_managed_fields(live), without_managed_fields(next), type_);
  const auto changed = without_trees(united(changes.added, changes.modified), reset_);
  forget_removed(managers, nullptr, united(changed, without_trees(changes.removed, reset_)));
  if (const auto taken = owned(changed); !taken.empty()) {
    auto& entry = managers.of(writer, "Update");
    entry.fields = united(entry.fields, taken);
    entry.time = writer.time;
  }
  managers.drop_empty();
  return managers.to_json();
}

Json Ownership::pruned(const Json& merged_object, const FieldSet& last, const FieldSet& managed) const {
  const auto last_named = with_named_parents(last, type_);
  const auto all = with_named_parents(fields_of(merged_object, type_), type_);
  auto out = removed(merged_object, last_named, type_);
  // Removing a parent took what others own below it: put that back, and then what nobody ever applied.
  const auto gone = [&] { return without(all, with_named_parents(fields_of(out, type_), type_)); };
  out = removed(merged_object, without(gone(), with_named_parents(managed, type_)), type_);
  return removed(merged_object, common(gone(), last_named), type_);
}

Answer<Json> Ownership::after_apply(const Json& live, const Json& config, const Writer& writer, bool force) const {
  auto managers = Managers::read(managed_fields_of(live));
  const auto before = without_managed_fields(live);
  if (managers.entries.empty() && before.contains(Json::json_pointer("/metadata/uid"))) {
    managers.entries.push_back({"before-first-apply", "Update", writer.api_version, "", "",
                                owned(compare(skeleton_of(type_), before, type_).added)});
  }
  auto& own = managers.of(writer, "Apply");
  const auto last = std::exchange(own.fields, owned(fields_of(config, type_)));
  auto next = merged(before, config, type_);
  if (!without(last, own.fields).empty()) next = pruned(next, last, managers.all_fields());

  const auto changes = compare(before, next, type_);
  const auto changed = without_trees(united(changes.added, changes.modified), reset_);
  const auto gone = without_trees(changes.removed, reset_);
  std::vector<std::pair<const Manager*, FieldSet>> conflicts;
  for (const auto& entry : managers.entries) {
    auto both = common(entry.fields, changed);
    if (&entry != &own && !both.empty()) conflicts.emplace_back(&entry, std::move(both));
  }
  if (!conflicts.empty() && !force) return Refusal(conflict_with(conflicts));

  if (!changed.empty() || !gone.empty()) own.time = writer.time;
  forget_removed(managers, &own, united(changed, gone));
  managers.drop_empty();
  next["metadata"]["managedFields"] = managers.to_json();
  return next;
}

}  // namespace flux::sandbox

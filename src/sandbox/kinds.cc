#include "sandbox/kinds.h"

#include <algorithm>
#include <mutex>
#include <sstream>

#include "sandbox/types/tables.h"

namespace flux::sandbox {

namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text == "-" ? "" : text);
  for (std::string part; std::getline(in, part, ',');) out.push_back(part);
  return out;
}

bool contains(const std::vector<std::string>& list, const char* word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::shared_ptr<Kind> read_kind(std::istream& in, const std::string& group_version) {
  auto kind = std::make_shared<Kind>();
  const auto slash = group_version.find('/');
  kind->group = group_version.substr(0, slash);
  kind->version = group_version.substr(slash + 1);
  std::string scope, short_names, categories, subresources, type;
  in >> kind->kind >> kind->plural >> kind->singular >> scope >> short_names >> categories >> subresources >> type;
  kind->list_kind = kind->kind + "List";
  kind->namespaced = scope == "N";
  kind->short_names = split(short_names);
  kind->categories = split(categories);
  kind->has_status = contains(split(subresources), "status");
  if (contains(split(subresources), "scale")) {
    kind->scale = Kind::Scale{".spec.replicas", ".status.replicas", ".spec.selector"};
  }
  kind->type = builtin_types().find(type);
  return kind;
}

std::vector<std::string> texts(const Json& list) {
  return list.is_array() ? list.get<std::vector<std::string>>() : std::vector<std::string>();
}

void read_subresources(Kind& kind, const Json& version) {
  const auto found = version.find("subresources");
  if (found == version.end() || !found->is_object()) return;
  kind.has_status = found->contains("status");
  if (const auto scale = found->find("scale"); scale != found->end() && scale->is_object()) {
    kind.scale = Kind::Scale{scale->value("specReplicasPath", ""), scale->value("statusReplicasPath", ""),
                             scale->value("labelSelectorPath", "")};
  }
}

void read_columns(Kind& kind, const Json& version) {
  for (const auto& column : version.value("additionalPrinterColumns", Json::array())) {
    kind.columns.push_back({column.value("name", ""), column.value("type", "string"), column.value("format", ""),
                            column.value("description", ""), column.value("priority", 0),
                            column.value("jsonPath", "")});
  }
}

/// Every object has these, whatever its definition says.
const Type* complete(TypeSet& set, const Type* type) {
  if (type->form != Type::Form::object) return type;
  auto* out = set.make();
  *out = *type;
  for (const auto* name : {"apiVersion", "kind"}) out->fields[name].type = builtin_types().find("s");
  out->fields["metadata"].type = builtin_types().find("ObjectMeta");
  return out;
}

KindPtr read_version(const Json& spec, const Json& version) {
  auto kind = std::make_shared<Kind>();
  const auto& names = spec.at("names");
  kind->group = spec.at("group");
  kind->version = version.at("name");
  kind->kind = names.at("kind");
  kind->plural = names.at("plural");
  kind->list_kind = names.value("listKind", kind->kind + "List");
  kind->singular = names.value("singular", "");
  kind->short_names = texts(names.value("shortNames", Json()));
  kind->categories = texts(names.value("categories", Json()));
  kind->namespaced = spec.at("scope") == "Namespaced";
  kind->custom = true;
  read_subresources(*kind, version);
  read_columns(*kind, version);
  auto types = std::make_shared<TypeSet>();
  kind->type =
      complete(*types, type_of_schema(*types, version.value(Json::json_pointer("/schema/openAPIV3Schema"), Json())));
  kind->types = types;
  kind->schema = std::make_shared<Json>(version.value(Json::json_pointer("/schema/openAPIV3Schema"), Json()));
  return kind;
}

/// `v2` before `v1` before `v1beta1` before `v1alpha1` before names that are no versions.
std::vector<int> rank(const std::string& version) {
  int major = 0, minor = 0, read = 0;
  char stage[6] = {};
  if (std::sscanf(version.c_str(), "v%d%n", &major, &read) == 1 && version.size() == static_cast<std::size_t>(read)) {
    return {3, major, 0};
  }
  if (std::sscanf(version.c_str(), "v%d%5[a-z]%d", &major, stage, &minor) == 3) {
    return {std::string_view(stage) == "beta" ? 2 : 1, major, minor};
  }
  return {0, 0, 0};
}

}  // namespace

const std::vector<KindPtr>& builtin_kinds() {
  static const std::vector<KindPtr> all = [] {
    std::vector<KindPtr> out;
    std::istringstream in{std::string(kinds_table)};
    for (std::string group_version; in >> group_version;) {
      auto kind = read_kind(in, group_version);
      for (const auto& other : out) {
        if (other->collection() == kind->collection()) kind->type = other->type;
      }
      out.push_back(std::move(kind));
    }
    return out;
  }();
  return all;
}

std::vector<KindPtr> kinds_of_definition(const Json& definition) {
  std::vector<KindPtr> out;
  const auto& spec = definition.at("spec");
  for (const auto& version : spec.at("versions")) {
    if (version.value("served", false)) out.push_back(read_version(spec, version));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return rank(a->version) > rank(b->version); });
  return out;
}

Kinds::Kinds() = default;

KindPtr Kinds::find(std::string_view group, std::string_view version, std::string_view plural) const {
  const auto fits = [&](const KindPtr& kind) {
    return kind->plural == plural && kind->group == group && kind->version == version;
  };
  return first(fits);
}

template <class Test>
KindPtr Kinds::first(Test fits) const {
  const auto& builtin = builtin_kinds();
  if (const auto found = std::find_if(builtin.begin(), builtin.end(), fits); found != builtin.end()) return *found;
  const std::shared_lock lock(mutex_);
  for (const auto& [name, kinds] : custom_) {
    if (const auto found = std::find_if(kinds.begin(), kinds.end(), fits); found != kinds.end()) return *found;
  }
  return nullptr;
}

KindPtr Kinds::of_object(std::string_view api_version, std::string_view kind) const {
  const auto fits = [&](const KindPtr& candidate) {
    return candidate->kind == kind && candidate->api_version() == api_version;
  };
  return first(fits);
}

std::vector<KindPtr> Kinds::all() const {
  auto out = builtin_kinds();
  const std::shared_lock lock(mutex_);
  for (const auto& [name, kinds] : custom_) out.insert(out.end(), kinds.begin(), kinds.end());
  return out;
}

void Kinds::define(const std::string& definition, std::vector<KindPtr> kinds) {
  const std::lock_guard lock(mutex_);
  if (kinds.empty()) {
    custom_.erase(definition);
  } else {
    custom_[definition] = std::move(kinds);
  }
}

}  // namespace flux::sandbox

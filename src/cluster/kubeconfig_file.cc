#include "cluster/kubeconfig_file.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/read_file.h"
#include "yaml/json.h"
#include "yaml/reader.h"

namespace flux::cluster {
namespace {

constexpr std::string_view kHelp = "Check it with `kubectl config view`.";

Failure wrong(const std::string& path, std::string_view what) {
  return fail(ErrorKind::user, fmt::format("kubeconfig {}: {}", path, what), std::string(kHelp));
}

Result<SortedJson> parse(const std::string& path, const std::string& text) {
  const auto documents = yaml::read_all(text);
  if (!documents) return wrong(path, documents.error().message);
  if (documents->empty() || documents->front().root().is_null()) return SortedJson::object();
  const auto encoded = yaml::to_json(documents->front().root());
  if (!encoded) return wrong(path, encoded.error().message);
  auto parsed = parse_sorted_json(*encoded).value_or(nullptr);
  if (!parsed.is_object()) return wrong(path, "is not a mapping");
  return parsed;
}

// `list` is `clusters`, `users` or `contexts`; `member` the key that holds an entry's value.
Result<void> add_entries(const SortedJson& file, const std::string& path, const char* list, const char* member,
                         std::map<std::string, KubeconfigEntry>& to) {
  const auto entries = file.find(list);
  if (entries == file.end() || entries->is_null()) return {};
  if (!entries->is_array()) return wrong(path, fmt::format("`{}` is not a list", list));
  for (const auto& entry : *entries) {
    const auto name = entry.is_object() ? entry.find("name") : entry.end();
    if (!entry.is_object() || name == entry.end() || !name->is_string())
      return wrong(path, fmt::format("an entry of `{}` has no name", list));
    auto value = entry.value(member, SortedJson::object());
    if (value.is_null()) value = SortedJson::object();
    if (!value.is_object())
      return wrong(path, fmt::format("an entry of `{}` has a `{}` that is no mapping", list, member));
    to.emplace(name->get<std::string>(),
               KubeconfigEntry{std::move(value), std::filesystem::absolute(path).parent_path()});
  }
  return {};
}

Result<void> merge(Kubeconfig& to, const std::string& path) {
  const auto text = read_file(path);
  if (!text) return wrap(text.error(), "kubeconfig");
  const auto file = parse(path, *text);
  if (!file) return Failure(file.error());
  for (const auto& added : {add_entries(*file, path, "clusters", "cluster", to.clusters),
                            add_entries(*file, path, "users", "user", to.users),
                            add_entries(*file, path, "contexts", "context", to.contexts)})
    if (!added) return added;
  const auto current = file->find("current-context");
  if (to.current_context.empty() && current != file->end() && current->is_string())
    to.current_context = current->get<std::string>();
  to.source += (to.source.empty() ? "" : ":") + path;
  return {};
}

}  // namespace

Result<Kubeconfig> read_kubeconfig(const std::vector<std::string>& files, bool must_exist) {
  Kubeconfig merged;
  for (const auto& path : files) {
    std::error_code ignored;
    if (path.empty() || (!must_exist && !std::filesystem::exists(path, ignored))) continue;
    if (auto added = merge(merged, path); !added) return Failure(added.error());
  }
  return merged;
}

}  // namespace flux::cluster

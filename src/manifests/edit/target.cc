#include "manifests/edit/target.h"

#include <fmt/format.h>

#include "manifests/object.h"
#include "yaml/edit/documents.h"
#include "yaml/line_break.h"

namespace flux::manifests {
namespace {

bool is_encrypted(yaml::Node root) {
  const auto sops = root.find("sops");
  return sops && sops->is_mapping() && (sops->find("mac") || sops->find("lastmodified") || sops->find("version"));
}

bool has_scalar(const std::optional<yaml::Node>& node, std::string_view field, const std::string& text) {
  const auto found = scalar_field(node, field);
  return found && *found == text;
}

bool is_of(const Manifest& manifest, yaml::Node object) {
  const auto metadata = object.find("metadata");
  return has_scalar(object.find("kind"), "kind", manifest.type.kind) &&
         has_scalar(metadata ? metadata->find("name") : std::nullopt, "metadata.name", manifest.name) &&
         has_scalar(metadata ? metadata->find("namespace") : std::nullopt, "metadata.namespace", manifest.ns);
}

Failure changed_since() {
  return fail(ErrorKind::user, "the file says something else there than when it was loaded",
              "Try again once it has been synced.");
}

Result<void> check_replaceable(const Target& target, const yaml::Change& change) {
  const auto old = yaml::node_at(target.document.root(), change.path);
  if (!old || !old->is_string()) return {};
  const auto where = fmt::format("line {}: {}", target.original().line_of(*old), yaml::to_string(change.path));
  if (old->text().find("{{") != std::string_view::npos)
    return fail(ErrorKind::user, where + " is a template ({{ }}), which is not edited",
                "Change it where the template gets its values from.");
  if (old->text().starts_with("ENC[AES256_GCM,"))
    return fail(ErrorKind::user, where + " is encrypted with sops, which is not edited", "Change it with sops.");
  return {};
}

}  // namespace

yaml::Node Target::object() const { return yaml::node_at(document.root(), path).value_or(document.root()); }

Result<Target> find_target(std::string_view file, const Manifest& manifest) {
  Target target;
  const auto span = yaml::document_span(file, manifest.source.document);
  if (!span && (file.starts_with("\xFF\xFE") || file.starts_with("\xFE\xFF"))) {
    if (auto whole = yaml::read_one(file); !whole) return Failure(std::move(whole.error()));
  }
  if (!span) return changed_since();
  target.span = *span;
  target.text = file.substr(span->begin, span->end - span->begin);
  target.first_line = static_cast<int>(yaml::count_breaks(file.substr(0, span->begin))) + 1;
  auto document = yaml::read_one(target.text, target.first_line);
  if (!document) {
    if (target.text.find("{{") != std::string_view::npos)
      document.error().help = "It has {{ }}: fluxd edits no templates, only what was made of them.";
    return Failure(std::move(document.error()));
  }
  target.document = std::move(*document);
  if (is_encrypted(target.document.root()))
    return fail(ErrorKind::user, "the file is encrypted with sops, whose checksum (MAC) would be wrong after an edit",
                "Change it with sops.");
  for (const auto item : manifest.source.items()) {
    target.path.emplace_back("items");
    target.path.emplace_back(static_cast<std::size_t>(item));
  }
  const auto object = yaml::node_at(target.document.root(), target.path);
  if (!object || !is_of(manifest, *object)) return changed_since();
  return target;
}

Result<yaml::Edited> edit_target(std::string_view file, const Target& target, std::span<const yaml::Change> changes) {
  for (const auto& change : changes)
    if (auto ok = check_replaceable(target, change); !ok) return Failure(std::move(ok.error()));
  auto edited = yaml::edit(target.original(), changes);
  if (!edited) return edited;
  // The next document begins with a line of its own, and is what it was as long as it does.
  if (target.span.end < file.size() && yaml::break_at_back(edited->text) == 0)
    return fail(ErrorKind::user, "the edit would run into the next document", "Make this change by hand.");
  edited->text.insert(0, file.substr(0, target.span.begin)).append(file.substr(target.span.end));
  return edited;
}

Failure in_resource(Error error, const ResourceId& id, const Manifest& manifest) {
  return wrap(std::move(error), fmt::format("updating resource {} in {}", id.to_string(), manifest.source.to_string()));
}

}  // namespace flux::manifests

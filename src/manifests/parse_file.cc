#include "manifests/parse_file.h"

#include <fmt/format.h>

#include <optional>

#include "manifests/object.h"
#include "yaml/reader.h"

namespace flux::manifests {
namespace {

constexpr std::string_view kLargeFilePointer = "version https://git-lfs.github.com/spec/";

/// kustomize reads these; no cluster knows the group. kustomize itself takes a Kustomization without apiVersion, too.
bool is_for_kustomize(const Manifest& manifest) {
  if (manifest.type.api_version.empty()) return manifest.type.kind == "Kustomization" && manifest.name.empty();
  return manifest.type.group() == "kustomize.config.k8s.io";
}

class FileParser {
 public:
  FileParser(const std::string& path, const std::string& real_path) : path_(path) {
    if (real_path.empty() || real_path == path) return;
    real_path_ = real_path;
    linked_ = std::make_shared<Source::Detail>(Source::Detail{real_path_, {}});
  }

  FileContent parse(std::string_view text) {
    if (text.starts_with(kLargeFilePointer)) {
      content_.problems.push_back(fmt::format(
          R"(scanning multidoc from "{}": the file is in Git LFS and only its pointer is in the repository, )"
          "which fluxd does not follow. Commit the file itself, and take it out of .gitattributes",
          path_));
      return std::move(content_);
    }
    yaml::Reader reader(text);
    while (true) {
      auto document = reader.next();
      if (!document) {
        content_.problems.push_back(fmt::format(R"(scanning multidoc from "{}": {} (document {}))", path_,
                                                document.error().message, reader.count()));
        break;
      }
      if (!*document) break;
      Source source{path_, reader.count(), 1};
      source.detail = linked_;
      read((*document)->root(), std::move(source));
    }
    // A broken file is loaded by nobody, so what it holds besides needs no memory.
    if (!content_.problems.empty()) content_.manifests.clear();
    if (!remarks_.empty()) content_.remarks = std::make_shared<const Remarks>(std::move(remarks_));
    return std::move(content_);
  }

 private:
  void refuse(const Source& source, std::string_view what) {
    content_.problems.push_back(
        fmt::format(R"(parsing YAML doc from "{}": {} (document {}))", path_, what, source.document));
  }

  /// A document or an item still to be read; `depth` lists hold it, and it is item `index` of the innermost.
  struct Left {
    yaml::Node node;
    std::size_t depth;
    std::uint32_t index;
  };

  /// Lists are expanded without recursion, because they can be nested as deep as a document.
  void read(yaml::Node root, Source source) {
    std::vector<Left> left{{root, 0, 0}};
    std::vector<std::uint32_t> place;
    while (!left.empty()) {
      const auto [node, depth, index] = left.back();
      left.pop_back();
      if (depth > 0) {
        place.resize(depth - 1);
        place.push_back(index);
        source.detail = std::make_shared<Source::Detail>(Source::Detail{real_path_, place});
      }
      const auto items = object(node, source, depth == 0);
      if (!items) continue;
      for (auto i = static_cast<std::uint32_t>(items->size()); i-- > 0;) left.push_back({items->item(i), depth + 1, i});
    }
  }

  /// Takes one object; for a list gives its items instead.
  std::optional<yaml::Node> object(yaml::Node node, const Source& source, bool outermost) {
    if (node.is_null()) return std::nullopt;
    if (!node.is_mapping()) {
      refuse(source, fmt::format("line {}: {} is not an object", node.line(), outermost ? "the document" : "the item"));
      return std::nullopt;
    }
    const auto kind = scalar_field(node.find("kind"), "kind");
    if (!kind) {
      refuse(source, kind.error().message);
      return std::nullopt;
    }
    if (kind->empty()) return std::nullopt;
    const auto items = node.find("items");
    if (*kind == "List" || (kind->ends_with("List") && items)) {
      if (!items || items->is_null()) return std::nullopt;
      if (items->is_sequence()) return items;
      refuse(source, fmt::format("line {}: items of a {} has to be a sequence", items->line(), *kind));
      return std::nullopt;
    }
    auto manifest = manifest_of(node, source, remarks_);
    if (manifest && is_for_kustomize(*manifest))
      remarks_.passed_over.insert(
          "passing over a file for kustomize, which fluxd does not run here; the manifests are "
          "applied as they are");
    else if (manifest)
      content_.manifests.push_back(std::make_shared<const Manifest>(std::move(*manifest)));
    else
      refuse(source, manifest.error().message);
    return std::nullopt;
  }

  const std::string& path_;
  std::string real_path_;  // empty when it is path_
  std::shared_ptr<const Source::Detail> linked_;
  FileContent content_;
  Remarks remarks_;
};

}  // namespace

FileContent parse_file(const std::string& path, std::string_view text, const std::string& real_path) {
  return FileParser(path, real_path).parse(text);
}

}  // namespace flux::manifests

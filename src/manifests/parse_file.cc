#include <fmt/format.h>

#include "manifests/load.h"
#include "manifests/object.h"
#include "yaml/reader.h"

namespace flux::manifests {
namespace {

class FileParser {
 public:
  explicit FileParser(const std::string& path) : path_(path) {}

  FileContent parse(std::string_view text) {
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
      read((*document)->root(), source);
    }
    // A broken file is loaded by nobody, so what it holds besides needs no memory.
    if (!content_.problems.empty()) content_.manifests.clear();
    return std::move(content_);
  }

 private:
  void refuse(const Source& source, std::string_view what) {
    content_.problems.push_back(
        fmt::format(R"(parsing YAML doc from "{}": {} (document {}))", path_, what, source.document));
  }

  /// Lists are expanded without recursion, because they can be nested as deep as a document.
  void read(yaml::Node root, const Source& source) {
    std::vector<yaml::Node> left{root};
    bool outermost = true;
    while (!left.empty()) {
      const auto node = left.back();
      left.pop_back();
      if (const auto items = object(node, source, outermost))
        for (auto i = items->size(); i-- > 0;) left.push_back(items->item(i));
      outermost = false;
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
    auto manifest = manifest_of(node, source);
    if (manifest)
      content_.manifests.push_back(std::make_shared<const Manifest>(std::move(*manifest)));
    else
      refuse(source, manifest.error().message);
    return std::nullopt;
  }

  const std::string& path_;
  FileContent content_;
};

}  // namespace

FileContent parse_file(const std::string& path, std::string_view text) { return FileParser(path).parse(text); }

}  // namespace flux::manifests

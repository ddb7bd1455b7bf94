#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/manifest.h"
#include "model/resource_id.h"
#include "yaml/edit/edit.h"

namespace flux::manifests {

/// The document in which a manifest is written, out of the text of its file.
struct Target {
  yaml::Span span;        ///< of the document in the file
  std::string_view text;  ///< of the document
  int first_line = 1;     ///< of the document in the file
  yaml::Document document;
  yaml::Path path;  ///< of the object: empty, or `items`, the item's index, and so on

  [[nodiscard]] yaml::Original original() const { return {text, document, first_line}; }
  [[nodiscard]] yaml::Node object() const;
};

/// Where Source says, and no other document is read. `file` has to outlive it.
///
/// User errors: a document that cannot be read, or is encrypted with sops; another object there than the manifest is
/// of, because the file has changed since.
[[nodiscard]] Result<Target> find_target(std::string_view file, const Manifest& manifest);

/// The file's text with its document edited (yaml/edit/edit.h), and that document where anything was changed. User
/// errors besides those of edit(): a value to be replaced that is a template, or encrypted.
[[nodiscard]] Result<yaml::Edited> edit_target(std::string_view file, const Target& target,
                                               std::span<const yaml::Change> changes);

/// `updating resource <id> in <path> (document 1, line 1): ...`
[[nodiscard]] Failure in_resource(Error error, const ResourceId& id, const Manifest& manifest);

}  // namespace flux::manifests

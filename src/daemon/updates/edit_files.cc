#include "daemon/updates/edit_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "git/tree.h"

namespace flux::daemon {

Result<EditedFiles> edit_files(const Bounded& ctx, const git::Repository& repository, const std::string& revision,
                               const sync::DesiredSet& resources, const std::map<ResourceId, EditResource>& edits) {
  std::map<std::string, std::vector<const std::pair<const ResourceId, EditResource>*>> by_file;
  for (const auto& edit : edits) by_file[resources.at(edit.first).manifest->source.file()].push_back(&edit);
  const auto tree = git::list_tree(ctx, repository, revision);
  if (!tree) return Failure(tree.error());
  std::vector<std::string> blobs;
  for (const auto& [path, of_it] : by_file) {
    const auto entry = std::ranges::lower_bound(*tree, path, {}, &git::TreeEntry::path);
    if (entry == tree->end() || entry->path != path)
      return fail(ErrorKind::server, fmt::format("{} is not in commit {}", path, revision));
    blobs.push_back(entry->blob);
  }
  auto texts = git::read_blobs(ctx, repository, blobs);
  if (!texts) return Failure(texts.error());
  EditedFiles out;
  auto text = texts->begin();
  for (const auto& [path, of_it] : by_file) {
    auto edited = *text;
    for (const auto* edit : of_it) {
      auto next = edit->second(edited, *resources.at(edit->first).manifest, edit->first);
      if (!next) return Failure(next.error());
      if (*next != edited) out.changed.insert(edit->first);
      edited = std::move(*next);
    }
    if (edited != *text) out.files.push_back({path, std::move(edited)});
    ++text;
  }
  return out;
}

}  // namespace flux::daemon

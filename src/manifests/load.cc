#include "manifests/load.h"

#include <algorithm>

#include "manifests/problems.h"

namespace flux::manifests {
namespace {

/// Contents held at a time while a first load parses everything.
constexpr std::size_t kBatch = 256;

Result<LinkTargets> read_links(const Context& context, FileSource& source, std::span<const FileEntry> tree) {
  LinkTargets targets;
  const auto links = links_of(tree);
  if (links.empty()) return targets;
  auto contents = source.read(context, links);
  if (!contents) return Failure(std::move(contents.error()));
  for (std::size_t i = 0; i < links.size(); ++i) targets.emplace(links[i].path, std::move((*contents)[i]));
  return targets;
}

struct Selected {
  std::vector<SelectedFile> files;
  bool saw_links = false;
};

Result<Selected> selected(const Context& context, FileSource& source, std::span<const std::string> paths) {
  const auto tree = source.list(context);
  if (!tree) return Failure(tree.error());
  const auto links = read_links(context, source, *tree);
  if (!links) return Failure(links.error());
  auto files = select(*tree, *links, paths);
  if (!files) return Failure(files.error());
  return Selected{std::move(*files), !links->empty()};
}

std::vector<std::string> find_duplicates(std::span<const ManifestPtr> manifests) {
  std::vector<std::string> problems;
  std::unordered_map<ResourceId, const Manifest*> seen;
  seen.reserve(manifests.size());
  for (const auto& manifest : manifests) {
    const auto [known, fresh] = seen.emplace(manifest->written_id(), manifest.get());
    if (!fresh) problems.push_back(duplicate(known->first, known->second->source, manifest->source));
  }
  return problems;
}

}  // namespace

Loader::Key::Key(const SelectedFile& file)
    : blob(file.content.blob),
      path(file.path),
      real_path(file.content.path == file.path ? std::string() : file.content.path) {}

/// Without problems no file is selected twice, so equal sets are equal lists: select() has one order for each.
bool Loader::is_known(std::span<const SelectedFile> files) const {
  return manifests_ && files.size() == known_.size() &&
         std::ranges::all_of(files, [this](const SelectedFile& file) { return known_.contains(file); });
}

Result<std::shared_ptr<const Manifests>> Loader::load(const Context& context, FileSource& source,
                                                      std::span<const std::string> paths) {
  const auto found = selected(context, source, paths);
  if (!found) return Failure(found.error());
  const auto& files = found->files;
  parsed_ = 0;
  saw_links_ = found->saw_links;
  if (is_known(files)) return manifests_;

  Contents used;
  std::vector<const SelectedFile*> unknown;
  for (const auto& file : files) {
    if (const auto known = known_.find(file); known != known_.end())
      used.insert(*known);
    else if (used.try_emplace(Key(file)).second)
      unknown.push_back(&file);
  }
  if (auto ok = parse(context, source, unknown, used); !ok) return Failure(ok.error());
  known_ = std::move(used);
  auto manifests = collate(files);
  manifests_ = manifests ? *manifests : nullptr;
  return manifests;
}

Result<void> Loader::parse(const Context& context, FileSource& source, std::span<const SelectedFile* const> files,
                           Contents& contents) {
  for (std::size_t from = 0; from < files.size(); from += kBatch) {
    if (auto ok = context.check(); !ok) return ok;
    const auto batch = files.subspan(from, std::min(kBatch, files.size() - from));
    std::vector<FileEntry> entries;
    for (const auto* file : batch) entries.push_back(file->content);
    auto texts = source.read(context, entries);
    if (!texts) return Failure(std::move(texts.error()));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto& file = *batch[i];
      auto content = std::make_shared<const FileContent>(parse_file(file.path, (*texts)[i], file.content.path));
      contents.insert_or_assign(Key(file), std::move(content));
      ++parsed_;
    }
  }
  return {};
}

Result<std::shared_ptr<const Manifests>> Loader::collate(std::span<const SelectedFile> files) const {
  Manifests manifests;
  std::vector<std::string> problems;
  for (const auto& file : files) {
    const auto& content = *known_.find(file)->second;
    problems.insert(problems.end(), content.problems.begin(), content.problems.end());
    manifests.insert(manifests.end(), content.manifests.begin(), content.manifests.end());
  }
  auto duplicates = find_duplicates(manifests);
  problems.insert(problems.end(), std::make_move_iterator(duplicates.begin()),
                  std::make_move_iterator(duplicates.end()));
  if (!problems.empty()) return Failure(combine(problems));
  return std::make_shared<const Manifests>(std::move(manifests));
}

}  // namespace flux::manifests

#include "manifests/load.h"

#include "manifests/problems.h"
#include "manifests/select.h"

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

Result<std::vector<SelectedFile>> selected(const Context& context, FileSource& source,
                                           std::span<const std::string> paths) {
  const auto tree = source.list(context);
  if (!tree) return Failure(tree.error());
  const auto links = read_links(context, source, *tree);
  if (!links) return Failure(links.error());
  return select(*tree, *links, paths);
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

std::size_t Loader::KeyHash::operator()(const Key& key) const noexcept {
  const std::hash<std::string> hash;
  return hash(key.blob) * 31 + hash(key.path);
}

Result<std::vector<ManifestPtr>> Loader::load(const Context& context, FileSource& source,
                                              std::span<const std::string> paths) {
  const auto files = selected(context, source, paths);
  if (!files) return Failure(files.error());

  Contents used;
  std::vector<const SelectedFile*> unknown;
  for (const auto& file : *files) {
    const Key key{file.content.blob, file.path};
    if (const auto found = known_.find(key); found != known_.end())
      used.insert(*found);
    else if (used.try_emplace(key).second)
      unknown.push_back(&file);
  }

  parsed_ = 0;
  for (std::size_t from = 0; from < unknown.size(); from += kBatch) {
    if (auto ok = context.check(); !ok) return Failure(std::move(ok.error()));
    const auto batch = std::span(unknown).subspan(from, std::min(kBatch, unknown.size() - from));
    std::vector<FileEntry> entries;
    for (const auto* file : batch) entries.push_back(file->content);
    auto texts = source.read(context, entries);
    if (!texts) return Failure(std::move(texts.error()));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto content = std::make_shared<const FileContent>(parse_file(batch[i]->path, (*texts)[i]));
      used.insert_or_assign(Key{batch[i]->content.blob, batch[i]->path}, std::move(content));
      ++parsed_;
    }
  }
  known_ = std::move(used);

  std::vector<ManifestPtr> manifests;
  std::vector<std::string> problems;
  for (const auto& file : *files) {
    const auto& content = *known_.at(Key{file.content.blob, file.path});
    problems.insert(problems.end(), content.problems.begin(), content.problems.end());
    manifests.insert(manifests.end(), content.manifests.begin(), content.manifests.end());
  }
  auto duplicates = find_duplicates(manifests);
  problems.insert(problems.end(), std::make_move_iterator(duplicates.begin()),
                  std::make_move_iterator(duplicates.end()));
  if (!problems.empty()) return Failure(combine(problems));
  return manifests;
}

}  // namespace flux::manifests

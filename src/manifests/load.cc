#include "manifests/load.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "manifests/problems.h"
#include "model/namesakes.h"

namespace flux::manifests {
namespace {

/// Contents held at a time while a first load parses everything.
constexpr std::size_t kBatch = 256;

struct Selected {
  std::vector<SelectedFile> files;
  std::optional<Selector> selector;  ///< nothing where links make names say too little
};

Result<Selected> selected(const Bounded& context, FileSource& source, std::span<const std::string> paths) {
  const auto tree = source.list(context);
  if (!tree) return Failure(tree.error());
  const auto links = read_links(context, source, *tree);
  if (!links) return Failure(links.error());
  auto files = select(*tree, *links, paths);
  if (!files) return Failure(files.error());
  if (!links->empty()) return Selected{std::move(*files), std::nullopt};
  auto selector = make_selector(*tree, paths);
  if (!selector) return Failure(selector.error());
  return Selected{std::move(*files), std::move(*selector)};
}

std::string origin_of(const SelectedFile& file) {
  return file.content.path == file.path ? file.content.blob : file.content.blob + " " + file.content.path;
}

std::vector<std::string> find_duplicates(std::span<const ManifestPtr> manifests) {
  std::vector<std::string> problems;
  std::unordered_map<ResourceId, const Manifest*> seen;
  seen.reserve(manifests.size());
  for (const auto& manifest : manifests) {
    const auto [known, fresh] = seen.emplace(manifest->written_id(), manifest.get());
    if (!fresh && may_be_one(known->second->type, manifest->type))
      problems.push_back(duplicate(known->first, known->second->source, manifest->source));
  }
  return problems;
}

void tell(const Context& context, const std::string& path, const Remarks& remarks) {
  if (!remarks.left_out.empty())
    context.log({{"info", "leaving out of what is applied what only the API server or fluxd itself can say"},
                 {"source", path},
                 {"fields", fmt::format("{}", fmt::join(remarks.left_out, ", "))}});
  for (const auto& passed : remarks.passed_over) context.log({{"info", passed}, {"source", path}});
  for (const auto& warning : remarks.warnings) context.log({{"warning", warning}, {"source", path}});
}

void tell(const Context& context, std::span<const SelectedFile> read, const Files& before, const Files& after) {
  for (const auto& file : read) {
    const auto& remarks = after.at(file.path)->remarks;
    const auto* known = before.find(file.path);
    const bool told = known && (*known)->remarks && remarks && *(*known)->remarks == *remarks;
    if (remarks && !told) tell(context, file.path, *remarks);
  }
}

}  // namespace

std::vector<ManifestPtr> manifests_of(const Files& files) {
  std::vector<const Files::value_type*> sorted;
  sorted.reserve(files.size());
  for (const auto& file : files) sorted.push_back(&file);
  std::ranges::sort(sorted, {}, [](const auto* file) -> const std::string& { return file->first; });
  std::vector<ManifestPtr> manifests;
  for (const auto* file : sorted)
    manifests.insert(manifests.end(), file->second->manifests.begin(), file->second->manifests.end());
  return manifests;
}

Result<Files> Loader::load(const Bounded& context, FileSource& source, std::span<const std::string> paths) {
  selector_.reset();
  parsed_ = 0;
  auto found = selected(context, source, paths);
  if (!found) return Failure(found.error());
  if (const auto overlaps = overlaps_of(paths); !overlaps.empty() && !std::exchange(told_of_overlaps_, true))
    context.log({{"warning", "paths given as --git-path lie within others; their files are read once"},
                 {"paths", fmt::format("{}", fmt::join(overlaps, ","))}});

  // Nothing is touched that stays as it is, so that what differs can be told quickly.
  auto contents = known_;
  std::vector<SelectedFile> unknown;
  std::unordered_set<std::string_view> chosen;
  for (const auto& file : found->files) {
    if (!chosen.insert(file.path).second) continue;
    const auto* known = contents.find(file.path);
    if (!known || (*known)->origin != origin_of(file)) unknown.push_back(file);
  }
  for (const auto& [path, content] : known_)
    if (!chosen.contains(path)) contents.erase(path);
  if (auto ok = parse(context, source, unknown, contents); !ok) return Failure(ok.error());
  tell(context, unknown, known_, contents);
  known_ = contents;

  std::vector<std::string> problems;
  std::vector<ManifestPtr> manifests;
  for (const auto& file : found->files) {
    const auto& content = *contents.at(file.path);
    problems.insert(problems.end(), content.problems.begin(), content.problems.end());
    manifests.insert(manifests.end(), content.manifests.begin(), content.manifests.end());
  }
  std::ranges::move(find_duplicates(manifests), std::back_inserter(problems));
  if (!problems.empty()) return Failure(combine(problems));
  selector_ = std::move(found->selector);
  return contents;
}

Result<std::optional<Files>> Loader::follow(const Bounded& context, FileSource& source,
                                            std::span<const FileChange> changes) {
  if (!selector_) return std::nullopt;
  parsed_ = 0;
  auto contents = known_;
  std::vector<SelectedFile> changed;
  for (const auto& change : changes) {
    const auto choice = selector_->choose(change.path);
    if (change.symlink || choice == Selector::Choice::unclear) return std::nullopt;
    if (choice == Selector::Choice::left) continue;
    if (change.blob.empty())
      contents.erase(change.path);
    else
      changed.push_back({change.path, {change.path, change.blob}});
  }
  if (auto ok = parse(context, source, changed, contents); !ok) return Failure(ok.error());
  for (const auto& file : changed)
    if (!contents.at(file.path)->problems.empty()) return std::nullopt;
  // A directory goes with its last file.
  if (std::ranges::any_of(changes, [](const FileChange& change) { return change.blob.empty(); }) &&
      !roots_are_there(contents))
    return std::nullopt;
  tell(context, changed, known_, contents);
  known_ = contents;
  return contents;
}

bool Loader::roots_are_there(const Files& files) const {
  return std::ranges::all_of(selector_->roots, [&](const std::string& root) {
    if (root.empty()) return true;
    for (const auto& [path, content] : files)
      if (is_below(path, root)) return true;
    return false;
  });
}

Result<void> Loader::parse(const Bounded& context, FileSource& source, std::span<const SelectedFile> files,
                           Files& contents) {
  for (std::size_t from = 0; from < files.size();) {
    if (auto ok = context.check(); !ok) return ok;
    const auto batch = files.subspan(from, std::min(kBatch, files.size() - from));
    std::vector<FileEntry> entries;
    for (const auto& file : batch) entries.push_back(file.content);
    auto texts = source.read(context, entries);
    if (!texts) return Failure(std::move(texts.error()));
    for (const auto& text : *texts) {
      const auto& file = files[from++];
      auto content = std::make_shared<FileContent>(parse_file(file.path, text, file.content.path));
      content->origin = origin_of(file);
      contents.set(file.path, std::move(content));
      ++parsed_;
    }
  }
  return {};
}

}  // namespace flux::manifests

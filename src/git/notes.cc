#include "git/notes.h"

#include <algorithm>

#include "base/json.h"
#include "git/tree_object.h"

namespace flux::git {
namespace {

/// Bytes of all notes that are held at once.
constexpr std::size_t kMaxNotes = 64 * kMaxNote;

/// A commit whose note is being looked for: how much of its id the directories above have used up.
struct Search {
  std::string revision;
  std::size_t used = 0;
};

/// Searches by the directory that goes on with them.
using Searches = std::map<std::string, std::vector<Search>>;

/// Git splits a large notes tree into directories of two digits, to any depth, and never tells where.
void follow(const std::vector<TreeItem>& items, std::vector<Search> searches, std::map<std::string, std::string>& blobs,
            Searches& below) {
  std::map<std::string_view, const TreeItem*> by_name;
  for (const auto& item : items) by_name.emplace(item.name, &item);
  for (auto& search : searches) {
    const auto rest = std::string_view(search.revision).substr(std::min(search.used, search.revision.size()));
    if (const auto note = by_name.find(rest); note != by_name.end() && !note->second->is_directory()) {
      blobs[search.revision] = note->second->id;
    } else if (const auto dir = by_name.find(rest.substr(0, 2)); dir != by_name.end() && dir->second->is_directory()) {
      search.used += 2;
      below[dir->second->id].push_back(std::move(search));
    }
  }
}

/// One level of the notes tree: what is found goes to `blobs`, what lies deeper is returned.
Result<Searches> read_level(const Bounded& ctx, const Repository& repository, const Searches& level,
                            std::map<std::string, std::string>& blobs) {
  std::vector<std::string> ids;
  for (const auto& [id, searches] : level) ids.push_back(id);
  auto trees = repository.read_objects(ctx, ids);
  if (!trees) return Failure(trees.error());
  Searches below;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& tree = (*trees)[i];
    if (!tree) continue;
    auto items = parse_tree(tree->bytes, tree->id.size() / 2);
    if (!items) return wrap(items.error(), "reading notes");
    follow(*items, level.at(ids[i]), blobs, below);
  }
  return below;
}

/// Those whose note may be read, in the order of `revisions`.
Result<std::vector<std::string>> choose(const Bounded& ctx, const Repository& repository,
                                        const std::vector<std::string>& revisions,
                                        const std::map<std::string, std::string>& blobs) {
  std::vector<std::string> found;
  std::vector<std::string> ids;
  for (const auto& revision : revisions) {
    const auto blob = blobs.find(revision);
    if (blob == blobs.end()) continue;
    found.push_back(revision);
    ids.push_back(blob->second);
  }
  const auto infos = repository.describe(ctx, ids);
  if (!infos) return Failure(infos.error());
  std::vector<std::string> chosen;
  std::size_t total = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& info = (*infos)[i];
    if (!info) continue;
    if (info->size > kMaxNote || total + info->size > kMaxNotes) {
      ctx.log({{"warning", "a note in the git repository is too large to be read, and is left out"},
               {"revision", found[i]},
               {"bytes", std::to_string(info->size)}});
      continue;
    }
    total += info->size;
    chosen.push_back(found[i]);
  }
  return chosen;
}

std::string text_at(const SortedJson& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace

std::string notes_ref(std::string_view name) {
  if (name.starts_with("refs/notes/")) return std::string(name);
  if (name.starts_with("notes/")) return "refs/" + std::string(name);
  return "refs/notes/" + std::string(name);
}

Note parse_note(std::string json) {
  Note note;
  const auto parsed = parse_sorted_json(json).value_or(nullptr);
  note.json = std::move(json);
  if (!parsed.is_object()) return note;
  note.job_id = text_at(parsed, "jobID");
  if (const auto spec = parsed.find("spec"); spec != parsed.end() && spec->is_object())
    note.spec_type = text_at(*spec, "type");
  note.understood = !note.job_id.empty() && !note.spec_type.empty();
  return note;
}

Result<std::map<std::string, Note>> read_notes(const Bounded& ctx, const Repository& repository,
                                               const std::string& ref_name, const std::vector<std::string>& revisions) {
  std::map<std::string, Note> notes;
  if (revisions.empty()) return notes;
  auto root = repository.resolve(ctx, {notes_ref(ref_name) + "^{tree}"});
  if (!root) return Failure(root.error());
  if (!root->front()) return notes;

  Searches level;
  for (const auto& revision : revisions) level[*root->front()].push_back({revision});
  std::map<std::string, std::string> blobs;
  while (!level.empty()) {
    auto below = read_level(ctx, repository, level, blobs);
    if (!below) return Failure(below.error());
    level = std::move(*below);
  }

  auto chosen = choose(ctx, repository, revisions, blobs);
  if (!chosen) return Failure(chosen.error());
  std::vector<std::string> ids;
  for (const auto& revision : *chosen) ids.push_back(blobs.at(revision));
  auto texts = repository.read_objects(ctx, ids);
  if (!texts) return Failure(texts.error());
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (auto& text = (*texts)[i]) notes.emplace((*chosen)[i], parse_note(std::move(text->bytes)));
  return notes;
}

}  // namespace flux::git

#include "git/testing/memory_repository.h"

#include <fmt/format.h>

#include "git/notes.h"
#include "git/testing/memory_history.h"

namespace flux::git::testing {
namespace {

constexpr const char* kAuthor = "Ann <ann@example.org>";

Files contents_of(const MemoryObjects& objects, const Object* tree) {
  Files files;
  if (!tree) return files;
  for (const auto& [path, item] : objects.files(tree->id))
    if (const auto* blob = objects.find(item.id)) files.emplace(path, File(blob->bytes, item.mode));
  return files;
}

}  // namespace

const Object* MemoryRepository::Content::find_plain(const std::string& name) const {
  if (const auto* object = objects.find(name)) return object;
  for (const auto* prefix : {"", "refs/", "refs/tags/", "refs/heads/"})
    if (const auto ref = refs.find(name == "HEAD" ? "refs/heads/main" : prefix + name); ref != refs.end())
      return objects.find(ref->second);
  constexpr std::size_t kShortest = 4;
  const bool digits = name.find_first_not_of("0123456789abcdef") == std::string::npos;
  return name.size() >= kShortest && digits ? objects.find_abbreviated(name) : nullptr;
}

const Object* MemoryRepository::Content::find(const std::string& name) const {
  for (const std::string type : {"commit", "tree"})
    if (const auto suffix = "^{" + type + "}"; name.ends_with(suffix))
      return objects.peel(find_plain(name.substr(0, name.size() - suffix.size())), type);
  return find_plain(name);
}

std::string MemoryRepository::Content::add_commit(const std::string& tree, const std::vector<std::string>& parents,
                                                  const std::string& message) {
  auto bytes = fmt::format("tree {}\n", tree);
  for (const auto& parent : parents) bytes += fmt::format("parent {}\n", parent);
  ++clock;
  bytes += fmt::format("author {0} {1} +0000\ncommitter {0} {1} +0000\n\n{2}\n", kAuthor, clock, message);
  return objects.add("commit", std::move(bytes));
}

std::string MemoryRepository::commit(const NewCommit& what) {
  const std::lock_guard lock(world_->mutex);
  auto& content = world_->content;
  const auto ref = "refs/heads/" + what.branch;
  std::vector<std::string> parents;
  if (what.parents)
    parents = *what.parents;
  else if (const auto head = content.refs.find(ref); head != content.refs.end())
    parents.push_back(head->second);
  auto id = content.add_commit(content.objects.add_tree(what.files), parents, what.message);
  content.signatures[id] = {what.signature, what.signer};
  content.refs[ref] = id;
  return id;
}

std::string MemoryRepository::commit(const std::string& path, const File& file, const std::string& message) {
  auto now = files("HEAD");
  now.insert_or_assign(path, file);
  return commit({.files = std::move(now), .message = message});
}

Files MemoryRepository::files(const std::string& revision) const {
  const std::lock_guard lock(world_->mutex);
  const auto& content = world_->content;
  return contents_of(content.objects, content.find(revision + "^{tree}"));
}

void MemoryRepository::set_ref(const std::string& ref, const std::string& revision) {
  const std::lock_guard lock(world_->mutex);
  if (const auto* object = world_->content.find(revision)) world_->content.refs[ref] = object->id;
}

void MemoryRepository::remove_ref(const std::string& ref) {
  const std::lock_guard lock(world_->mutex);
  world_->content.refs.erase(ref);
}

void MemoryRepository::set_branch(const std::string& branch, const std::string& revision) {
  set_ref("refs/heads/" + branch, revision);
}
void MemoryRepository::remove_branch(const std::string& branch) { remove_ref("refs/heads/" + branch); }
void MemoryRepository::set_tag(const std::string& tag, const std::string& revision) {
  set_ref("refs/tags/" + tag, revision);
}
void MemoryRepository::remove_tag(const std::string& tag) { remove_ref("refs/tags/" + tag); }

std::string MemoryRepository::set_annotated_tag(const std::string& tag, const std::string& revision, bool trusted,
                                                const std::string& message, const std::string& tagger) {
  const std::lock_guard lock(world_->mutex);
  auto& content = world_->content;
  const auto* object = content.find(revision);
  if (!object) return {};
  ++content.clock;
  auto id = content.objects.add("tag", fmt::format("object {}\ntype {}\ntag {}\ntagger {} {} +0000\n\n{}\n", object->id,
                                                   object->type, tag, tagger, content.clock, message));
  if (trusted) content.trusted_tags.insert(id);
  content.refs["refs/tags/" + tag] = id;
  return id;
}

void MemoryRepository::copy_tag(const MemoryRepository& from, const std::string& tag) {
  const auto objects = from.objects();
  const auto& object = objects.at(from.refs().at("refs/tags/" + tag));
  const bool trusted = from.is_trusted(object.id);
  const std::lock_guard lock(world_->mutex);
  world_->content.refs["refs/tags/" + tag] = world_->content.objects.add(object.type, object.bytes);
  if (trusted) world_->content.trusted_tags.insert(object.id);
}

bool MemoryRepository::is_trusted(const std::string& tag) const {
  const std::lock_guard lock(world_->mutex);
  return world_->content.trusted_tags.contains(tag);
}

void MemoryRepository::set_note(const std::string& ref_name, const std::string& revision, const std::string& text) {
  const std::lock_guard lock(world_->mutex);
  auto& content = world_->content;
  const auto ref = notes_ref(ref_name);
  auto notes = contents_of(content.objects, content.find(ref + "^{tree}"));
  notes.insert_or_assign(revision, File(text + "\n"));
  const auto last = content.refs.find(ref);
  const auto parents = last == content.refs.end() ? std::vector<std::string>() : std::vector{last->second};
  content.refs[ref] = content.add_commit(content.objects.add_tree(notes), parents, "Notes added");
}

void MemoryRepository::fetch(const MemoryRepository& upstream) {
  Content theirs;
  {
    const std::lock_guard lock(upstream.world_->mutex);
    theirs = upstream.world_->content;
  }
  const std::lock_guard lock(world_->mutex);
  auto& ours = world_->content;
  for (const auto& [id, object] : ours.objects.all()) theirs.objects.add(object.type, object.bytes);
  theirs.signatures.merge(ours.signatures);
  theirs.trusted_tags.merge(ours.trusted_tags);
  ours = std::move(theirs);
}

void MemoryRepository::lose_object(const std::string& id) {
  const std::lock_guard lock(world_->mutex);
  world_->content.objects.remove(id);
}

std::map<std::string, Object> MemoryRepository::objects() const {
  const std::lock_guard lock(world_->mutex);
  return world_->content.objects.all();
}

std::map<std::string, std::string> MemoryRepository::refs() const {
  const std::lock_guard lock(world_->mutex);
  return world_->content.refs;
}

Result<std::vector<std::optional<Object>>> MemoryRepository::read_objects(const Bounded& ctx,
                                                                          const std::vector<std::string>& names) const {
  if (auto ok = faults_.enter(ctx); !ok) return Failure(ok.error());
  const std::lock_guard lock(world_->mutex);
  std::vector<std::optional<Object>> found;
  for (const auto& name : names) {
    const auto* object = world_->content.find(name);
    found.push_back(object ? std::optional(*object) : std::nullopt);
  }
  return found;
}

Result<std::vector<std::optional<ObjectInfo>>> MemoryRepository::describe(const Bounded& ctx,
                                                                          const std::vector<std::string>& names) const {
  if (auto ok = faults_.enter(ctx); !ok) return Failure(ok.error());
  const std::lock_guard lock(world_->mutex);
  std::vector<std::optional<ObjectInfo>> found;
  for (const auto& name : names) {
    const auto* object = world_->content.find(name);
    found.push_back(object ? std::optional(ObjectInfo{object->id, object->type, object->bytes.size()}) : std::nullopt);
  }
  return found;
}

Result<std::vector<Commit>> MemoryRepository::walk(const Bounded& ctx, const CommitQuery& query) const {
  if (auto ok = faults_.enter(ctx); !ok) return Failure(ok.error());
  const std::lock_guard lock(world_->mutex);
  const auto& content = world_->content;
  auto commits = walk_history(content.objects, query);
  if (query.detail != CommitDetail::full) {
    for (auto& commit : commits) commit = {.revision = commit.revision, .parents = {}, .message = {}, .signer = {}};
    if (query.detail == CommitDetail::ends && commits.size() > 3) commits.erase(commits.begin() + 2, commits.end() - 1);
    return commits;
  }
  if (!query.signatures) return commits;
  for (auto& commit : commits)
    if (const auto known = content.signatures.find(commit.revision); known != content.signatures.end())
      std::tie(commit.signature, commit.signer) = known->second;
  return commits;
}

Result<bool> MemoryRepository::reaches(const Bounded& ctx, const std::string& descendant,
                                       const std::string& ancestor) const {
  if (auto ok = faults_.enter(ctx); !ok) return Failure(ok.error());
  const std::lock_guard lock(world_->mutex);
  return with_ancestors(world_->content.objects, descendant).contains(ancestor);
}

Result<void> MemoryRepository::verify_tag(const Bounded& ctx, const std::string& id) const {
  if (auto ok = faults_.enter(ctx); !ok) return ok;
  if (is_trusted(id)) return {};
  return fail(ErrorKind::server, "no signature found");
}

}  // namespace flux::git::testing

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "git/repository.h"
#include "git/testing/faults.h"
#include "git/testing/memory_objects.h"

namespace flux::git::testing {

/// A commit to make. Its files are all that it has, not a change of what was there.
struct NewCommit {
  Files files;
  std::string message = "change";
  std::string branch = "main";  ///< moved to the commit, and made when it is not there
  std::optional<std::vector<std::string>> parents = std::nullopt;  ///< nothing: the head of the branch
  char signature = 'N';                                            ///< what git will say about it
  std::string signer = {};
};

/// A repository in memory, for tests of who reads one: no process, no disk, ids as git makes them. A contract test asks
/// it and a real one the same questions. HEAD is the branch main. Any thread.
class MemoryRepository : public Repository {
 public:
  MemoryRepository() : world_(std::make_shared<World>()) {}
  /// Another way to ask the same repository, with faults of its own.
  [[nodiscard]] std::shared_ptr<MemoryRepository> second_reader() const {
    return std::shared_ptr<MemoryRepository>(new MemoryRepository(world_));
  }

  /// Both return the commit's id. The second is like `git commit` in a work tree where this one file was written.
  std::string commit(const NewCommit& what);
  std::string commit(const std::string& path, const File& file, const std::string& message = "change");

  /// The files of a commit; none for a name that does not exist.
  [[nodiscard]] Files files(const std::string& revision) const;

  void set_branch(const std::string& branch, const std::string& revision);
  void remove_branch(const std::string& branch);
  void set_tag(const std::string& tag, const std::string& revision);  ///< a lightweight one
  /// Returns the tag's id. `trusted`: what verify_tag() will say about it.
  std::string set_annotated_tag(const std::string& tag, const std::string& revision, bool trusted,
                                const std::string& message = "tag", const std::string& tagger = "Ann <ann@test>");
  void remove_tag(const std::string& tag);
  /// The same tag as `from` has it; what it is on must be here already.
  void copy_tag(const MemoryRepository& from, const std::string& tag);
  /// Attaches a note, as `git notes --ref=NAME add` does.
  void set_note(const std::string& ref_name, const std::string& revision, const std::string& text);

  /// Becomes what `upstream` is, as a fetch that prunes. Objects that are nowhere in `upstream` stay.
  void fetch(const MemoryRepository& upstream);
  /// Damages the repository.
  void lose_object(const std::string& id);

  /// Of every question.
  [[nodiscard]] Faults& faults() const { return faults_; }

  /// For who writes it to disk.
  [[nodiscard]] std::map<std::string, Object> objects() const;
  [[nodiscard]] std::map<std::string, std::string> refs() const;

  Result<std::vector<std::optional<Object>>> read_objects(const Bounded& ctx,
                                                          const std::vector<std::string>& names) const override;
  Result<std::vector<std::optional<ObjectInfo>>> describe(const Bounded& ctx,
                                                          const std::vector<std::string>& names) const override;
  Result<std::vector<Commit>> walk(const Bounded& ctx, const CommitQuery& query) const override;
  Result<bool> reaches(const Bounded& ctx, const std::string& descendant, const std::string& ancestor) const override;
  Result<void> verify_tag(const Bounded& ctx, const std::string& id) const override;

 private:
  struct Content {
    MemoryObjects objects;
    std::map<std::string, std::string> refs;                         ///< full name to id
    std::map<std::string, std::pair<char, std::string>> signatures;  ///< letter and signer, by commit
    std::set<std::string> trusted_tags;                              ///< ids
    std::int64_t clock = 1'600'000'000;                              ///< each commit and tag takes a second of its own

    [[nodiscard]] const Object* find(const std::string& name) const;
    [[nodiscard]] const Object* find_plain(const std::string& name) const;
    std::string add_commit(const std::string& tree, const std::vector<std::string>& parents,
                           const std::string& message);
  };
  struct World {
    mutable std::mutex mutex;  ///< guards content
    Content content;
  };

  explicit MemoryRepository(std::shared_ptr<World> world) : world_(std::move(world)) {}
  [[nodiscard]] bool is_trusted(const std::string& tag) const;
  void set_ref(const std::string& ref, const std::string& revision);
  void remove_ref(const std::string& ref);

  const std::shared_ptr<World> world_;
  mutable Faults faults_;
};

}  // namespace flux::git::testing

#pragma once

#include <filesystem>

#include "git/command.h"
#include "git/reader_pool.h"
#include "git/repository.h"

namespace flux::git {

/// A git repository on disk: where it is, how git is run in it, and readers of its objects, as many as may be asked at
/// a time. Another one on the same directory has readers of its own. Does not own the directory.
class LocalRepository : public Repository {
 public:
  LocalRepository(const Git& run_with, std::filesystem::path where, std::size_t readers = 1)
      : git_(run_with), dir_(std::move(where)), readers_(git_, dir_, readers) {}

  [[nodiscard]] const Git& git() const { return git_; }
  [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }
  /// How many readers are at work. For tests.
  [[nodiscard]] std::size_t busy_readers() const { return readers_.busy(); }

  Result<std::vector<std::optional<Object>>> read_objects(const Bounded& ctx,
                                                          const std::vector<std::string>& names) const override;
  Result<std::vector<std::optional<ObjectInfo>>> describe(const Bounded& ctx,
                                                          const std::vector<std::string>& names) const override;
  Result<std::vector<Commit>> walk(const Bounded& ctx, const CommitQuery& query) const override;
  Result<bool> reaches(const Bounded& ctx, const std::string& descendant, const std::string& ancestor) const override;
  Result<void> verify_tag(const Bounded& ctx, const std::string& id) const override;

 private:
  Result<std::vector<Commit>> walk_revisions(const Bounded& ctx, const CommitQuery& query) const;

  const Git git_;
  const std::filesystem::path dir_;
  mutable ReaderPool readers_;
};

}  // namespace flux::git

#pragma once

#include <filesystem>

#include "git/command.h"
#include "git/objects.h"
#include "git/repository.h"

namespace flux::git {

/// A git repository on disk: where it is, how git is run in it, and a reader of its objects. Does not own the
/// directory.
class LocalRepository : public Repository {
 public:
  LocalRepository(const Git& run_with, std::filesystem::path where)
      : git_(run_with), dir_(std::move(where)), objects_(git_, dir_) {}

  [[nodiscard]] const Git& git() const { return git_; }
  [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }

  Result<std::vector<std::optional<Object>>> read_objects(const Bounded& ctx,
                                                          const std::vector<std::string>& names) const override;
  Result<std::vector<std::optional<std::string>>> resolve(const Bounded& ctx,
                                                          const std::vector<std::string>& names) const override;
  Result<std::vector<Commit>> walk(const Bounded& ctx, const CommitQuery& query) const override;
  Result<bool> reaches(const Bounded& ctx, const std::string& descendant, const std::string& ancestor) const override;
  Result<void> verify_tag(const Bounded& ctx, const std::string& id) const override;

 private:
  const Git git_;
  const std::filesystem::path dir_;
  mutable Objects objects_;
};

}  // namespace flux::git

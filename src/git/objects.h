#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/process.h"
#include "git/command.h"
#include "git/object.h"

namespace flux::git {

/// Reads a repository's objects and refs through one long-lived `git cat-file --batch-command`, started when first
/// needed and again when it died. Sees what a fetch brought without being told. One thread at a time; ReaderPool is for
/// many.
class Objects {
 public:
  Objects(Git git, std::filesystem::path dir);

  /// In the order of `names`; nothing for a name that does not exist. A name is an id or what git calls a revision
  /// (`refs/heads/main^{commit}`); one with a line break or an ambiguous one does not exist.
  Result<std::vector<std::optional<Object>>> read(const Bounded& ctx, const std::vector<std::string>& names);

  /// The full id behind each name, without reading the object; nothing for a name that does not exist.
  Result<std::vector<std::optional<std::string>>> resolve(const Bounded& ctx, const std::vector<std::string>& names);

 private:
  enum class Ask { contents, info };
  using Answers = std::vector<std::optional<Object>>;

  Result<Answers> ask(const Bounded& ctx, Ask what, const std::vector<std::string>& names);
  Result<void> ask_chunk(const Bounded& ctx, Ask what, const std::vector<std::string>& names, std::size_t first,
                         std::size_t count, Answers& into);
  Result<std::optional<Object>> take_answer(const Bounded& ctx, Ask what);
  Result<void> fill(const Bounded& ctx, std::size_t bytes);

  const Git git_;
  const std::filesystem::path dir_;
  std::optional<Child> child_;
  std::string buffer_;  ///< read from the child, not used up before taken_
  std::size_t taken_ = 0;
};

}  // namespace flux::git

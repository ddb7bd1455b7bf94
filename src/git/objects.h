#pragma once

#include <filesystem>
#include <optional>
#include <span>
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
  /// (`refs/heads/main^{commit}`); one with a line break or an ambiguous one does not exist. A user error for an object
  /// of more than kMaxObject bytes, which is not read.
  Result<std::vector<std::optional<Object>>> read(const Bounded& ctx, const std::vector<std::string>& names);

  /// What is behind each name, without reading the object; nothing for a name that does not exist.
  Result<std::vector<std::optional<ObjectInfo>>> describe(const Bounded& ctx, const std::vector<std::string>& names);

 private:
  /// Takes one answer off the child's output.
  template <class T>
  using Take = Result<std::optional<T>> (Objects::*)(const Bounded& ctx);

  template <class T>
  Result<std::vector<std::optional<T>>> ask(const Bounded& ctx, std::string_view command, Take<T> take,
                                            const std::vector<std::string>& names);
  template <class T>
  Result<void> ask_chunk(const Bounded& ctx, std::string_view command, Take<T> take, std::span<const std::string> names,
                         std::span<std::optional<T>> into);
  Result<std::optional<ObjectInfo>> take_info(const Bounded& ctx);
  Result<std::optional<Object>> take_object(const Bounded& ctx);
  Result<void> fill(const Bounded& ctx, std::size_t bytes);
  void forget_output();

  const Git git_;
  const std::filesystem::path dir_;
  std::optional<Child> child_;
  std::string buffer_;  ///< read from the child, not used up before taken_
  std::size_t taken_ = 0;
};

}  // namespace flux::git

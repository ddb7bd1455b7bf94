#include "git/new_commit.h"

#include <fmt/format.h>

#include <algorithm>

#include "git/tree.h"

namespace flux::git {
namespace {

struct Author {
  std::string name;
  std::string email;
};

/// `Name <mail>`; what is no such thing is the name alone.
Author author_of(const CommitRequest& commit) {
  const auto& text = commit.author;
  if (text.empty()) return {commit.committer.user, commit.committer.email};
  const auto open = text.rfind('<');
  if (open == std::string::npos || !text.ends_with('>')) return {text, commit.committer.email};
  auto name = text.substr(0, text.find_last_not_of(' ', open == 0 ? 0 : open - 1) + 1);
  auto email = text.substr(open + 1, text.size() - open - 2);
  if (open == 0) name = email;
  return {std::move(name), std::move(email)};
}

std::vector<std::string> with_identity(const CommitRequest& commit, std::vector<std::string> args) {
  const auto author = author_of(commit);
  std::vector<std::string> all{"-c", "user.name=" + commit.committer.user, "-c", "user.email=" + commit.committer.email,
                               "-c", "author.name=" + author.name,         "-c", "author.email=" + author.email};
  all.insert(all.end(), args.begin(), args.end());
  return all;
}

/// The files as they are, so that each keeps its mode.
Result<std::vector<TreeEntry>> find_files(const Bounded& ctx, const LocalRepository& repository,
                                          const CommitRequest& commit) {
  const auto tree = list_tree(ctx, repository, commit.parent);
  if (!tree) return Failure(tree.error());
  std::vector<TreeEntry> found;
  for (const auto& file : commit.files) {
    const auto at = std::ranges::lower_bound(*tree, file.path, {}, &TreeEntry::path);
    if (at == tree->end() || at->path != file.path)
      return fail(ErrorKind::user, fmt::format("{} is not a file of commit {}", file.path, commit.parent));
    if (at->is_symlink())
      return fail(ErrorKind::user, file.path + " is a link to another file",
                  "fluxd changes the file that it leads to, where that is in the repository.");
    found.push_back(*at);
  }
  return found;
}

/// As `git fast-import` wants a path that may hold anything.
std::string quoted_path(std::string_view path) {
  std::string out = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + '"';
}

/// The new tree is made as that of a commit on a ref that is forgotten again in the same breath: nobody sees it.
std::string import_stream(const CommitRequest& commit, const std::vector<TreeEntry>& files) {
  constexpr std::string_view kScratch = "refs/flux/scratch";
  auto out = fmt::format("feature done\ncommit {}\ncommitter fluxd <fluxd> 0 +0000\ndata 0\nfrom {}\n", kScratch,
                         commit.parent);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& bytes = commit.files[i].bytes;
    out += fmt::format("M {:o} inline {}\ndata {}\n", files[i].mode, quoted_path(files[i].path), bytes.size());
    out += bytes;
    out += '\n';
  }
  const auto nothing = std::string(commit.parent.size(), '0');
  return out + fmt::format("ls \"\"\nreset {}\nfrom {}\n\ndone\n", kScratch, nothing);
}

GitResult<std::string> make_tree(const Bounded& ctx, const LocalRepository& repository, const CommitRequest& commit) {
  const auto files = find_files(ctx, repository, commit);
  if (!files) return Failure(files.error());
  auto told = repository.git().run(ctx, repository.dir(), Access::local, {"fast-import", "--quiet", "--done"},
                                   import_stream(commit, *files));
  if (!told) return tl::unexpected(told.error());
  constexpr std::string_view kBefore = "040000 tree ";
  if (!told->starts_with(kBefore))
    return Failure(Error{ErrorKind::server, "git fast-import gave no tree for the new commit: " + *told, {}});
  return told->substr(kBefore.size(), commit.parent.size());
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

}  // namespace

GitResult<std::string> make_commit(const Bounded& ctx, const LocalRepository& repository, const CommitRequest& commit) {
  const auto tree = make_tree(ctx, repository, commit);
  if (!tree) return tree;
  const auto before = repository.resolve(ctx, {commit.parent + "^{tree}"});
  if (!before) return Failure(before.error());
  if (before->front() == *tree) return Failure(Error{ErrorKind::user, "no changes made in repo", {}});
  const auto& key = commit.committer.signing_key;
  auto made = repository.git().run(ctx, repository.dir(), Access::local,
                                   with_identity(commit, {"commit-tree", key.empty() ? "--no-gpg-sign" : "-S" + key,
                                                          "-p", commit.parent, "-F", "-", *tree}),
                                   trimmed(commit.message) + "\n");
  if (!made) return tl::unexpected(made.error());
  return trimmed(std::move(*made));
}

}  // namespace flux::git

#include "daemon/git_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "git/testing/memory_repository.h"

namespace flux::daemon {
namespace git_files_test {

using git::testing::MemoryRepository;

/// One revision with these files.
std::unique_ptr<GitFiles> revision_of(const git::testing::Files& files) {
  auto repository = std::make_shared<MemoryRepository>();
  auto revision = repository->commit({.files = files});
  return std::make_unique<GitFiles>(std::move(repository), std::move(revision));
}

TEST(GitFiles, refuses_a_large_file_by_its_name_and_size_without_reading_it) {
  const auto files = revision_of({{"a.yaml", "a: 1"}, {"deploy/big.yaml", std::string(GitFiles::kMaxFile + 1, ' ')}});
  const auto entries = files->list(bounded()).value();
  const auto read = files->read(bounded(), entries);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::user);
  EXPECT_EQ(read.error().message, "deploy/big.yaml has 16777217 bytes; fluxd reads manifests of up to 16 MiB");
  EXPECT_THAT(read.error().help, ::testing::HasSubstr("--git-path"));
  EXPECT_TRUE(files->read(bounded(), std::span(entries).first(1)));
}

TEST(GitFiles, holds_no_more_than_fits_however_many_names_one_content_has) {
  git::testing::Files all;
  for (int i = 0; i < 8; ++i) all.emplace("f" + std::to_string(i), std::string(GitFiles::kMaxFile - 100, 'x'));
  all.emplace("g", "small");
  const auto files = revision_of(all);
  const auto entries = files->list(bounded()).value();
  std::vector<std::size_t> counts;
  for (std::size_t at = 0; at < entries.size();) {
    const auto read = files->read(bounded(), std::span(entries).subspan(at));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_FALSE(read->empty());
    std::size_t bytes = 0;
    for (const auto& text : *read) bytes += text.size();
    EXPECT_LE(bytes, GitFiles::kHeld);
    counts.push_back(read->size());
    at += read->size();
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{2, 2, 2, 3}));
}

}  // namespace git_files_test
}  // namespace flux::daemon

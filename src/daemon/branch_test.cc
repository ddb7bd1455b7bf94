#include "daemon/branch.h"

#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "git/testing/memory_mirror.h"

namespace flux::daemon {
namespace branch_test {

class ToldMarker : public sync::Marker {
 public:
  explicit ToldMarker(std::string revision) : revision_(std::move(revision)) {}
  Result<std::string> read(const Bounded&) override { return revision_; }
  Result<void> write(const Context&, const std::string&) override { return {}; }
  [[nodiscard]] std::string to_string() const override { return "told"; }

 private:
  std::string revision_;
};

/// The newest commit that may be applied, when the marker is at `marker`; else the error.
std::string valid(git::testing::MemoryMirror& mirror, const std::string& marker) {
  ToldMarker told(marker);
  const auto head = find_head(bounded(), {"main", git::VerifyMode::all}, mirror, told);
  return head ? head->valid : head.error().message;
}

TEST(FindHead, takes_a_marker_whose_commit_is_gone_for_none) {
  git::testing::MemoryMirror mirror;
  const auto signed_one = mirror.upstream().commit({.files = {{"a", "1"}}, .signature = 'G'});
  const auto head = mirror.upstream().commit({.files = {{"a", "2"}}, .signature = 'G'});
  ASSERT_TRUE(mirror.refresh(bounded()));
  EXPECT_EQ(valid(mirror, signed_one), head);
  const auto gone = std::string(40, '7');
  EXPECT_EQ(valid(mirror, gone), head);

  mirror.upstream().commit({.files = {{"a", "3"}}, .signature = 'N'});
  ASSERT_TRUE(mirror.refresh(bounded()));
  EXPECT_EQ(valid(mirror, gone), head) << "only what is signed";
}

TEST(FindHead, trusts_nothing_below_a_marker_whose_commit_is_gone) {
  git::testing::MemoryMirror mirror;
  mirror.upstream().commit({.files = {{"a", "1"}}, .signature = 'N'});
  mirror.upstream().commit({.files = {{"a", "2"}}, .signature = 'G'});
  ASSERT_TRUE(mirror.refresh(bounded()));
  EXPECT_EQ(valid(mirror, std::string(40, '7')), "");
}

}  // namespace branch_test
}  // namespace flux::daemon

#include "daemon/keygen_dir.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/test_temp_dir.h"

namespace flux::daemon {
namespace keygen_dir_test {

namespace fs = std::filesystem;

/// As a fluxd leaves it that is killed at work.
fs::path left_over(const fs::path& parent, const std::string& name) {
  fs::create_directory(parent / name);
  for (const auto* file : {"fluxd.lock", "identity"}) std::ofstream(parent / name / file) << "x";
  return parent / name;
}

TEST(KeygenDir, IsRemovedUnlessItIsKept) {
  const TempDir temp;
  fs::path dropped;
  fs::path kept;
  {
    auto one = KeygenDir::make(temp.path());
    auto other = KeygenDir::make(temp.path());
    ASSERT_TRUE(one && other);
    dropped = one->path();
    kept = other->path();
    other->keep();
  }
  EXPECT_FALSE(fs::exists(dropped));
  EXPECT_TRUE(fs::exists(kept));
  const auto refused = KeygenDir::make(temp.path() / "none");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().help.find("--ssh-keygen-dir"), std::string::npos);
}

TEST(KeygenDir, SweepsWhatNobodyHolds) {
  const TempDir temp;
  const auto at_work = KeygenDir::make(temp.path());
  ASSERT_TRUE(at_work);
  const auto dead = left_over(temp.path(), "..weave-keygen111111");
  const auto linked = left_over(temp.path(), "..weave-keygen222222");
  const auto foreign = left_over(temp.path(), "..weave-keygen333333");
  fs::remove(foreign / "fluxd.lock");
  const auto other = left_over(temp.path(), "..data");
  fs::create_symlink(linked / "identity", temp.path() / "identity");
  KeygenDir::sweep(temp.path(), temp.path() / "identity");
  EXPECT_FALSE(fs::exists(dead));
  for (const auto& stays : {at_work->path(), linked, foreign, other}) EXPECT_TRUE(fs::exists(stays)) << stays;
  KeygenDir::sweep(temp.path() / "none", temp.path() / "identity");
}

}  // namespace keygen_dir_test
}  // namespace flux::daemon

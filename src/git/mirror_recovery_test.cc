// A mirror whose copy is damaged in one way or another: the next commit arrives, and what was readable stays so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_descriptors.h"
#include "git/fetching_mirror.h"
#include "git/marker.h"
#include "git/test_upstream.h"
#include "git/tree.h"

namespace flux::git::testing {
namespace mirror_recovery_test {

using ::testing::HasSubstr;

const Identity kIdentity{"Weave Flux", "support@example.org", ""};

class MirrorRecovery : public GitTest {
 protected:
  MirrorRecovery() : first_(upstream_.commit("a", "1")) {}

  /// The next commit comes without anybody's doing but the notification, and nothing is left over.
  void expect_recovery(FetchingMirror& mirror) {
    const auto next = upstream_.commit("a", "next");
    mirror.notify();
    EXPECT_TRUE(witness_->wait([&] { return mirror.status().healthy() && head(mirror) == next && clones() == 1; }));
    EXPECT_EQ(read_blobs(bounded(), **mirror.repository(),
                         {list_tree(bounded(), **mirror.repository(), next).value().front().blob}),
              std::vector<std::string>{"next"});
  }

  const std::string first_;
};

struct Damage {
  std::string name;
  std::function<void(const fs::path& dir)> inflict;
};

const std::vector<Damage>& damages() {
  static const std::vector<Damage> kAll{
      {"lock_of_the_branch", [](const auto& dir) { write_file(dir / "refs/heads/main.lock", ""); }},
      {"garbage_in_config", [](const auto& dir) { write_file(dir / "config", "[core\n\x01\x02"); }},
      {"config_of_another_format",
       [](const auto& dir) { write_file(dir / "config", "[core]\n\trepositoryformatversion = 99\n\tbare = true\n"); }},
      {"garbage_in_packed_refs", [](const auto& dir) { write_file(dir / "packed-refs", "no refs at all\n"); }},
      {"packed_refs_cut_off", [](const auto& dir) { write_file(dir / "packed-refs", std::string(39, '1')); }},
      {"garbage_in_HEAD", [](const auto& dir) { write_file(dir / "HEAD", "garbage"); }},
      {"no_HEAD", [](const auto& dir) { fs::remove(dir / "HEAD"); }},
      {"garbage_in_the_branch", [](const auto& dir) { write_file(dir / "refs/heads/main", "garbage\n"); }},
      {"branch_names_a_missing_commit",
       [](const auto& dir) { write_file(dir / "refs/heads/main", std::string(40, '7') + "\n"); }},
      {"a_file_for_refs",
       [](const auto& dir) {
         fs::remove_all(dir / "refs");
         write_file(dir / "refs", "");
       }},
      {"a_file_for_objects",
       [](const auto& dir) {
         fs::remove_all(dir / "objects");
         write_file(dir / "objects", "");
       }},
      {"no_objects", [](const auto& dir) { fs::remove_all(dir / "objects"); }},
      {"objects_cut_off",
       [](const auto& dir) {
         for (const auto& entry : fs::recursive_directory_iterator(dir / "objects")) {
           if (!entry.is_regular_file()) continue;
           fs::permissions(entry.path(), fs::perms::owner_all);
           fs::resize_file(entry.path(), 5);
         }
       }},
      {"no_directory", [](const auto& dir) { fs::remove_all(dir); }},
      {"a_file_for_the_directory",
       [](const auto& dir) {
         fs::remove_all(dir);
         write_file(dir, "");
       }},
  };
  return kAll;
}

class MirrorDamage : public MirrorRecovery, public ::testing::WithParamInterface<Damage> {};

TEST_P(MirrorDamage, costs_nothing_but_a_clone) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto dir = dir_of(mirror);
  GetParam().inflict(dir);
  const auto next = upstream_.commit("a", "2");
  mirror.notify();
  ASSERT_TRUE(witness_->wait([&] { return mirror.status().healthy() && head(mirror) == next; }));
  EXPECT_NE(dir_of(mirror), dir);
  expect_recovery(mirror);
}

INSTANTIATE_TEST_SUITE_P(, MirrorDamage, ::testing::ValuesIn(damages()),
                         [](const auto& row) { return row.param.name; });

TEST_F(MirrorRecovery, a_doubted_copy_is_checked_and_replaced_only_if_it_is_damaged) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  auto repository = *mirror.repository();
  mirror.doubt();
  const auto refreshes = witness_->refreshes();
  mirror.notify();
  ASSERT_TRUE(witness_->wait([&] { return witness_->refreshes() > refreshes; }));
  EXPECT_EQ(*mirror.repository(), repository);

  const auto blob = list_tree(bounded(), *repository, "refs/heads/main")->front().blob;
  fs::remove(dir_of(*repository) / "objects" / blob.substr(0, 2) / blob.substr(2));
  ASSERT_FALSE(read_blobs(bounded(), *repository, {blob}));
  mirror.doubt();
  ASSERT_TRUE(witness_->wait([&] { return mirror.status().healthy() && *mirror.repository() != repository; }));
  EXPECT_TRUE(read_blobs(bounded(), **mirror.repository(), {blob}));
  repository.reset();
  EXPECT_TRUE(witness_->wait([&] { return clones() == 1; }));
}

TEST_F(MirrorRecovery, a_lock_is_found_by_whoever_runs_into_it) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto locked = [&](const std::string& file) {
    auto repository = *mirror.repository();
    write_file(dir_of(*repository) / file, "");
    return repository;
  };
  const auto healthy_without = [&](auto& old) { return mirror.status().healthy() && *mirror.repository() != old; };

  auto old = locked("refs/heads/main.lock");
  const auto second = upstream_.commit("a", "2");
  mirror.notify();
  ASSERT_TRUE(witness_->wait([&] { return healthy_without(old); })) << "found by its own thread";
  EXPECT_EQ(head(mirror), second);

  old = locked("refs/tags/flux-sync.lock");
  const TagMove move{"flux-sync", second, "m", {"Flux", "flux@example.org", ""}};
  const auto failed = mirror.move_tag(bounded(), move);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().help, help_for(GitFailure::locked)) << failed.error().message;
  ASSERT_TRUE(witness_->wait([&] { return healthy_without(old); })) << "found by who writes";
  EXPECT_TRUE(mirror.move_tag(bounded(), move));

  old = locked("refs/heads/main.lock");
  upstream_.commit("a", "3");
  ASSERT_FALSE(mirror.refresh(bounded()));
  ASSERT_TRUE(witness_->wait([&] { return healthy_without(old); })) << "found by who refreshes";
  old.reset();
  EXPECT_TRUE(witness_->wait([&] { return clones() == 1; }));
}

TEST_F(MirrorRecovery, locks_of_every_file_keep_no_commit_away) {
  upstream_.git({"tag", "doomed"});
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto dir = dir_of(mirror);
  ASSERT_TRUE(Git().run(bounded(), dir, Access::local, {"pack-refs", "--all"}));
  for (const auto* file : {"HEAD", "config", "index", "packed-refs", "shallow", "refs/heads/main", "refs/tags/doomed"})
    write_file(dir / (std::string(file) + ".lock"), "");
  upstream_.git({"tag", "-d", "doomed"});
  expect_recovery(mirror);
  EXPECT_FALSE(resolve_commit(bounded(), **mirror.repository(), "refs/tags/doomed"));
  EXPECT_NE(dir_of(mirror), dir);
}

TEST_F(MirrorRecovery, a_lock_of_packed_refs_alone_is_found_when_something_is_to_be_pruned) {
  upstream_.git({"tag", "doomed"});
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto dir = dir_of(mirror);
  ASSERT_TRUE(Git().run(bounded(), dir, Access::local, {"pack-refs", "--all"}));
  write_file(dir / "packed-refs.lock", "");
  expect_recovery(mirror);
  EXPECT_EQ(dir_of(mirror), dir) << "not in the way yet";
  upstream_.git({"tag", "-d", "doomed"});
  expect_recovery(mirror);
  EXPECT_TRUE(witness_->wait([&] { return dir_of(mirror) != dir && mirror.status().healthy(); }));
  EXPECT_FALSE(resolve_commit(bounded(), **mirror.repository(), "refs/tags/doomed"));
}

TEST_F(MirrorRecovery, a_fetch_that_is_killed_costs_nothing_at_all) {
  const auto armed = temp_.path() / "armed";
  const auto hook = temp_.path() / "hook";
  write_file(hook, "#!/bin/sh\nrm " + armed.string() + " 2>/dev/null && kill -KILL 0\nexec \"$@\"\n");
  fs::permissions(hook, fs::perms::owner_all);
  const auto gitconfig = temp_.path() / "home/.gitconfig";
  std::ofstream(gitconfig, std::ios::app) << "[uploadpack]\n\tpackObjectsHook = " << hook.string() << "\n";
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto dir = dir_of(mirror);
  write_file(armed, "");
  expect_recovery(mirror);
  EXPECT_FALSE(fs::exists(armed));
  EXPECT_THAT(witness_->lines(), HasSubstr("ended with status 137"));
  EXPECT_EQ(dir_of(mirror), dir) << "no second clone";
}

TEST_F(MirrorRecovery, what_killed_fetches_left_half_written_goes) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto dir = dir_of(mirror);
  const auto left = {dir / "objects/pack/tmp_pack_x", dir / "objects/pack/.tmp-1-pack-x", dir / "objects/tmp_obj_x",
                     dir / "objects/12/tmp_obj_y"};
  for (const auto& file : left) write_file(file, "half");
  fs::rename(upstream_.dir(), temp_.path() / "away");
  EXPECT_FALSE(mirror.refresh(bounded()));
  for (const auto& file : left) EXPECT_FALSE(fs::exists(file)) << file;
}

TEST_F(MirrorRecovery, the_old_copy_is_read_until_the_new_one_is_complete) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", first_, kIdentity));
  const auto dir = dir_of(mirror);
  fs::rename(upstream_.dir(), temp_.path() / "away");
  write_file(dir / "refs/tags/flux-sync.lock", "");
  ASSERT_FALSE(write_marker(bounded(), mirror, "flux-sync", first_, kIdentity));
  ASSERT_TRUE(witness_->wait([&] { return mirror.status().message().starts_with("cloning the repository anew: "); }));
  for (int i = 0; i < 3; ++i) {
    const auto before = witness_->lines().size();
    ASSERT_TRUE(wait_for_log(before));
    EXPECT_EQ(mirror.status().state, MirrorState::ready);
    EXPECT_FALSE(mirror.status().error->help.empty());
    EXPECT_EQ(head(mirror), first_);
    EXPECT_EQ(dir_of(mirror), dir);
  }
  fs::rename(temp_.path() / "away", upstream_.dir());
  expect_recovery(mirror);
  EXPECT_EQ(*read_marker(bounded(), **mirror.repository(), "flux-sync", false), first_);
  EXPECT_TRUE(write_marker(bounded(), mirror, "flux-sync", first_, kIdentity)) << "the lock is gone";
}

TEST_F(MirrorRecovery, a_server_that_is_away_never_costs_the_copy) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto dir = dir_of(mirror);
  fs::rename(upstream_.dir(), temp_.path() / "away");
  for (int i = 0; i < 5; ++i) {
    const auto before = witness_->lines().size();
    mirror.notify();
    ASSERT_TRUE(wait_for_log(before));
  }
  EXPECT_EQ(dir_of(mirror), dir);
  EXPECT_EQ(clones(), 1U);
  EXPECT_THAT(witness_->lines(), ::testing::Not(HasSubstr("cloning another one")));
  fs::rename(temp_.path() / "away", upstream_.dir());
  expect_recovery(mirror);
  EXPECT_EQ(dir_of(mirror), dir);
}

TEST_F(MirrorRecovery, a_machine_without_descriptors_never_costs_the_copy) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto dir = dir_of(mirror);
  const auto fails_to_fetch = [&] {
    const auto before = witness_->lines().size();
    mirror.notify();
    return wait_for_log(before);
  };
  // A first failure, so that the sanitizer has met all types: for one that is new to it it needs descriptors itself.
  fs::rename(upstream_.dir(), temp_.path() / "away");
  ASSERT_TRUE(fails_to_fetch());
  fs::rename(temp_.path() / "away", upstream_.dir());
  bool tried = true;
  {
    const DescriptorsLeft too_few(3);
    for (int i = 0; i < 3; ++i) tried = tried && fails_to_fetch();
  }
  EXPECT_TRUE(tried);
  EXPECT_THAT(mirror.status().error->help, HasSubstr("ulimit"));
  EXPECT_THAT(witness_->lines(), ::testing::Not(HasSubstr("cloning another one")));
  expect_recovery(mirror);
  EXPECT_EQ(dir_of(mirror), dir);
}

TEST_F(MirrorRecovery, a_sync_tag_that_is_broken_upstream_keeps_no_commit_away_and_is_put_right_by_the_next_sync) {
  upstream_.git({"checkout", "--quiet", "--detach"});
  const auto lost = upstream_.commit("a", "lost");
  upstream_.git({"tag", "-a", "-m", "Sync pointer", "flux-sync"});
  upstream_.git({"checkout", "--quiet", "main"});
  fs::remove(upstream_.dir() / ".git/objects" / lost.substr(0, 2) / lost.substr(2));
  FetchingMirror mirror(config());
  make_ready(mirror);
  EXPECT_EQ(mirror.status().error.value_or(Error()).help, help_for(GitFailure::remote_damaged));
  EXPECT_EQ(*read_marker(bounded(), **mirror.repository(), "flux-sync", false), "") << "no marker at all";

  const auto next = upstream_.commit("a", "2");
  ASSERT_TRUE(mirror.refresh(bounded()));
  EXPECT_EQ(head(mirror), next);
  EXPECT_FALSE(mirror.status().healthy());
  ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", next, kIdentity));
  expect_recovery(mirror);
  EXPECT_EQ(upstream_.git({"rev-parse", "flux-sync^{commit}"}), next);
}

TEST_F(MirrorRecovery, a_repository_without_the_branch_takes_nothing_away) {
  upstream_.git({"tag", "v1"});
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto dir = dir_of(mirror);
  const auto loses_nothing = [&] {
    const auto fetched = mirror.refresh(bounded());
    ASSERT_FALSE(fetched);
    EXPECT_THAT(fetched.error().message, ::testing::StartsWith("configured branch 'main' does not exist"));
    ASSERT_TRUE(witness_->wait([&] { return mirror.status().message() == fetched.error().message; }));
    EXPECT_THAT(mirror.status().error->help, HasSubstr("--git-branch"));
    EXPECT_EQ(head(mirror), first_);
    EXPECT_TRUE(resolve_commit(bounded(), **mirror.repository(), "refs/tags/v1"));
    EXPECT_EQ(dir_of(mirror), dir);
  };
  upstream_.git({"checkout", "--quiet", "-b", "other"});
  upstream_.git({"branch", "-D", "main"});
  upstream_.git({"tag", "-d", "v1"});
  loses_nothing();

  fs::rename(upstream_.dir(), temp_.path() / "away");
  const Upstream empty(upstream_.dir());
  loses_nothing();
  EXPECT_THAT(mirror.status().message(), HasSubstr("without any branch or tag"));
  EXPECT_THAT(mirror.status().error->help, HasSubstr("something else answers"));

  fs::remove_all(upstream_.dir());
  fs::rename(temp_.path() / "away", upstream_.dir());
  upstream_.git({"checkout", "--quiet", "-b", "main"});
  expect_recovery(mirror);
  EXPECT_FALSE(resolve_commit(bounded(), **mirror.repository(), "refs/tags/v1")) << "pruned again";
}

}  // namespace mirror_recovery_test
}  // namespace flux::git::testing

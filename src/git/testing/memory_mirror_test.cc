// The memory mirror goes through what a real one with a real upstream goes through, and comes out the same.
#include "git/testing/memory_mirror.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/fetching_mirror.h"
#include "git/marker.h"
#include "git/test_upstream.h"
#include "git/tree.h"

namespace flux::git::testing {
namespace memory_mirror_test {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const Identity kIdentity{"Weave Flux", "support@example.org", ""};

/// A mirror and its upstream, played or real.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual Mirror& mirror() = 0;
  virtual std::string commit(const std::string& text) = 0;
  virtual void refuse_pushes(bool refuse) = 0;
  virtual void break_upstream() = 0;
  virtual void remove_upstream_branch() = 0;
  /// The message of the upstream's tag and what it is on.
  virtual std::string upstream_tag() = 0;
  [[nodiscard]] virtual int refreshes() const = 0;
};

class Played : public Stage {
 public:
  Played() {
    commit("0");
    EXPECT_TRUE(mirror_.refresh(bounded()));
  }
  Mirror& mirror() override { return mirror_; }
  std::string commit(const std::string& text) override { return mirror_.upstream().commit("a", text); }
  void refuse_pushes(bool refuse) override {
    mirror_.pushes().fail_next({ErrorKind::server, "pre-receive hook declined", {}}, refuse ? 1 : 0);
  }
  void break_upstream() override { mirror_.fetches().fail_next({ErrorKind::server, "no such repository", {}}); }
  void remove_upstream_branch() override { mirror_.upstream().remove_branch("main"); }
  std::string upstream_tag() override {
    const auto tag = mirror_.upstream().read_objects(bounded(), {"refs/tags/flux-sync"})->front().value();
    const auto message = tag.bytes.substr(tag.bytes.find("\n\n") + 2);
    return message + *resolve_commit(bounded(), mirror_.upstream(), tag.id);
  }
  [[nodiscard]] int refreshes() const override { return refreshes_; }

 private:
  int refreshes_ = 0;
  MemoryMirror mirror_{{.on_refreshed = [this] { ++refreshes_; }}};
};

class Real : public GitTest, public Stage {
 public:
  Real() : mirror_((upstream_.commit("a", "0"), config())) { make_ready(mirror_); }
  void TestBody() override {}
  Mirror& mirror() override { return mirror_; }
  std::string commit(const std::string& text) override { return upstream_.commit("a", text); }
  void refuse_pushes(bool refuse) override {
    upstream_.set_hook("pre-receive", "exit 1");
    if (!refuse) upstream_.remove_hook("pre-receive");
  }
  void break_upstream() override { fs::rename(upstream_.dir(), temp_.path() / "away"); }
  void remove_upstream_branch() override {
    upstream_.git({"checkout", "--quiet", "--detach"});
    upstream_.git({"branch", "-D", "main"});
  }
  std::string upstream_tag() override {
    return upstream_.git({"for-each-ref", "--format=%(contents)%(*objectname)", "refs/tags/flux-sync"});
  }
  [[nodiscard]] int refreshes() const override { return witness_->refreshes(); }

 private:
  FetchingMirror mirror_;
};

class MirrorContract : public ::testing::TestWithParam<std::string> {
 protected:
  MirrorContract() {
    if (GetParam() == "memory")
      stage_ = std::make_unique<Played>();
    else
      stage_ = std::make_unique<Real>();
  }
  std::string head(Reader reader = Reader::query) {
    const auto repository = stage_->mirror().repository(reader);
    return repository ? branch_head(bounded(), **repository, "main").value_or("none") : repository.error().message;
  }
  std::string marker() {
    return read_marker(bounded(), **stage_->mirror().repository(), "flux-sync", false).value_or("none");
  }

  std::unique_ptr<Stage> stage_;
};

TEST_P(MirrorContract, what_was_pushed_shows_after_a_refresh_to_every_reader) {
  const auto held = *stage_->mirror().repository();
  const auto before = head();
  const auto refreshes = stage_->refreshes();
  const auto commit = stage_->commit("1");
  EXPECT_EQ(head(), before);
  ASSERT_TRUE(stage_->mirror().refresh(bounded()));
  EXPECT_EQ(head(Reader::query), commit);
  EXPECT_EQ(head(Reader::sync), commit);
  EXPECT_EQ(*branch_head(bounded(), *held, "main"), commit);
  EXPECT_EQ(read_blobs(bounded(), *held, {list_tree(bounded(), *held, before)->front().blob})->front(), "0");
  EXPECT_EQ(stage_->refreshes(), refreshes + 1);
  EXPECT_TRUE(stage_->mirror().status().healthy());
  EXPECT_FALSE(stage_->mirror().read_only());
  EXPECT_TRUE(stage_->mirror().url());
}

TEST_P(MirrorContract, the_marker_moves_here_and_upstream_and_nothing_else_does) {
  const auto first = head();
  EXPECT_EQ(marker(), "");
  ASSERT_TRUE(write_marker(bounded(), stage_->mirror(), "flux-sync", first, kIdentity));
  EXPECT_EQ(marker(), first);
  EXPECT_EQ(stage_->upstream_tag(), "Sync pointer\n" + first);

  const auto second = stage_->commit("1");
  ASSERT_TRUE(stage_->mirror().refresh(bounded()));
  EXPECT_EQ(marker(), first);
  stage_->commit("2");
  ASSERT_TRUE(write_marker(bounded(), stage_->mirror(), "flux-sync", "refs/heads/main", kIdentity));
  EXPECT_EQ(marker(), second);
  EXPECT_EQ(head(), second) << "no fetch";
  EXPECT_EQ(stage_->upstream_tag(), "Sync pointer\n" + second);
}

TEST_P(MirrorContract, a_marker_that_cannot_be_pushed_stays) {
  const auto first = head();
  ASSERT_TRUE(write_marker(bounded(), stage_->mirror(), "flux-sync", first, kIdentity));
  stage_->commit("1");
  ASSERT_TRUE(stage_->mirror().refresh(bounded()));
  stage_->refuse_pushes(true);
  const auto refused = write_marker(bounded(), stage_->mirror(), "flux-sync", "HEAD", kIdentity);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::server);
  EXPECT_THAT(refused.error().message, StartsWith("writing tag flux-sync: "));
  EXPECT_THAT(refused.error().message, HasSubstr("pre-receive hook declined"));
  EXPECT_EQ(marker(), first);
  EXPECT_EQ(stage_->upstream_tag(), "Sync pointer\n" + first);
  stage_->refuse_pushes(false);
  EXPECT_TRUE(write_marker(bounded(), stage_->mirror(), "flux-sync", "HEAD", kIdentity));
}

TEST_P(MirrorContract, odd_tags_and_unknown_revisions_are_refused) {
  EXPECT_EQ(write_marker(bounded(), stage_->mirror(), "-d", "HEAD", kIdentity).error().kind, ErrorKind::user);
  EXPECT_EQ(write_marker(bounded(), stage_->mirror(), "flux-sync", "nope", kIdentity).error().kind, ErrorKind::missing);
}

TEST_P(MirrorContract, a_refresh_that_fails_changes_nothing) {
  const auto before = head();
  const auto refreshes = stage_->refreshes();
  stage_->break_upstream();
  EXPECT_EQ(stage_->mirror().refresh(bounded()).error().kind, ErrorKind::server);
  EXPECT_EQ(head(), before);
  EXPECT_EQ(stage_->refreshes(), refreshes);
  EXPECT_EQ(stage_->mirror().status().state, MirrorState::ready);
}

TEST_P(MirrorContract, a_branch_that_is_gone_upstream_stays_here_and_is_told) {
  const auto before = head();
  stage_->remove_upstream_branch();
  const auto fetched = stage_->mirror().refresh(bounded());
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().kind, ErrorKind::missing);
  EXPECT_THAT(fetched.error().message, StartsWith("configured branch 'main' does not exist"));
  EXPECT_THAT(stage_->mirror().status().message(), StartsWith("configured branch 'main' does not exist"));
  EXPECT_EQ(stage_->mirror().status().state, MirrorState::ready);
  EXPECT_EQ(head(), before);
}

TEST_P(MirrorContract, a_context_that_has_ended_ends_the_call) {
  const auto late = Context().with_timeout(Duration::zero());
  EXPECT_EQ(stage_->mirror().refresh(late).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(write_marker(late, stage_->mirror(), "flux-sync", "HEAD", kIdentity).error().kind, ErrorKind::cancelled);
}

INSTANTIATE_TEST_SUITE_P(, MirrorContract, ::testing::Values("memory", "real"),
                         [](const auto& row) { return row.param; });

TEST(MemoryMirror, is_as_little_ready_as_a_real_one) {
  MemoryMirror none({.url = std::nullopt});
  const FetchingMirror real_none(MirrorConfig{});
  EXPECT_EQ(none.status().state, MirrorState::unconfigured);
  EXPECT_EQ(none.repository().error().message, real_none.repository().error().message);
  EXPECT_EQ(none.status().message(), real_none.status().message());

  MemoryMirror mirror;
  mirror.set_status({MirrorState::cloned, Error{ErrorKind::missing, "no such branch", "Push it."}});
  for (const auto& error : {mirror.repository().error(), mirror.refresh(bounded()).error(),
                            mirror.move_tag(bounded(), {"t", "HEAD", "m", kIdentity}).error()}) {
    EXPECT_EQ(error.message, "git repo not ready: no such branch");
    EXPECT_EQ(error.help, "Push it.");
  }
}

TEST(MemoryMirror, holds_up_one_reader_and_not_the_other) {
  MemoryMirror mirror;
  const auto commit = mirror.upstream().commit("a", "1");
  ASSERT_TRUE(mirror.refresh(bounded()));
  mirror.copy(Reader::query).faults().hold();
  const auto late = Context().with_timeout(std::chrono::milliseconds(1));
  EXPECT_EQ(branch_head(late, **mirror.repository(Reader::query), "main").error().kind, ErrorKind::cancelled);
  EXPECT_EQ(*branch_head(bounded(), **mirror.repository(Reader::sync), "main"), commit);
}

TEST(MemoryMirror, counts_what_it_is_asked) {
  MemoryMirror mirror;
  mirror.notify();
  mirror.notify();
  mirror.doubt();
  EXPECT_EQ(mirror.notified(), 2);
  EXPECT_EQ(mirror.doubted(), 1);
}

}  // namespace memory_mirror_test
}  // namespace flux::git::testing

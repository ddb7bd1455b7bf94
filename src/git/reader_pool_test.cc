#include "git/reader_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <thread>

#include "git/test_upstream.h"
#include "git/tree.h"

namespace flux::git::testing {
namespace reader_pool_test {

using ::testing::SizeIs;

/// A thread that asks and gets no answer, because its git process stands still.
class StuckReader {
 public:
  /// `reader` gets one process before, told from those of `others`.
  StuckReader(const LocalRepository& reader, const std::vector<pid_t>& others) {
    stop_a_process_of(reader, others);
    thread_ = std::thread([this, &reader] { outcome_ = reader.resolve(bounded(stop_.get_token()), {"HEAD"}); });
    while (reader.busy_readers() == 0) std::this_thread::yield();
  }
  StuckReader(const StuckReader&) = delete;
  StuckReader& operator=(const StuckReader&) = delete;
  ~StuckReader() {
    stop_.request_stop();
    thread_.join();
    EXPECT_FALSE(outcome_);
  }

 private:
  static void stop_a_process_of(const Repository& reader, const std::vector<pid_t>& others) {
    EXPECT_TRUE(reader.resolve(bounded(), {"HEAD"}));
    for (const auto pid : reader_pids())
      if (std::ranges::find(others, pid) == others.end()) {
        ::kill(pid, SIGSTOP);
        return;
      }
    ADD_FAILURE() << "no process of its own";
  }

  std::stop_source stop_;
  Result<std::vector<std::optional<std::string>>> outcome_;
  std::thread thread_;
};

const LocalRepository& local(const std::shared_ptr<const Repository>& repository) {
  return dynamic_cast<const LocalRepository&>(*repository);
}

class ReaderPoolTest : public GitTest {};

TEST_F(ReaderPoolTest, ThreadsTakeTurnsAndStartNoMoreProcessesThanAllowed) {
  upstream_.commit("a", "one");
  upstream_.commit("b", "two");
  ReaderPool pool(Git(), upstream_.dir(), 2);
  const auto reader = [&](const char* name, const char* bytes) {
    for (int i = 0; i < 50; ++i) {
      const auto read = pool.read(bounded(), {name});
      EXPECT_EQ(read->front()->bytes, bytes);
    }
  };
  {
    const std::jthread a(reader, "HEAD:a", "one");
    const std::jthread b(reader, "HEAD:b", "two");
    const std::jthread c(reader, "HEAD:a", "one");
  }
  EXPECT_THAT(reader_pids(), SizeIs(::testing::Le(2U)));
  EXPECT_EQ(pool.busy(), 0U);
}

TEST_F(ReaderPoolTest, OneThreadAloneNeedsOneProcess) {
  upstream_.commit("a", "one");
  ReaderPool pool(Git(), upstream_.dir(), 3);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pool.describe(bounded(), {"HEAD"}));
  EXPECT_THAT(reader_pids(), SizeIs(1U));
}

TEST_F(ReaderPoolTest, WhoWaitsForAReaderGivesUpAtItsDeadline) {
  upstream_.commit("a", "one");
  const LocalRepository repository(Git(), upstream_.dir(), 1);
  const StuckReader stuck(repository, {});
  const auto late = repository.resolve(Context().with_timeout(std::chrono::milliseconds(5)), {"HEAD"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().message, "waiting for a free reader of the git repository: context deadline exceeded");
}

TEST_F(ReaderPoolTest, SyncNeverWaitsForQueriesNorTheyForIt) {
  const auto commit = upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto sync = *mirror.repository(Reader::sync);
  const auto query = *mirror.repository(Reader::query);
  ASSERT_TRUE(branch_head(bounded(), *sync, "main"));
  const auto of_sync = reader_pids();
  {
    const StuckReader stuck(local(query), of_sync);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(*branch_head(bounded(), *sync, "main"), commit);
    EXPECT_EQ(*branch_head(bounded(), *query, "main"), commit) << "there is more than one for queries";
  }
  auto of_query = reader_pids();
  std::erase_if(of_query, [&](auto pid) { return pid == of_sync.front(); });
  const StuckReader stuck(local(sync), of_query);
  EXPECT_TRUE(list_tree(bounded(), *query, "refs/heads/main"));
}

}  // namespace reader_pool_test
}  // namespace flux::git::testing

#include "images/store/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/read_file.h"
#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_temp_dir.h"
#include "images/testing/records.h"

namespace flux::images {
namespace sqlite_store_test {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr const char* kName = "index.docker.io/library/cart";

struct Place {
  std::unique_ptr<SqliteStore> open() {
    options.dir = temp.path() / "cache" / "fluxd";
    options.now = [this] { return now; };
    auto opened = SqliteStore::open(options, log.log());
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  [[nodiscard]] fs::path file() const { return temp.path() / "cache" / "fluxd" / "images.db"; }
  /// What another program does to the file while nobody uses it.
  void change(const char* sql) const {
    auto database = sqlite::Database::open(file());
    ASSERT_TRUE(database && database->run(sql)) << sql;
  }

  TempDir temp;
  KeptLog log;
  SqliteOptions options;
  Timestamp now = parse_timestamp("2021-03-01T10:00:00Z").value();
};

TEST(SqliteStoreTest, KeepsRecordsOverARestart) {
  Place place;
  const auto record = made_up_record(kName, 1000);
  {
    const auto store = place.open();
    EXPECT_EQ(store->read(bounded(), kName).value(), std::nullopt);
    ASSERT_TRUE(store->write(bounded(), kName, record));
    ASSERT_TRUE(store->write(bounded(), "example.com/other", made_up_record("example.com/other", 1)));
  }
  const auto store = place.open();
  const auto back = store->read(bounded(), kName);
  ASSERT_TRUE(back && *back);
  EXPECT_TRUE(same_record(**back, record));
  EXPECT_EQ(place.log.text(), "");
}

TEST(SqliteStoreTest, TagsThatGoAreGone) {
  Place place;
  const auto store = place.open();
  for (const std::size_t tags : {1000, 10, 500, 0}) {
    const auto record = made_up_record(kName, tags);
    ASSERT_TRUE(store->write(bounded(), kName, record));
    EXPECT_TRUE(same_record(store->read(bounded(), kName).value().value(), record)) << tags;
  }
}

TEST(SqliteStoreTest, ASecondProcessIsRefusedAndHarmsNothing) {
  Place place;
  const auto first = place.open();
  const auto second = SqliteStore::open(place.options, place.log.log());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another fluxd uses the directory"));
  EXPECT_THAT(second.error().help, HasSubstr("--image-cache-dir"));
  EXPECT_TRUE(first->write(bounded(), kName, Record()));
}

TEST(SqliteStoreTest, WithoutADirectoryThereIsAnErrorThatNamesIt) {
  Place place;
  place.options.dir = "/proc/no/such";
  const auto store = SqliteStore::open(place.options, place.log.log());
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("/proc/no/such"));
}

/// A file that cannot be used is set aside under that suffix, and a new one works.
void expect_set_aside(Place& place, const std::string& suffix, const std::string& reason) {
  const auto record = made_up_record(kName, 100);
  {
    const auto store = place.open();
    EXPECT_EQ(store->read(bounded(), kName).value(), std::nullopt);
    ASSERT_TRUE(store->write(bounded(), kName, record));
  }
  const auto aside = place.file().string() + suffix;
  EXPECT_TRUE(fs::exists(aside)) << aside;
  EXPECT_THAT(place.log.text(), HasSubstr("set_aside=" + aside));
  EXPECT_THAT(place.log.text(), HasSubstr(reason));
  EXPECT_TRUE(same_record(place.open()->read(bounded(), kName).value().value(), record));
}

TEST(SqliteStoreTest, SetsAFileAsideThatIsNoDatabase) {
  for (const auto* text : {"garbage", "SQLite format 3"}) {
    Place place;
    fs::create_directories(place.file().parent_path());
    std::ofstream(place.file()) << std::string(5000, 'x').replace(0, std::strlen(text), text);
    expect_set_aside(place, ".broken", "file is not a database");
  }
}

TEST(SqliteStoreTest, SetsAFileOfAnotherVersionAside) {
  Place place;
  ASSERT_TRUE(place.open()->write(bounded(), kName, made_up_record(kName, 10)));
  place.change("PRAGMA user_version = 77");
  expect_set_aside(place, ".other-version", "another version of fluxd");
}

TEST(SqliteStoreTest, SetsAFileAsideThatTurnsOutToBeBrokenWhenItIsRead) {
  Place place;
  ASSERT_TRUE(place.open()->write(bounded(), kName, made_up_record(kName, 3000)));
  const auto size = fs::file_size(place.file());
  {
    std::fstream file(place.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(8192);
    file << std::string(size - 8192, '\x5a');
  }
  expect_set_aside(place, ".broken", "malformed");
}

TEST(SqliteStoreTest, AHeaderThatCannotBeReadIsABrokenFile) {
  Place place;
  ASSERT_TRUE(place.open()->write(bounded(), kName, made_up_record(kName, 10)));
  place.change("UPDATE repositories SET header = x'00'");
  expect_set_aside(place, ".broken", "a record cannot be read");
}

TEST(SqliteStoreTest, AKillAtAnyPointLeavesAWholeRecord) {
  Place place;
  const auto one = made_up_record(kName, 2000);
  auto other = one;
  for (auto& [tag, state] : other.states) state.due += std::chrono::hours(1);
  {
    ASSERT_TRUE(place.open()->write(bounded(), kName, one));
  }
  for (int round = 0; round < 10; ++round) {
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto store = SqliteStore::open(place.options, {});
      for (int i = 0; store; ++i) {
        (void)(*store)->write(bounded(), kName, i % 2 == 0 ? other : one);
        if (i == 0) (void)!::write(ready[1], "x", 1);
      }
      ::_exit(1);
    }
    ::close(ready[1]);
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    std::this_thread::sleep_for(std::chrono::milliseconds(7 * round));  // not to wait for anything: any point will do
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto back = place.open()->read(bounded(), kName).value();
    ASSERT_TRUE(back);
    EXPECT_TRUE(same_record(*back, one) || same_record(*back, other));
  }
  EXPECT_EQ(place.log.text(), "");
}

TEST(SqliteStoreTest, ForgetsWhatNobodyHasUsedForAWeek) {
  Place place;
  const auto store = place.open();
  const auto record = made_up_record(kName, 100);
  for (const auto* name : {"example.com/read", "example.com/written", "example.com/neither"})
    ASSERT_TRUE(store->write(bounded(), name, record));
  for (int day = 0; day < 8; ++day) {
    place.now += std::chrono::hours(24);
    ASSERT_TRUE(store->read(bounded(), "example.com/read").value());
    ASSERT_TRUE(store->write(bounded(), "example.com/written", record));
  }
  EXPECT_TRUE(store->read(bounded(), "example.com/read").value());
  EXPECT_TRUE(store->read(bounded(), "example.com/written").value());
  EXPECT_FALSE(store->read(bounded(), "example.com/neither").value());
}

TEST(SqliteStoreTest, IsBoundedInSize) {
  Place place;
  place.options.most_bytes = 1 << 20;
  const auto store = place.open();
  for (int i = 0; i < 40; ++i) {
    place.now += std::chrono::seconds(1);
    const auto name = "example.com/" + std::to_string(i);
    ASSERT_TRUE(store->write(bounded(), name, made_up_record(name, 1000)));
  }
  EXPECT_FALSE(store->read(bounded(), "example.com/0").value());
  EXPECT_TRUE(store->read(bounded(), "example.com/39").value());
  EXPECT_TRUE(store->read(bounded(), "example.com/36").value());
  EXPECT_LT(fs::file_size(place.file()), std::uintmax_t{2} << 20);
}

TEST(SqliteStoreTest, ManyThreadsMayUseIt) {
  Place place;
  const auto store = place.open();
  std::vector<std::jthread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, name = "example.com/" + std::to_string(i)] {
      for (std::size_t round = 1; round < 20; ++round) {
        const auto record = made_up_record(name, round * 10);
        if (!store->write(bounded(), name, record)) ++wrong;
        const auto back = store->read(bounded(), name);
        if (!back || !*back || !same_record(**back, record)) ++wrong;
      }
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(SqliteStoreTest, AContextThatHasEndedIsHeeded) {
  Place place;
  const auto store = place.open();
  std::stop_source stop;
  stop.request_stop();
  const auto read = store->read(bounded(stop.get_token()), kName);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::cancelled);
  EXPECT_FALSE(store->write(Context().with_timeout(Duration::zero()), kName, Record()));
}

}  // namespace sqlite_store_test
}  // namespace flux::images

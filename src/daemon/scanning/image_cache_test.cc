#include "daemon/scanning/image_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_temp_dir.h"

namespace flux::daemon {
namespace image_cache_test {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

Options options(const std::vector<std::string>& args) { return read_command_line(args, "2.0.0", "").options; }

TEST(ImageCacheTest, ChoosesADirectory) {
  struct Row {
    std::vector<std::string> args;
    bool mounted;
    const char* home;
    std::optional<fs::path> wanted;
  };
  for (const auto& row : std::vector<Row>{
           {{}, false, "/home/ann", "/home/ann/.cache/fluxd"},
           {{}, true, "/home/ann", "/var/cache/fluxd"},
           {{}, false, "", std::nullopt},
           {{"--image-cache-dir=/data"}, true, "/home/ann", "/data"},
           {{"--image-cache-dir="}, true, "/home/ann", std::nullopt},
       }) {
    CachePlaces places;
    places.mounted_writable = row.mounted;
    places.home = row.home;
    EXPECT_EQ(image_cache_dir(options(row.args), places), row.wanted) << row.home << ' ' << row.mounted;
  }
}

TEST(ImageCacheTest, UsesMemcachedOnlyWhenAskedTo) {
  EXPECT_FALSE(wants_memcached(options({})));
  EXPECT_FALSE(wants_memcached(options({"--memcached-hostname="})));
  EXPECT_FALSE(wants_memcached(options({"--memcached-service="})));
  const auto asked = options(
      {"--memcached-hostname=flux-memcached", "--memcached-service=", "--memcached-port=7", "--memcached-timeout=3s"});
  EXPECT_TRUE(wants_memcached(asked));
  const auto servers = memcached_servers(asked);
  EXPECT_EQ(servers.timeout, std::chrono::seconds(3));
  EXPECT_EQ(servers.find().value(), (std::vector<images::ServerAddress>{{"flux-memcached", 7}}));
}

TEST(ImageCacheTest, TwoOnOneDirectoryDoNotHurtEachOther) {
  const TempDir temp;
  const KeptLog log;
  const auto given = options({"--image-cache-dir=" + (temp.path() / "cache").string()});
  const auto first = open_image_cache(given, {}, log.log());
  const auto second = open_image_cache(given, {}, log.log());
  EXPECT_THAT(log.text(), HasSubstr("another fluxd uses the directory " + (temp.path() / "cache").string()));
  EXPECT_THAT(log.text(), HasSubstr("known from memory only"));
  for (const auto* store : {&first, &second}) {
    EXPECT_TRUE((*store)->write(bounded(), "example.com/app", images::Record()));
    EXPECT_TRUE((*store)->read(bounded(), "example.com/app").value());
  }
}

TEST(ImageCacheTest, WithoutADirectoryMemoryDoes) {
  const KeptLog log;
  const auto store = open_image_cache(options({"--image-cache-dir=/proc/no/such"}), {}, log.log());
  EXPECT_THAT(log.text(), HasSubstr("/proc/no/such"));
  EXPECT_TRUE(store->write(bounded(), "example.com/app", images::Record()));
  EXPECT_TRUE(store->read(bounded(), "example.com/app").value());
}

}  // namespace image_cache_test
}  // namespace flux::daemon

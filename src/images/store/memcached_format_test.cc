#include "images/store/memcached_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "images/store/memcached_servers.h"

namespace flux::images {
namespace memcached_format_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::string_literals;

constexpr const char* kName = "index.docker.io/library/alpine";

Timestamp at(const char* text) { return parse_timestamp(text).value(); }

ImageInfo alpine() {
  ImageInfo info;
  info.id = {"index.docker.io", "library/alpine", "3.12", {}};
  info.digest = "sha256:aa";
  info.image_id = "sha256:bb";
  info.image_created = at("2020-05-29T00:00:00Z");
  info.created_at = at("2020-05-29T21:19:46.363518345Z");
  info.last_fetched = at("2021-03-01T10:00:00.5Z");
  return info;
}

constexpr const char* kInfo =
    R"({"ID":"index.docker.io/library/alpine:3.12","Digest":"sha256:aa","ImageID":"sha256:bb","Labels":{)"
    R"("org.opencontainers.image.created":"2020-05-29T00:00:00Z"},"CreatedAt":"2020-05-29T21:19:46.363518345Z",)"
    R"("LastFetched":"2021-03-01T10:00:00.5Z"})";

TEST(MemcachedFormatTest, WritesAndReadsAManifestAsFluxV1Does) {
  // 1614596400 is 0x603CC930.
  const auto bytes = "\x60\x3c\xc9\x30"s + kInfo;
  EXPECT_EQ(v1::manifest_value({alpine(), "", at("2021-03-01T11:00:00Z")}), bytes);
  const auto back = v1::read_manifest(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->info, alpine());
  EXPECT_EQ(back->deadline, at("2021-03-01T11:00:00Z"));

  const auto excluded = "\x60\x3c\xc9\x30"s + R"({"ExcludedReason":"no suitable manifest"})";
  EXPECT_EQ(v1::manifest_value({std::nullopt, "no suitable manifest", at("2021-03-01T11:00:00Z")}), excluded);
  EXPECT_EQ(v1::read_manifest(excluded)->info, std::nullopt);
  EXPECT_EQ(v1::read_manifest(excluded)->excluded, "no suitable manifest");
}

TEST(MemcachedFormatTest, WritesAndReadsARepositoryAsFluxV1Does) {
  Repository repository;
  repository.tags = {"3.12", "3.13"};
  repository.images.emplace("3.12", alpine());
  repository.last_update = at("2021-03-01T10:00:01Z");
  const auto bytes = "\x60\x3c\xc9\x30"s + R"({"Tags":["3.12","3.13"],"Images":{"3.12":)" + kInfo +
                     R"(},"LastError":"","LastUpdate":"2021-03-01T10:00:01Z"})";
  EXPECT_EQ(v1::repository_value(repository, at("2021-03-01T11:00:00Z")), bytes);
  const auto back = v1::read_repository(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->tags, repository.tags);
  EXPECT_EQ(back->images, repository.images);
  EXPECT_EQ(back->last_update, repository.last_update);

  const auto never =
      "\0\0\0\0"s +
      R"({"Tags":null,"Images":{},"LastError":"no \u003cthing\u003e","LastUpdate":"0001-01-01T00:00:00Z"})";
  Repository failing;
  failing.last_error = "no <thing>";
  EXPECT_EQ(v1::repository_value(failing, Timestamp()), never);
  EXPECT_EQ(v1::read_repository(never)->last_update, std::nullopt);
  EXPECT_EQ(v1::read_repository(never)->last_error, "no <thing>");
  EXPECT_TRUE(v1::read_repository("\0\0\0\0"s + R"({"Tags":null,"Images":null})"));
}

TEST(MemcachedFormatTest, WhatIsNoValueIsNothing) {
  for (const auto& bytes : {""s, "\0\0"s, "\0\0\0\0"s, "\0\0\0\0{"s, "\0\0\0\0[]"s, "\0\0\0\0{\"Tags\":7,\"ID\":7}"s,
                            "garbage of some length"s}) {
    EXPECT_FALSE(v1::read_repository(bytes)) << bytes;
    EXPECT_FALSE(v1::read_manifest(bytes)) << bytes;
  }
  EXPECT_FALSE(v1::read_manifest("\0\0\0\0{}"s));
}

TEST(MemcachedFormatTest, Keys) {
  EXPECT_EQ(v1::repository_key(kName), "registryrepov4|index.docker.io/library/alpine");
  EXPECT_EQ(v1::manifest_key(kName, "3.12"), "registryhistoryv3|index.docker.io/library/alpine|3.12");
  EXPECT_TRUE(v1::is_key(std::string(250, 'k')));
  for (const auto& key : {""s, std::string(251, 'k'), "a b"s, "a\nb"s, "a\x7f"s}) EXPECT_FALSE(v1::is_key(key)) << key;
}

TEST(MemcachedFormatTest, TheServerFollowsFromTheCrc32OfTheKey) {
  // CRC-32 of "123456789" is 0xCBF43926, of "a" 0xE8B7BE43.
  EXPECT_EQ(v1::server_of("123456789", 1), 0U);
  EXPECT_EQ(v1::server_of("123456789", 7), 0xCBF43926U % 7);
  EXPECT_EQ(v1::server_of("a", 1000), 0xE8B7BE43U % 1000);
}

TEST(MemcachedFormatTest, Expiry) {
  const auto now = at("2021-03-01T10:00:00Z");
  using std::chrono::hours;
  EXPECT_EQ(v1::expiry(now - hours(1), now), 3600U);
  EXPECT_EQ(v1::expiry(now + std::chrono::minutes(5), now), 3600U);
  EXPECT_EQ(v1::expiry(now + hours(24), now), 48U * 3600);
  EXPECT_EQ(v1::expiry(now + hours(168), now), 336U * 3600);
  EXPECT_EQ(v1::expiry(now + hours(10000), now), 30U * 24 * 3600);
}

TEST(MemcachedFormatTest, TakesFromFluxV1WhatIsNewer) {
  Record record;
  auto& ours = record.repository;
  ours.tags = {"gone", "ours", "theirs", "same"};
  for (const auto& tag : ours.tags) {
    ours.images[tag] = alpine();
    record.states[tag] = {"sha256:index", at("2021-03-01T12:00:00Z"), std::chrono::hours(2), ""};
  }
  ours.images["ours"].last_fetched = at("2021-03-01T10:30:00Z");
  ours.excluded["oci"] = "a signature";
  Repository theirs;
  theirs.tags = {"new", "oci", "ours", "same", "theirs"};
  theirs.last_update = at("2021-03-01T11:00:00Z");
  auto newer = alpine();
  newer.last_fetched = at("2021-03-01T10:20:00Z");
  theirs.images["same"] = newer;
  newer.digest = "sha256:cc";
  for (const auto* tag : {"new", "ours", "theirs"}) theirs.images[tag] = newer;
  v1::merge(record, kName, theirs,
            {{"theirs", {newer, "", at("2021-03-01T11:20:00Z")}},
             {"oci", {std::nullopt, "no suitable manifest", at("2021-03-01T11:20:00Z")}}});
  EXPECT_EQ(ours.tags, theirs.tags);
  EXPECT_EQ(ours.last_update, theirs.last_update);
  EXPECT_FALSE(ours.images.contains("gone") || record.states.contains("gone"));
  EXPECT_EQ(ours.images["ours"].digest, "sha256:aa") << "fetched later by us";
  EXPECT_EQ(ours.images["theirs"].digest, "sha256:cc");
  EXPECT_EQ(ours.images["theirs"].id.to_string(), std::string(kName) + ":theirs");
  EXPECT_EQ(record.states["theirs"], (TagState{"sha256:cc", at("2021-03-01T11:20:00Z"), std::chrono::hours(1), ""}));
  EXPECT_EQ(record.states["same"].digest, "sha256:index") << "the same image, and we know more of it";
  EXPECT_EQ(record.states["new"].due, Timestamp()) << "to be asked for at once";
  EXPECT_EQ(ours.excluded.at("oci"), "a signature");
}

/// Name and type of a question, and answers whose names point to it.
std::string dns_answer(const std::vector<std::pair<std::string, int>>& servers) {
  std::string packet = "\x12\x34\x81\x80\0\1\0"s + static_cast<char>(servers.size()) + "\0\0\0\0"s;
  packet += "\x0a_memcached\x04_tcp\x04"s + "flux\0\0\x21\0\1"s;
  for (const auto& [host, port] : servers) {
    std::string data = "\0\0\0\0"s + static_cast<char>(port >> 8) + static_cast<char>(port & 255);
    data += static_cast<char>(host.size()) + host + "\x02ns\0"s;
    packet += "\xc0\x0c\0\x21\0\1\0\0\0\x1e\0"s + static_cast<char>(data.size()) + data;
  }
  return packet;
}

TEST(MemcachedServersTest, AreSortedAsFluxV1Does) {
  EXPECT_THAT(servers_of_answer(dns_answer({{"m-1", 11211}, {"m-0", 9}, {"m", 11211}, {"m-0", 11211}})),
              ElementsAre(ServerAddress{"m-0.ns", 11211}, ServerAddress{"m-0.ns", 9}, ServerAddress{"m-1.ns", 11211},
                          ServerAddress{"m.ns", 11211}));
  EXPECT_THAT(servers_of_answer(dns_answer({})), IsEmpty());
  const auto whole = dns_answer({{"m-1", 11211}});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(servers_of_answer(std::string_view(whole).substr(0, size)), IsEmpty()) << size;
}

}  // namespace memcached_format_test
}  // namespace flux::images

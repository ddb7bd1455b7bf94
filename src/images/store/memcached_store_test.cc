#include "images/store/memcached_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "images/store/memcached_format.h"
#include "images/testing/memcached.h"
#include "images/testing/records.h"

namespace flux::images {
namespace memcached_store_test {

using ::testing::HasSubstr;

constexpr const char* kName = "index.docker.io/library/cart";

MemcachedPoolOptions servers(std::vector<std::uint16_t> ports, Duration timeout = std::chrono::seconds(20)) {
  return {timeout, [ports = std::move(ports)]() -> Result<std::vector<ServerAddress>> {
            std::vector<ServerAddress> found;
            for (const auto port : ports) found.push_back({"127.0.0.1", port});
            return found;
          }};
}

struct Shared {
  [[nodiscard]] std::unique_ptr<MemcachedStore> open(bool reads_v1 = true) const {
    return std::make_unique<MemcachedStore>(servers({server.port()}), reads_v1, log.log());
  }
  std::optional<std::string> item(const std::string& key) {
    auto found = raw.get(bounded(), {key}).value();
    return found.contains(key) ? std::optional(found.at(key)) : std::nullopt;
  }
  void put(const std::string& key, const std::string& value) {
    EXPECT_EQ(raw.set(bounded(), key, value, 3600), MemcachedServer::Stored::yes);
  }
  Memcached server;
  KeptLog log;
  MemcachedPool raw{servers({server.port()})};
};

TEST(MemcachedStoreTest, KeepsRecordsForTheNextProcess) {
  Shared shared;
  EXPECT_EQ(shared.open()->read(bounded(), kName).value(), std::nullopt);
  for (const std::size_t tags : {1000, 10, 0, 300}) {
    const auto record = made_up_record(kName, tags);
    ASSERT_TRUE(shared.open()->write(bounded(), kName, record));
    EXPECT_TRUE(same_record(shared.open()->read(bounded(), kName).value().value(), record)) << tags;
  }
  EXPECT_EQ(shared.log.text(), "");
}

TEST(MemcachedStoreTest, FluxV1ReadsWhatWeWrite) {
  Shared shared;
  auto record = made_up_record(kName, 20);
  const auto repository_ref = ImageRef::parse(kName).value();
  for (auto& [tag, info] : record.repository.images) info.id = repository_ref.with_tag(tag);
  const auto store = shared.open();
  ASSERT_TRUE(store->write(bounded(), kName, record));
  const auto repository = v1::read_repository(shared.item(v1::repository_key(kName)).value());
  ASSERT_TRUE(repository);
  EXPECT_EQ(repository->tags, record.repository.tags);
  EXPECT_EQ(repository->images, record.repository.images);
  const auto& [tag, info] = *record.repository.images.begin();
  const auto entry = v1::read_manifest(shared.item(v1::manifest_key(kName, tag)).value());
  EXPECT_EQ(entry->info, info);
  EXPECT_EQ(entry->deadline, std::chrono::floor<std::chrono::seconds>(record.states.at(tag).due));
  const auto excluded = record.repository.excluded.begin()->first;
  EXPECT_EQ(v1::read_manifest(shared.item(v1::manifest_key(kName, excluded)).value())->excluded, "a signature");

  // Only what has changed is written again.
  shared.put(v1::manifest_key(kName, tag), "untouched");
  const auto other = std::next(record.repository.images.begin())->first;
  record.states.at(other).due += std::chrono::hours(1);
  ASSERT_TRUE(store->write(bounded(), kName, record));
  EXPECT_EQ(shared.item(v1::manifest_key(kName, tag)), "untouched");
  EXPECT_EQ(v1::read_manifest(shared.item(v1::manifest_key(kName, other)).value())->deadline,
            std::chrono::floor<std::chrono::seconds>(record.states.at(other).due));
}

TEST(MemcachedStoreTest, ReadsWhatFluxV1HasWritten) {
  Shared shared;
  const auto deadline = parse_timestamp("2021-03-01T11:00:00Z").value();
  const auto theirs = made_up_record(kName, 7).repository;
  shared.put(v1::repository_key(kName), v1::repository_value(theirs, deadline));
  shared.put(v1::manifest_key(kName, theirs.tags[0]),
             v1::manifest_value({theirs.images.at(theirs.tags[0]), "", deadline}));
  const auto record = shared.open()->read(bounded(), kName).value().value();
  EXPECT_EQ(record.repository.tags, theirs.tags);
  EXPECT_EQ(record.repository.images.at(theirs.tags[0]), theirs.images.at(theirs.tags[0]));
  EXPECT_EQ(record.states.at(theirs.tags[0]).due, deadline);
  EXPECT_EQ(shared.open(false)->read(bounded(), kName).value(), std::nullopt) << "of another platform";

  for (const auto* garbage : {"", "x", "garbage", "\x01\x02\x03\x04{\"Tags\":7}"}) {
    shared.put(v1::repository_key(kName), garbage);
    EXPECT_EQ(shared.open()->read(bounded(), kName).value(), std::nullopt);
  }
}

TEST(MemcachedStoreTest, APageThatIsGoneTakesTheListOfTagsWithItUntilTheNextWrite) {
  Shared shared;
  const auto record = made_up_record(kName, 500);
  const auto store = shared.open(false);
  ASSERT_TRUE(store->write(bounded(), kName, record));
  shared.put("fluxdimagesv1|" + std::string(kName) + "|cbf29ce484222325", "evicted");  // of the first page
  const auto broken = store->read(bounded(), kName).value().value();
  EXPECT_TRUE(broken.repository.tags.empty());
  EXPECT_GT(broken.states.size(), 300U);
  ASSERT_TRUE(store->write(bounded(), kName, record));
  EXPECT_TRUE(same_record(store->read(bounded(), kName).value().value(), record));
  shared.put("fluxdimagesv1|" + std::string(kName), "garbage");
  EXPECT_EQ(store->read(bounded(), kName).value(), std::nullopt);
}

TEST(MemcachedStoreTest, WhatIsTooLargeForFluxV1IsToldOnceAndKnownAllTheSame) {
  Shared shared;
  const auto record = made_up_record(kName, 6000);
  const auto store = shared.open();
  ASSERT_TRUE(store->write(bounded(), kName, record));
  ASSERT_TRUE(store->write(bounded(), kName, record));
  EXPECT_EQ(shared.item(v1::repository_key(kName)), std::nullopt);
  EXPECT_THAT(shared.log.text(), HasSubstr("-I 5m"));
  EXPECT_EQ(std::ranges::count(shared.log.text(), '\n'), 1);
  EXPECT_TRUE(same_record(shared.open()->read(bounded(), kName).value().value(), record));
}

TEST(MemcachedStoreTest, SpreadsKeysOverServersAsFluxV1Does) {
  const Memcached first;
  const Memcached second;
  KeptLog log;
  MemcachedStore store(servers({first.port(), second.port()}), true, log.log());
  const auto record = made_up_record(kName, 100);
  ASSERT_TRUE(store.write(bounded(), kName, record));
  for (const auto& [tag, info] : record.repository.images) {
    const auto key = v1::manifest_key(kName, tag);
    for (std::size_t i = 0; i < 2; ++i) {
      MemcachedPool one(servers({i == 0 ? first.port() : second.port()}));
      EXPECT_EQ(one.get(bounded(), {key}).value().contains(key), v1::server_of(key, 2) == i) << key;
    }
  }
  EXPECT_TRUE(same_record(store.read(bounded(), kName).value().value(), record));
}

TEST(MemcachedStoreTest, AServerThatIsDownIsAnErrorThatNamesIt) {
  auto server = std::make_unique<Memcached>();
  const auto place = "127.0.0.1:" + std::to_string(server->port());
  MemcachedStore store(servers({server->port()}), true, {});
  ASSERT_TRUE(store.write(bounded(), kName, made_up_record(kName, 10)));
  server.reset();
  const auto read = store.read(bounded(), kName);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("memcached at " + place));
  EXPECT_FALSE(store.write(bounded(), kName, Record()));
}

TEST(MemcachedStoreTest, AServerThatHangsCostsOneTimeout) {
  // It takes connections and never answers.
  const Descriptor silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(::bind(silent.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(silent.get(), 8), 0);
  ASSERT_EQ(::getsockname(silent.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  MemcachedStore store(servers({ntohs(address.sin_port)}, std::chrono::milliseconds(200)), true, {});
  const auto began = Clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(store.read(bounded(), kName));
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(3));
}

TEST(MemcachedStoreTest, ANameThatIsNoKeyIsAnError) {
  Shared shared;
  EXPECT_FALSE(shared.open()->write(bounded(), "example.com/" + std::string(300, 'n'), Record()));
}

TEST(MemcachedStoreTest, ServersThatCannotBeFoundAreAnError) {
  MemcachedStore store(
      {std::chrono::seconds(20),
       [] { return Result<std::vector<ServerAddress>>(fail(ErrorKind::server, "the DNS knows no server")); }},
      true, {});
  EXPECT_EQ(store.read(bounded(), kName).error().message, "the DNS knows no server");
}

}  // namespace memcached_store_test
}  // namespace flux::images

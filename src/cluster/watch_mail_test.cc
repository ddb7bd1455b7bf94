#include "cluster/watch_mail.h"

#include <gtest/gtest.h>

namespace flux::cluster {
namespace watch_mail_test {

WatchMessage bytes(std::size_t size) { return {nullptr, 1, WatchMessage::Bytes{std::string(size, 'x')}}; }

std::size_t taken(WatchMail& mail, std::size_t* overruns = nullptr) {
  std::size_t size = 0;
  for (const auto& message : mail.take({}, Clock::now())) {
    if (const auto* part = std::get_if<WatchMessage::Bytes>(&message.what)) size += part->bytes.size();
    if (overruns && std::holds_alternative<WatchMessage::Overrun>(message.what)) ++*overruns;
  }
  return size;
}

TEST(WatchMail, keeps_so_many_bytes_and_says_what_it_dropped) {
  WatchMail mail;
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  std::size_t kept = 0;
  while (mail.put(bytes(kPiece))) kept += kPiece;
  EXPECT_GT(kept, WatchMail::kMostBytes / 2);
  EXPECT_LE(kept, WatchMail::kMostBytes);
  // What has an end, and a limit of its own, always finds room.
  EXPECT_TRUE(mail.put({nullptr, 1, WatchMessage::Ended{http::ClientResponse{}}}));
  std::size_t overruns = 0;
  EXPECT_EQ(taken(mail, &overruns), kept);
  EXPECT_EQ(overruns, 1U);
  EXPECT_TRUE(mail.put(bytes(kPiece))) << "there is room again";
  EXPECT_EQ(taken(mail), kPiece);
}

TEST(WatchMail, counts_what_a_message_costs_without_its_bytes) {
  WatchMail mail;
  std::size_t count = 0;
  while (mail.put(bytes(1))) ++count;
  EXPECT_LE(count, WatchMail::kMostBytes / sizeof(WatchMessage));
}

}  // namespace watch_mail_test
}  // namespace flux::cluster

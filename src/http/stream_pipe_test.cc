#include "http/stream_pipe.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <thread>

namespace flux::http {
namespace stream_pipe_test {

TEST(StreamPipe, AnnouncesOnceUntilTaken) {
  int announced = 0;
  StreamPipe pipe([&] { ++announced; });
  EXPECT_TRUE(pipe.write("a"));
  EXPECT_TRUE(pipe.write("b"));
  EXPECT_EQ(announced, 1);
  EXPECT_EQ(pipe.take().bytes, "ab");
  EXPECT_TRUE(pipe.write("c"));
  EXPECT_EQ(announced, 2);
  pipe.finish(StreamPipe::End::complete);
  const auto taken = pipe.take();
  EXPECT_EQ(taken.bytes, "c");
  EXPECT_TRUE(taken.ended && taken.complete);
}

TEST(StreamPipe, TheWriterWaitsWhileItIsFull) {
  std::latch full(1);
  StreamPipe pipe([&] { full.count_down(); });
  std::atomic<bool> written = false;
  auto writer = std::async(std::launch::async, [&] {
    const bool ok = pipe.write(std::string(StreamPipe::kCapacity + 1, 'x'));
    written = true;
    return ok;
  });
  full.wait();
  EXPECT_FALSE(written);
  std::size_t taken = 0;
  while (taken < StreamPipe::kCapacity + 1) {
    const auto bytes = pipe.take().bytes;
    EXPECT_LE(bytes.size(), StreamPipe::kCapacity);
    taken += bytes.size();
    std::this_thread::yield();
  }
  EXPECT_TRUE(writer.get());
}

TEST(StreamPipe, ClosingFreesTheWriter) {
  std::latch full(1);
  StreamPipe pipe([&] { full.count_down(); });
  auto writer = std::async(std::launch::async, [&] { return pipe.write(std::string(2 * StreamPipe::kCapacity, 'x')); });
  full.wait();
  pipe.close();
  EXPECT_FALSE(writer.get());
  EXPECT_FALSE(pipe.write("more"));
}

}  // namespace stream_pipe_test
}  // namespace flux::http

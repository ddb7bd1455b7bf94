#include "http/websocket_frames.h"

#include <gtest/gtest.h>

namespace flux::http {
namespace websocket_frames_test {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

// The examples of RFC 6455, 1.3 and 5.7.
TEST(WebSocketFrames, are_those_of_the_specification) {
  EXPECT_EQ(accept_for_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(encode_frame(Opcode::text, "Hello", {0x37, 0xfa, 0x21, 0x3d}),
            bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
  FrameReader reader(1024);
  reader.input() = bytes({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f, 0x89, 0x05}) + "Hello";
  const auto first = reader.next();
  ASSERT_TRUE(first && *first);
  EXPECT_FALSE((*first)->last);
  EXPECT_EQ((*first)->opcode, Opcode::text);
  EXPECT_EQ((*first)->payload, "Hel");
  const auto second = reader.next();
  ASSERT_TRUE(second && *second);
  EXPECT_TRUE((*second)->last);
  EXPECT_EQ((*second)->opcode, Opcode::continuation);
  EXPECT_EQ((*second)->payload, "lo");
  const auto ping = reader.next();
  ASSERT_TRUE(ping && *ping);
  EXPECT_EQ((*ping)->opcode, Opcode::ping);
  const auto nothing = reader.next();
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
}

TEST(WebSocketFrames, say_their_length_in_one_three_or_nine_bytes) {
  const struct {
    std::size_t size;
    std::string head;
  } rows[] = {
      {0, bytes({0x82, 0x80})},
      {125, bytes({0x82, 0xFD})},
      {126, bytes({0x82, 0xFE, 0, 126})},
      {65535, bytes({0x82, 0xFE, 0xFF, 0xFF})},
      {65536, bytes({0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0})},
  };
  for (const auto& row : rows) {
    const auto frame = encode_frame(Opcode::binary, std::string(row.size, 'x'), {0, 0, 0, 0});
    EXPECT_TRUE(frame.starts_with(row.head)) << row.size;
    EXPECT_EQ(frame.size(), row.head.size() + 4 + row.size);
  }
}

TEST(WebSocketFrames, come_out_the_same_however_the_bytes_arrive) {
  const auto long_payload = std::string(70'000, 'y');
  const auto stream = bytes({0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0x11, 0x70}) + long_payload + bytes({0x82, 126, 0, 126}) +
                      std::string(126, 'z');
  FrameReader reader(1 << 20);
  std::vector<std::string> payloads;
  for (std::size_t at = 0; at < stream.size(); at += 7) {
    reader.input() += stream.substr(at, 7);
    while (true) {
      auto frame = reader.next();
      ASSERT_TRUE(frame);
      if (!*frame) break;
      payloads.push_back((*frame)->payload);
    }
  }
  EXPECT_EQ(payloads, (std::vector{long_payload, std::string(126, 'z')}));
}

TEST(WebSocketFrames, that_no_server_may_send_are_refused) {
  const struct {
    const char* what;
    std::string input;
  } rows[] = {
      {"reserved bit", bytes({0xC2, 0x00})},           {"unknown opcode", bytes({0x83, 0x00})},
      {"masked", bytes({0x82, 0x80, 0, 0, 0, 0})},     {"long control frame", bytes({0x89, 0x7E, 0, 126})},
      {"control frame in parts", bytes({0x09, 0x00})}, {"too long", bytes({0x82, 0x7F, 0x7F, 0, 0, 0, 0, 0, 0, 0})},
  };
  for (const auto& row : rows) {
    FrameReader reader(1024);
    reader.input() = row.input;
    const auto frame = reader.next();
    EXPECT_FALSE(frame) << row.what;
  }
}

}  // namespace websocket_frames_test
}  // namespace flux::http

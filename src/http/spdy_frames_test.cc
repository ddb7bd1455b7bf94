#include "http/spdy_frames.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "http/spdy_dictionary.h"
#include "http/testing/spdy_server.h"

namespace flux::http {
namespace spdy_frames_test {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

TEST(SpdyFrames, look_as_the_specification_draws_them) {
  const struct {
    SpdyFrame frame;
    std::string wire;
  } rows[] = {
      {{SpdyType::data, 0, 1, 0, "abc"}, bytes({0, 0, 0, 1, 0, 0, 0, 3}) + "abc"},
      {{SpdyType::data, kSpdyFin, 0x01020304, 0, ""}, bytes({1, 2, 3, 4, 1, 0, 0, 0})},
      {{SpdyType::syn_stream, kSpdyFin, 5, 0, "hb"},
       bytes({0x80, 3, 0, 1, 1, 0, 0, 12, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0}) + "hb"},
      {{SpdyType::syn_reply, 0, 5, 0, "hb"}, bytes({0x80, 3, 0, 2, 0, 0, 0, 6, 0, 0, 0, 5}) + "hb"},
      {{SpdyType::rst_stream, 0, 5, kSpdyCancel, ""}, bytes({0x80, 3, 0, 3, 0, 0, 0, 8, 0, 0, 0, 5, 0, 0, 0, 5})},
      {{SpdyType::ping, 0, 7, 0, ""}, bytes({0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 7})},
      {{SpdyType::goaway, 0, 9, 0, ""}, bytes({0x80, 3, 0, 7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 0})},
      {{SpdyType::headers, 0, 5, 0, "hb"}, bytes({0x80, 3, 0, 8, 0, 0, 0, 6, 0, 0, 0, 5}) + "hb"},
      {{SpdyType::window_update, 0, 5, 0x8000, ""}, bytes({0x80, 3, 0, 9, 0, 0, 0, 8, 0, 0, 0, 5, 0, 0, 0x80, 0})},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(encode_spdy(row.frame), row.wire);
    SpdyReader reader;
    for (const char c : row.wire) {
      const auto early = reader.next();
      ASSERT_TRUE(early);
      ASSERT_FALSE(*early);
      reader.input() += c;
    }
    const auto frame = reader.next();
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->type, row.frame.type);
    EXPECT_EQ((*frame)->flags, row.frame.flags);
    EXPECT_EQ((*frame)->stream, row.frame.stream);
    EXPECT_EQ((*frame)->number, row.frame.number);
    EXPECT_EQ((*frame)->payload, row.frame.payload);
    EXPECT_TRUE(reader.input().empty());
  }
}

TEST(SpdyFrames, of_unknown_kind_are_skipped_and_settings_are_kept_apart) {
  SpdyReader reader;
  reader.input() = bytes({0x80, 3, 0, 77, 0, 0, 0, 2, 1, 2}) + bytes({0x80, 3, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0}) +
                   bytes({0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 2});
  EXPECT_EQ((**reader.next()).type, SpdyType::settings);
  EXPECT_EQ((**reader.next()).type, SpdyType::ping);
}

TEST(SpdyFrames, what_is_not_spdy_is_an_error) {
  for (const auto& input : {bytes({0x80, 2, 0, 6, 0, 0, 0, 4, 0, 0, 0, 2}),  // SPDY/2
                            bytes({0x80, 3, 0, 6, 0, 0, 0, 2, 0, 0}),        // too short
                            bytes({0x80, 3, 0, 2, 0, 0xFF, 0xFF, 0xFF})}) {  // 16 MiB of header
    SpdyReader reader;
    reader.input() = input;
    EXPECT_FALSE(reader.next());
  }
}

TEST(SpdyHeaders, start_from_the_dictionary_of_the_specification) {
  const auto& words = spdy_dictionary();
  EXPECT_EQ(words.size(), 1423U);
  const auto sum =
      adler32(adler32(0, nullptr, 0), reinterpret_cast<const Bytef*>(words.data()), static_cast<uInt>(words.size()));
  EXPECT_EQ(sum, 0xe3c6a7c2U);
}

TEST(SpdyHeaders, are_read_by_zlib_block_after_block) {
  SpdyHeaderDeflater deflater;
  testing::SpdyHeaderInflater inflater;
  using Map = std::map<std::string, std::string>;
  for (int i = 0; i < 3; ++i) {
    const auto id = std::to_string(i);
    EXPECT_EQ(inflater.inflate(deflater.deflate({{"streamType", "error"}, {"Port", "3030"}, {"requestid", id}})),
              (Map{{"streamtype", "error"}, {"port", "3030"}, {"requestid", id}}));
  }
  const std::string large(5000, 'x');
  EXPECT_EQ(inflater.inflate(deflater.deflate({{"large", large}})), (Map{{"large", large}}));
}

}  // namespace spdy_frames_test
}  // namespace flux::http

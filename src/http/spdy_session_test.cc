#include "http/spdy_session.h"

#include <gmock/gmock.h>

#include <future>
#include <latch>
#include <stdexcept>

#include "base/test_bounded.h"
#include "base/test_threads.h"
#include "http/connection.h"
#include "http/testing/peer.h"
#include "http/testing/spdy_server.h"

namespace flux::http {
namespace spdy_session_test {

using ::testing::HasSubstr;
using testing::Peer;
using testing::SpdyHeaderInflater;
using testing::Wire;

Bounded patient() { return Context().with_timeout(std::chrono::seconds(30)); }

/// The other end of a session, frame by frame.
class Server {
 public:
  explicit Server(Wire& wire) : wire_(wire) {}

  /// Of type `data` for stream 0 at the end.
  SpdyFrame next() {
    while (true) {
      auto frame = reader_.next();
      if (!frame) return {};
      if (*frame) return std::move(**frame);
      const auto more = wire_.read_some();
      if (more.empty()) return {};
      reader_.input() += more;
    }
  }
  SpdyFrame next(SpdyType type) {
    while (true) {
      auto frame = next();
      if (frame.type == type || frame.stream == 0) return frame;
    }
  }
  void send(const SpdyFrame& frame) { wire_.write(encode_spdy(frame)); }
  void reply(std::uint32_t stream) { send({SpdyType::syn_reply, 0, stream, 0, "never read"}); }
  /// Accepts the next stream.
  SpdyFrame accept() {
    auto frame = next(SpdyType::syn_stream);
    reply(frame.stream);
    return frame;
  }
  void data(std::uint32_t stream, std::string payload, bool fin = false) {
    send({SpdyType::data, fin ? kSpdyFin : std::uint8_t{0}, stream, 0, std::move(payload)});
  }
  void drain() { wire_.read_all(); }

 private:
  Wire& wire_;
  SpdyReader reader_;
};

std::unique_ptr<SpdySession> dial(const Peer& peer, SpdySessionOptions options = {}) {
  auto wire = Connection::open(patient(), peer.url("/"), {});
  EXPECT_TRUE(wire);
  return SpdySession::start(std::move(*wire), options).value();
}

std::string read_all(SpdyStream& stream) {
  std::string all;
  while (true)
    if (const auto more = stream.read(patient(), all); !more || !*more) return more ? all : more.error().message;
}

TEST(SpdySession, opens_streams_with_their_headers_and_talks_over_them) {
  Peer peer([](Wire& wire) {
    Server server(wire);
    SpdyHeaderInflater headers;
    const auto first = server.accept();
    EXPECT_EQ(first.stream, 1U);
    EXPECT_TRUE(first.fin());
    EXPECT_EQ(headers.inflate(first.payload)["streamtype"], "error");
    const auto second = server.accept();
    EXPECT_EQ(second.stream, 3U);
    EXPECT_FALSE(second.fin());
    EXPECT_EQ(headers.inflate(second.payload)["streamtype"], "data");
    std::string heard;
    for (auto frame = server.next(SpdyType::data);; frame = server.next(SpdyType::data)) {
      EXPECT_EQ(frame.stream, 3U);
      heard += frame.payload;
      if (frame.fin() || frame.stream == 0) break;
    }
    server.data(3, "you said ");
    server.data(3, heard, true);
    server.data(1, "", true);
    server.drain();
  });
  const auto session = dial(peer);
  const auto errors = session->open(patient(), {{"StreamType", "error"}}, true);
  ASSERT_TRUE(errors) << errors.error().message;
  const auto data = session->open(patient(), {{"streamtype", "data"}}, false);
  ASSERT_TRUE(data) << data.error().message;
  ASSERT_TRUE((*data)->write(patient(), "hel"));
  ASSERT_TRUE((*data)->write(patient(), "lo"));
  ASSERT_TRUE((*data)->finish(patient()));
  EXPECT_EQ(read_all(**data), "you said hello");
  EXPECT_EQ(read_all(**errors), "");
  EXPECT_FALSE(session->ended());
}

TEST(SpdySession, carries_much_in_both_directions_on_many_streams_at_once) {
  Peer peer([](Wire& wire) {
    Server server(wire);
    while (true) {
      const auto frame = server.next();
      if (frame.stream == 0 && frame.type != SpdyType::window_update) return;
      if (frame.type == SpdyType::syn_stream) server.reply(frame.stream);
      if (frame.type == SpdyType::data) server.data(frame.stream, frame.payload, frame.fin());
    }
  });
  const auto session = dial(peer);
  const auto talk = [&](char letter) {
    const auto stream = session->open(patient(), {}, false);
    ASSERT_TRUE(stream);
    const std::string text(1'000'000, letter);
    std::jthread writer([&] {
      EXPECT_TRUE((*stream)->write(patient(), text));
      EXPECT_TRUE((*stream)->finish(patient()));
    });
    EXPECT_TRUE(read_all(**stream) == text);
  };
  std::vector<std::jthread> talkers;
  for (const char letter : std::string_view("abcdef")) talkers.emplace_back(talk, letter);
}

TEST(SpdySession, a_reset_ends_one_stream_and_no_other) {
  Peer peer([](Wire& wire) {
    Server server(wire);
    server.accept();
    server.accept();
    server.send({SpdyType::rst_stream, 0, 1, 2, {}});
    server.data(3, "fine", true);
    server.drain();
  });
  const auto session = dial(peer);
  const auto first = session->open(patient(), {}, false);
  const auto second = session->open(patient(), {}, false);
  ASSERT_TRUE(first && second);
  EXPECT_THAT(read_all(**first), HasSubstr("reset with status 2"));
  EXPECT_FALSE((*first)->write(patient(), "x"));
  EXPECT_EQ(read_all(**second), "fine");
}

TEST(SpdySession, what_came_before_a_failure_can_still_be_read) {
  Peer peer([](Wire& wire) {
    Server server(wire);
    server.accept();
    server.data(1, "last words");
  });
  const auto session = dial(peer);
  const auto stream = session->open(patient(), {}, false);
  ASSERT_TRUE(stream);
  std::string words;
  ASSERT_TRUE((*stream)->read(patient(), words));
  EXPECT_EQ(words, "last words");
  const auto end = (*stream)->read(patient(), words);
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().message, HasSubstr("tunnel was lost"));
  EXPECT_TRUE(session->ended());
  EXPECT_FALSE(session->open(patient(), {}, false));
}

TEST(SpdySession, after_a_goaway_open_streams_go_on_and_no_new_ones_begin) {
  std::promise<void> refused;
  Peer peer([&](Wire& wire) {
    Server server(wire);
    server.accept();
    server.send({SpdyType::goaway, 0, 1, 0, {}});
    server.data(1, "still ");
    refused.get_future().wait();
    server.data(1, "here", true);
    server.drain();
  });
  const auto session = dial(peer);
  const auto stream = session->open(patient(), {}, false);
  ASSERT_TRUE(stream);
  std::string text;
  ASSERT_TRUE((*stream)->read(patient(), text));
  EXPECT_FALSE(session->open(patient(), {}, false));
  refused.set_value();
  EXPECT_EQ(text + read_all(**stream), "still here");
}

TEST(SpdySession, answers_pings_and_refuses_streams_of_the_other_end) {
  std::promise<std::vector<SpdyFrame>> heard;
  Peer peer([&](Wire& wire) {
    Server server(wire);
    server.send({SpdyType::ping, 0, 4, 0, {}});
    server.send({SpdyType::syn_stream, 0, 2, 0, "block"});
    std::vector<SpdyFrame> frames;
    for (int i = 0; i < 2; ++i) frames.push_back(server.next());
    heard.set_value(std::move(frames));
  });
  const auto session = dial(peer);
  const auto frames = heard.get_future().get();
  EXPECT_EQ(frames[0].type, SpdyType::ping);
  EXPECT_EQ(frames[0].stream, 4U);
  EXPECT_EQ(frames[1].type, SpdyType::rst_stream);
  EXPECT_EQ(frames[1].stream, 2U);
  EXPECT_EQ(frames[1].number, kSpdyRefused);
}

TEST(SpdySession, silence_is_asked_about_and_ends_it_only_without_an_answer) {
  std::latch answered(3);
  Peer peer([&](Wire& wire) {
    Server server(wire);
    server.accept();
    for (int i = 0; i < 3; ++i) {
      const auto ping = server.next(SpdyType::ping);
      EXPECT_EQ(ping.stream % 2, 1U);
      server.send(ping);
      answered.count_down();
    }
    server.drain();
  });
  SpdySessionOptions options;
  options.ping_interval = std::chrono::milliseconds(20);
  options.patience = std::chrono::seconds(1);
  const auto session = dial(peer, options);
  const auto stream = session->open(patient(), {}, false);
  ASSERT_TRUE(stream);
  answered.wait();
  EXPECT_FALSE(session->ended());
  EXPECT_THAT(read_all(**stream), HasSubstr("nothing heard for 1s"));
}

TEST(SpdySession, a_dropped_stream_is_reset_and_an_ended_one_is_not) {
  std::promise<SpdyFrame> reset;
  Peer peer([&](Wire& wire) {
    Server server(wire);
    server.accept();
    server.data(1, "", true);
    server.accept();
    reset.set_value(server.next(SpdyType::rst_stream));
  });
  const auto session = dial(peer);
  {
    const auto ended = session->open(patient(), {}, true);
    ASSERT_TRUE(ended);
    EXPECT_EQ(read_all(**ended), "");
  }
  {
    ASSERT_TRUE(session->open(patient(), {}, false));
  }
  const auto frame = reset.get_future().get();
  EXPECT_EQ(frame.stream, 3U);
  EXPECT_EQ(frame.number, kSpdyCancel);
}

TEST(SpdySession, windows_are_opened_again_for_what_was_taken_in) {
  std::promise<std::pair<std::uint32_t, std::uint32_t>> acknowledged;
  Peer peer([&](Wire& wire) {
    Server server(wire);
    server.accept();
    server.data(1, std::string(40'000, 'x'));
    std::uint32_t session = 0;
    std::uint32_t stream = 0;
    while (session == 0 || stream == 0) {
      const auto frame = server.next();
      if (frame.type == SpdyType::data) break;
      if (frame.type == SpdyType::window_update) (frame.stream == 0 ? session : stream) += frame.number;
    }
    acknowledged.set_value({session, stream});
  });
  const auto session = dial(peer);
  const auto stream = session->open(patient(), {}, false);
  ASSERT_TRUE(stream);
  std::string text;
  while (text.size() < 40'000) ASSERT_TRUE((*stream)->read(patient(), text));
  EXPECT_EQ(acknowledged.get_future().get(), (std::pair{40'000U, 40'000U}));
}

TEST(SpdySession, a_reader_that_lags_loses_nothing_and_one_that_leaves_holds_up_nobody) {
  Peer peer([](Wire& wire) {
    Server server(wire);
    server.accept();
    server.accept();
    for (int i = 0; i < 200; ++i) {
      server.data(1, std::string(50'000, 'x'));
      server.data(3, std::string(50'000, 'y'));
    }
    server.data(3, "", true);
    server.drain();
  });
  const auto session = dial(peer);
  auto leaves = session->open(patient(), {}, false);
  const auto lags = session->open(patient(), {}, false);
  ASSERT_TRUE(leaves && lags);
  std::string text;
  ASSERT_TRUE((*lags)->read(patient(), text));
  leaves->reset();
  EXPECT_EQ(text.size() + read_all(**lags).size(), 10'000'000U);
}

TEST(SpdySession, opening_ends_with_the_context_when_nobody_accepts) {
  Peer peer([](Wire& wire) { wire.read_all(); });
  const auto session = dial(peer);
  const auto stream = session->open(Context().with_timeout(std::chrono::milliseconds(10)), {}, false);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::cancelled);
}

TEST(SpdySession, its_end_ends_those_who_wait) {
  Peer peer([](Wire& wire) {
    Server server(wire);
    server.accept();
    server.drain();
  });
  auto session = dial(peer);
  const auto stream = session->open(patient(), {}, false);
  ASSERT_TRUE(stream);
  auto waiting = std::async(std::launch::async, [&] { return read_all(**stream); });
  session.reset();
  EXPECT_THAT(waiting.get(), HasSubstr("tunnel was lost"));
}

struct BrokenWire : ByteStream {
  Result<void> write(const Context&, std::string_view) override { return {}; }
  void post(std::string_view) override {}
  Result<bool> read(const Context&, std::string&) override { throw std::runtime_error("broken"); }
};

TEST(SpdySession, a_reader_that_throws_ends_it_with_an_error) {
  const auto session = SpdySession::start(std::make_unique<BrokenWire>()).value();
  const auto stream = session->open(patient(), {}, false);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().message, "the tunnel was lost: reading from a tunnel: broken");
  EXPECT_TRUE(session->ended());
}

TEST(SpdySession, without_a_thread_it_does_not_start) {
  const NoMoreThreads none;
  EXPECT_FALSE(SpdySession::start(std::make_unique<BrokenWire>()));
}

}  // namespace spdy_session_test
}  // namespace flux::http

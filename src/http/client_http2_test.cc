#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <latch>
#include <stdexcept>

#include "base/test_bounded.h"
#include "http/client.h"
#include "http/testing/blocking_stream.h"
#include "http/testing/http2.h"

namespace flux::http {
namespace client_http2_test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Authority;
using testing::Frame;
using testing::Http2;
using testing::Peer;
using testing::PeerTls;
using testing::stream;
using testing::Wire;

constexpr std::uint32_t kRefused = 7;
constexpr std::uint32_t kInternal = 2;

class ClientHttp2 : public ::testing::Test {
 protected:
  PeerTls tls() const { return {authority_.issue("server", "IP:127.0.0.1"), "", {"h2", "http/1.1"}}; }

  std::unique_ptr<Client> make_client() const {
    auto client = Client::make({.tls = {.ca_pem = authority_.pem()}});
    if (!client) throw std::runtime_error(client.error().message);
    return std::move(*client);
  }

  /// The outcome of one request to a peer that plays `script`, which ends by closing the connection.
  Result<ClientResponse> ask(const Peer::Script& script) const {
    Peer peer(script, tls());
    return make_client()->send(Context().with_timeout(seconds(20)), {.url = peer.url("/")});
  }

  const Authority authority_;
};

TEST_F(ClientHttp2, IsSpokenWhereTheServerHasIt) {
  const auto answer = ask([](Wire& wire) {
    ASSERT_EQ(wire.protocol(), "h2");
    Http2 http2(wire);
    http2.answer(http2.next_request().value(), "second version");
    http2.receive();
  });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "second version");
}

TEST_F(ClientHttp2, ManyRequestsAreInFlightOnOneConnection) {
  constexpr std::size_t kTogether = 90;
  std::atomic<bool> together = false;
  Peer peer(
      [&](Wire& wire) {
        Http2 http2(wire);
        std::vector<std::uint32_t> waiting;
        bool first = true;
        while (const auto stream = http2.next_request()) {
          waiting.push_back(*stream);
          // The first is answered by itself and teaches the client; of the others none is before ninety are here.
          if (!first && !together && waiting.size() < kTogether) continue;
          together = together || !first;
          first = false;
          for (const auto id : waiting) http2.answer(id, "ok");
          waiting.clear();
        }
      },
      tls());
  const auto client = make_client();
  ASSERT_TRUE(client->send(bounded(), {.url = peer.url("/")}));
  constexpr int kCount = 2000;
  std::latch all(kCount);
  std::atomic<int> good = 0;
  const auto ctx = Context().with_timeout(seconds(60));
  for (int i = 0; i < kCount; ++i)
    client->start(ctx, {.url = peer.url("/")}, [&](const Result<ClientResponse>& answer) {
      good += answer && answer->body == "ok";
      all.count_down();
    });
  all.wait();
  EXPECT_EQ(good, kCount);
  EXPECT_EQ(peer.connections(), 1);
}

TEST_F(ClientHttp2, ABurstAtTheStartSharesOneConnection) {
  Peer peer(
      [](Wire& wire) {
        Http2 http2(wire);
        while (const auto stream = http2.next_request()) http2.answer(*stream, "ok");
      },
      tls());
  const auto client = make_client();
  constexpr int kCount = 200;
  std::latch all(kCount);
  std::atomic<int> good = 0;
  for (int i = 0; i < kCount; ++i)
    client->start(bounded(), {.url = peer.url("/")}, [&](const Result<ClientResponse>& answer) {
      good += answer && answer->body == "ok";
      all.count_down();
    });
  all.wait();
  EXPECT_EQ(good, kCount);
  EXPECT_EQ(peer.connections(), 1);
}

TEST_F(ClientHttp2, ABrokenStreamOrConnectionIsAnErrorAndNotAHang) {
  const std::pair<const char*, Peer::Script> cases[] = {
      {"closed before the answer", [](Wire& wire) { Http2(wire).next_request(); }},
      {"closed within the answer",
       [](Wire& wire) {
         Http2 http2(wire);
         const auto stream = http2.next_request().value_or(1);
         http2.begin_answer(stream);
         http2.send({Frame::data, 0, stream, "half"});
       }},
      {"stream reset",
       [](Wire& wire) {
         Http2 http2(wire);
         http2.reset(http2.next_request().value_or(1), kInternal);
         http2.receive();
       }},
      {"stream reset within the answer",
       [](Wire& wire) {
         Http2 http2(wire);
         const auto stream = http2.next_request().value_or(1);
         http2.begin_answer(stream);
         http2.send({Frame::data, 0, stream, "half"});
         http2.reset(stream, kInternal);
         while (http2.receive()) {
         }
       }},
      {"told to go away with an error",
       [](Wire& wire) {
         Http2 http2(wire);
         http2.next_request();
         http2.go_away(0, kInternal);
       }},
      {"told to go away in the answer, then closed",
       [](Wire& wire) {
         Http2 http2(wire);
         const auto stream = http2.next_request().value_or(1);
         http2.begin_answer(stream);
         http2.go_away(stream, 0);
       }},
      {"reset connection",
       [](Wire& wire) {
         Http2(wire).next_request();
         wire.reset();
       }},
      {"nonsense",
       [](Wire& wire) {
         Http2 http2(wire);
         http2.next_request();
         wire.write(std::string(100, '\xFF'));
         wire.read_some();
       }},
  };
  for (const auto& [name, script] : cases) {
    const auto answer = ask(script);
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().kind, ErrorKind::server) << name << ": " << answer.error().message;
  }
}

TEST_F(ClientHttp2, AnAnswerBegunBeforeGoAwayIsReadToItsEnd) {
  const auto answer = ask([](Wire& wire) {
    Http2 http2(wire);
    const auto stream = http2.next_request().value();
    http2.begin_answer(stream);
    http2.go_away(stream, 0);
    http2.send({Frame::data, Frame::kEnd, stream, "whole"});
    while (http2.receive()) {
    }
  });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "whole");
}

TEST_F(ClientHttp2, ARefusedStreamIsTriedAgain) {
  std::atomic<int> refused = 0;
  const auto answer = ask([&](Wire& wire) {
    Http2 http2(wire);
    while (const auto stream = http2.next_request()) {
      if (refused++ == 0)
        http2.reset(*stream, kRefused);
      else
        http2.answer(*stream, "taken");
    }
  });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "taken");
}

TEST_F(ClientHttp2, AfterGoAwayRequestsGoOverANewConnection) {
  Peer peer(
      [](Wire& wire) {
        Http2 http2(wire);
        const auto stream = http2.next_request();
        if (!stream) return;
        http2.answer(*stream, "ok");
        http2.go_away(*stream, 0);
        while (http2.receive()) {
        }
      },
      tls());
  const auto client = make_client();
  for (int i = 0; i < 5; ++i) {
    const auto answer = client->send(Context().with_timeout(seconds(20)), {.url = peer.url("/")});
    ASSERT_TRUE(answer) << i << answer.error().message;
  }
  EXPECT_EQ(peer.connections(), 5);
}

TEST_F(ClientHttp2, AStopIsSeenByTheServerAtOnce) {
  std::promise<void> gone;
  Peer peer(
      [&](Wire& wire) {
        Http2 http2(wire);
        const auto watch = http2.next_request().value();
        http2.begin_answer(watch);
        http2.send({Frame::data, 0, watch, "event"});
        while (http2.receive()) {
        }
        gone.set_value();
      },
      tls());
  const auto client = make_client();
  std::stop_source stop;
  std::promise<void> streaming;
  auto watch = std::async(std::launch::async, [&] {
    return stream(
        *client, bounded(stop.get_token()), {.url = peer.url("/watch")},
        [&](std::string_view) { return streaming.set_value(), true; }, seconds(60));
  });
  streaming.get_future().wait();
  const auto stopped = Clock::now();
  stop.request_stop();
  const auto ended = watch.get();
  EXPECT_LT(Clock::now() - stopped, milliseconds(100));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::cancelled);
  gone.get_future().wait();
}

TEST_F(ClientHttp2, AStopLeavesOtherStreamsOfTheConnectionAlone) {
  std::latch streaming(2);
  std::promise<void> was_reset;
  Peer peer(
      [&](Wire& wire) {
        Http2 http2(wire);
        std::vector<std::uint32_t> watches;
        while (const auto frame = http2.receive()) {
          if (frame->type == Frame::rst_stream) was_reset.set_value();
          if (frame->type != Frame::headers) continue;
          if (watches.size() == 2) {
            http2.answer(frame->stream, "beside");
            continue;
          }
          watches.push_back(frame->stream);
          http2.begin_answer(frame->stream);
          http2.send({Frame::data, 0, frame->stream, "event"});
        }
      },
      tls());
  const auto client = make_client();
  std::stop_source stops[2];
  std::future<Result<ClientResponse>> watches[2];
  for (int i = 0; i < 2; ++i)
    watches[i] = std::async(std::launch::async, [&, i] {
      return stream(
          *client, Context(stops[i].get_token()), {.url = peer.url("/watch")},
          [&](std::string_view) { return streaming.count_down(), true; }, seconds(60));
    });
  streaming.wait();
  stops[0].request_stop();
  EXPECT_FALSE(watches[0].get());
  const auto beside = client->send(Context().with_timeout(seconds(20)), {.url = peer.url("/")});
  ASSERT_TRUE(beside) << beside.error().message;
  EXPECT_EQ(beside->body, "beside");
  was_reset.get_future().wait();
  EXPECT_EQ(peer.connections(), 1);
  EXPECT_EQ(watches[1].wait_for(seconds(0)), std::future_status::timeout);
  stops[1].request_stop();
  EXPECT_FALSE(watches[1].get());
}

TEST_F(ClientHttp2, StreamsOfADeadConnectionAllEnd) {
  constexpr std::size_t kStreams = 20;
  Peer peer(
      [](Wire& wire) {
        Http2 http2(wire);
        for (std::size_t begun = 0; begun < kStreams; ++begun) {
          const auto stream = http2.next_request();
          if (!stream) return;
          http2.begin_answer(*stream);
        }
        wire.reset();
      },
      tls());
  const auto client = make_client();
  std::vector<std::future<Result<ClientResponse>>> streams;
  for (std::size_t i = 0; i < kStreams; ++i)
    streams.push_back(std::async(std::launch::async, [&] {
      return stream(
          *client, Context().with_timeout(seconds(20)), {.url = peer.url("/")}, [](std::string_view) { return true; },
          seconds(60));
    }));
  for (auto& stream : streams) {
    const auto ended = stream.get();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::server) << ended.error().message;
  }
}

}  // namespace client_http2_test
}  // namespace flux::http

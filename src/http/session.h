#pragma once

#include <array>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>

#include "http/asio.h"
#include "http/handler_pool.h"
#include "http/request_reader.h"
#include "http/server.h"
#include "http/server_tls.h"
#include "http/stream_pipe.h"

namespace flux::http {

class Session;

/// A line of plain text.
ServerResponse text_response(int status, const std::string& text);

/// What all connections of a server share. Belongs to the server's I/O thread; `handler`, `log`, `limits` and `tls`
/// never change and `io` takes posts from any thread.
struct Service {
  Service(ServerLimits server_limits, Handler server_handler, Log server_log, TlsSource identity)
      : limits(server_limits),
        handler(std::move(server_handler)),
        log(std::move(server_log)),
        tls(std::move(identity)),
        pool(limits.handler_threads, log),
        streams(log) {}

  const ServerLimits limits;
  const Handler handler;
  const Log log;
  const TlsSource tls;  ///< nothing: plain HTTP
  boost::asio::io_context io{1};
  std::unordered_set<std::shared_ptr<Session>> sessions;
  std::list<Session*> unasked;  ///< connections without a complete request, the one waiting longest first
  std::array<char, std::size_t{64} << 10> scratch;
  HandlerPool pool;
  StreamThreads streams;
};

/// One connection: reads requests, has them handled, writes responses, one after the other. I/O thread only.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, Service& service);

  void start();
  /// Ends the connection now, and the context of the request at work on it.
  void close();

 private:
  enum class State { header, body, busy, lingering, closed };
  using Next = void (Session::*)();

  // Reading: session.cc.
  void await_bytes();
  void read();
  bool decrypt(std::string_view wire);
  void on_bytes();
  void on_end_of_input();
  void advance();
  void begin_body();
  void dispatch();
  void next_request();

  // Writing: session_writing.cc.
  void respond(ServerResponse response);
  void refuse(int status, const std::string& reason);
  void start_stream(ServerResponse response);
  void flush_stream();
  void send(std::string head, std::string body, Next next);
  void write_plain();
  void write_wire();
  void on_sent();
  void end_of_response();
  void linger();

  // Time and place: session.cc.
  void limit_time(Duration limit);
  void no_time_limit();
  void on_late();
  void set_unasked(bool unasked);

  Service& service_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  State state_ = State::header;
  bool awaiting_ = false;
  bool sending_ = false;
  bool is_unasked_ = false;
  std::list<Session*>::iterator place_;

  std::string in_;  ///< received, not yet used
  std::unique_ptr<RequestReader> reader_;
  bool first_ = true;
  bool keep_alive_ = false;
  bool http10_ = false;
  bool head_ = false;
  std::stop_source stop_;

  std::string out_head_;
  std::string out_body_;
  Next next_ = nullptr;  ///< once that is sent
  std::optional<TlsLine> tls_;
  std::string wire_;  ///< encrypted, on its way; handshakes put something there at any time
  bool writing_wire_ = false;
  std::size_t discarded_ = 0;  // bytes while lingering
  bool said_end_ = false;
  std::shared_ptr<StreamPipe> pipe_;
};

}  // namespace flux::http

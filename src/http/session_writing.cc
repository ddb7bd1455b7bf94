#include "http/response_head.h"
#include "http/session.h"

namespace flux::http {

namespace asio = boost::asio;
using Fault = boost::system::error_code;

namespace {

constexpr Duration kLinger = std::chrono::seconds(1);

StreamPipe::End write_stream(const Service& service, const Context& ctx, const ServerResponse& response,
                             StreamPipe& pipe) {
  try {
    response.stream(ctx, pipe);
    return StreamPipe::End::complete;
  } catch (...) {
    service.log({{"err", what_was_thrown()}, {"info", "streamed response cut off"}});
  }
  return StreamPipe::End::broken;
}

}  // namespace

void Session::respond(ServerResponse response) {
  if (state_ == State::closed) return;
  const bool has_body = may_have_body(response.status);
  if (response.stream && has_body && !head_) return start_stream(std::move(response));
  Framing framing{keep_alive_, http10_, false, std::nullopt};
  if (response.stream)
    framing.chunked = has_body && !http10_;
  else if (has_body)
    framing.length = response.body.size();
  auto body = has_body && !head_ ? std::move(response.body) : std::string();
  send(response_head(response.status, response.headers, framing), std::move(body), &Session::end_of_response);
}

void Session::refuse(int status, const std::string& reason) {
  state_ = State::busy;
  set_unasked(false);
  keep_alive_ = false;
  head_ = reader_ && reader_->is_head();
  respond(text_response(status, reason));
}

void Session::start_stream(ServerResponse response) {
  keep_alive_ = keep_alive_ && !http10_;
  auto head = response_head(response.status, response.headers, {keep_alive_, http10_, !http10_, std::nullopt});
  auto& service = service_;
  pipe_ = std::make_shared<StreamPipe>([&service, weak = weak_from_this()] {
    asio::post(service.io, [weak] {
      if (const auto self = weak.lock()) self->flush_stream();
    });
  });
  auto job = [&service, pipe = pipe_, ctx = Context(stop_.get_token(), service.log), response = std::move(response)] {
    pipe->finish(write_stream(service, ctx, response, *pipe));
  };
  if (service.streams.start(std::move(job))) return send(std::move(head), {}, &Session::flush_stream);
  pipe_.reset();
  respond(text_response(503, "no threads left for another stream"));
}

void Session::flush_stream() {
  if (sending_ || !pipe_ || state_ == State::closed) return;
  auto taken = pipe_->take();
  auto bytes = http10_ || taken.bytes.empty() ? std::move(taken.bytes) : chunk(taken.bytes);
  if (taken.complete && !http10_) bytes += "0\r\n\r\n";
  const Next next = taken.complete ? &Session::end_of_response : taken.ended ? &Session::close : &Session::flush_stream;
  if (!bytes.empty()) return send(std::move(bytes), {}, next);
  if (taken.ended) (this->*next)();
}

void Session::send(std::string head, std::string body, Next next) {
  sending_ = true;
  next_ = next;
  out_head_ = std::move(head);
  out_body_ = std::move(body);
  limit_time(service_.limits.body_timeout);
  if (!tls_) return write_plain();
  tls_->send(out_head_);
  tls_->send(out_body_);
  write_wire();
}

void Session::write_plain() {
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(out_head_), asio::buffer(out_body_)};
  asio::async_write(socket_, buffers, [self = shared_from_this()](const Fault& fault, std::size_t) {
    if (self->state_ == State::closed) return;
    fault ? self->close() : self->on_sent();
  });
}

/// Writes until TLS has nothing left, then what was to be sent is.
void Session::write_wire() {
  if (writing_wire_ || state_ == State::closed) return;
  wire_ = tls_->output();
  if (wire_.empty()) return sending_ ? on_sent() : void();
  writing_wire_ = true;
  asio::async_write(socket_, asio::buffer(wire_), [self = shared_from_this()](const Fault& fault, std::size_t) {
    self->writing_wire_ = false;
    if (self->state_ == State::closed) return;
    fault ? self->close() : self->write_wire();
  });
}

void Session::on_sent() {
  sending_ = false;
  out_body_ = {};
  if (state_ != State::body) no_time_limit();
  (this->*next_)();
}

void Session::end_of_response() {
  pipe_.reset();
  keep_alive_ ? next_request() : linger();
}

/// Closing at once would send a reset when the client is still writing, and the reset can overtake our answer.
void Session::linger() {
  if (tls_ && !std::exchange(said_end_, true)) {
    tls_->end();
    return send({}, {}, &Session::linger);
  }
  state_ = State::lingering;
  in_ = {};
  Fault ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  limit_time(kLinger);
  await_bytes();
}

}  // namespace flux::http

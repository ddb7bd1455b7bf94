#include "http/session.h"

namespace flux::http {

namespace asio = boost::asio;
using Fault = boost::system::error_code;

namespace {

constexpr int kIdleFactor = 6;
constexpr std::size_t kMostDiscarded = 4 << 20;  // bytes of a request that nobody wants any more

ServerResponse answer(const Service& service, const Context& ctx, const ServerRequest& request) {
  try {
    return service.handler(ctx, request);
  } catch (...) {
    service.log({{"err", what_was_thrown()}, {"method", request.method}, {"path", request.path}});
  }
  return text_response(500, "internal error");
}

}  // namespace

ServerResponse text_response(int status, const std::string& text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, text + "\n", {}};
}

Session::Session(asio::ip::tcp::socket socket, Service& service)
    : service_(service), socket_(std::move(socket)), timer_(service.io) {
  if (service.tls) tls_.emplace(service.tls());
}

void Session::start() {
  set_unasked(true);
  limit_time(service_.limits.header_timeout);
  await_bytes();
}

void Session::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  const auto self = shared_from_this();
  set_unasked(false);
  service_.sessions.erase(self);
  stop_.request_stop();
  if (pipe_) pipe_->close();
  Fault ignored;
  socket_.close(ignored);
  timer_.cancel();
}

// ---- reading

void Session::await_bytes() {
  if (awaiting_ || state_ == State::closed) return;
  awaiting_ = true;
  // Waiting first and reading into a common buffer, an idle connection costs no buffer of its own.
  socket_.async_wait(asio::socket_base::wait_read, [self = shared_from_this()](const Fault& fault) {
    self->awaiting_ = false;
    if (self->state_ == State::closed) return;
    fault ? self->close() : self->read();
  });
}

void Session::read() {
  Fault fault;
  const auto count = socket_.read_some(asio::buffer(service_.scratch), fault);
  if (fault == asio::error::would_block) return await_bytes();
  if (fault) return on_end_of_input();
  if (state_ == State::lingering) return (discarded_ += count) < kMostDiscarded ? await_bytes() : close();
  const std::string_view received(service_.scratch.data(), count);
  if (!tls_)
    in_.append(received);
  else if (!decrypt(received))
    return;
  on_bytes();
}

/// False when that ends the connection, or the client's side of it.
bool Session::decrypt(std::string_view wire) {
  switch (tls_->receive(wire, in_)) {
    case TlsLine::State::open:
      write_wire();
      return state_ != State::closed;
    case TlsLine::State::ended:
      // A client may close its side behind its last request.
      if (state_ == State::header || state_ == State::body) advance();
      if (state_ != State::closed) on_end_of_input();
      return false;
    case TlsLine::State::broken:
      break;
  }
  if (sending_ || state_ == State::busy) {
    close();
  } else {
    keep_alive_ = false;
    said_end_ = true;
    state_ = State::busy;
    set_unasked(false);
    send({}, {}, &Session::linger);
  }
  return false;
}

void Session::on_bytes() {
  if (state_ == State::header || state_ == State::body) return advance();
  // While a request is at work we go on reading to see the client go; what it sends meanwhile is its next request.
  if (in_.size() < service_.limits.header_bytes) await_bytes();
}

void Session::on_end_of_input() {
  if (state_ != State::busy || pipe_) return close();
  stop_.request_stop();
}

void Session::advance() {
  if (!reader_) reader_ = std::make_unique<RequestReader>(service_.limits);
  in_.erase(0, reader_->feed(in_));
  switch (reader_->state()) {
    case RequestReader::State::header:
      if (!first_ && !in_.empty()) limit_time(service_.limits.header_timeout);
      first_ = first_ || !in_.empty();
      return await_bytes();
    case RequestReader::State::body:
      return state_ == State::header ? begin_body() : await_bytes();
    case RequestReader::State::done:
      return dispatch();
    case RequestReader::State::failed:
      return refuse(reader_->refusal().status, reader_->refusal().reason);
  }
}

void Session::begin_body() {
  state_ = State::body;
  limit_time(service_.limits.body_timeout);
  if (reader_->expects_continue() && in_.empty())
    send("HTTP/1.1 100 Continue\r\n\r\n", {}, &Session::await_bytes);
  else
    advance();
}

void Session::dispatch() {
  state_ = State::busy;
  set_unasked(false);
  no_time_limit();
  stop_ = std::stop_source{};
  keep_alive_ = reader_->keep_alive();
  http10_ = reader_->is_http10();
  head_ = reader_->is_head();
  auto request = std::make_shared<const ServerRequest>(reader_->take());
  reader_.reset();
  // The job must not own the connection: sockets are let go on the I/O thread only.
  service_.pool.submit([&service = service_, weak = weak_from_this(), request, token = stop_.get_token()] {
    auto response = std::make_shared<ServerResponse>(answer(service, Context(token, service.log), *request));
    asio::post(service.io, [weak, response] {
      if (const auto self = weak.lock()) self->respond(std::move(*response));
    });
  });
  await_bytes();
}

void Session::next_request() {
  state_ = State::header;
  first_ = false;
  set_unasked(true);
  limit_time(service_.limits.header_timeout * kIdleFactor);
  in_.empty() ? await_bytes() : advance();
}

// ---- time and place

void Session::limit_time(Duration limit) {
  timer_.expires_after(limit);
  timer_.async_wait([self = shared_from_this()](const Fault&) {
    // Also called for a limit that was lifted or moved meanwhile.
    if (self->state_ != State::closed && self->timer_.expiry() <= Clock::now()) self->on_late();
  });
}

void Session::no_time_limit() { timer_.expires_at(Clock::time_point::max()); }

void Session::on_late() {
  if (sending_) return close();
  if (state_ == State::body) return refuse(408, "the request's body took too long");
  if (state_ == State::header && !in_.empty()) return refuse(408, "the request's header took too long");
  close();
}

void Session::set_unasked(bool unasked) {
  if (unasked == is_unasked_) return;
  is_unasked_ = unasked;
  if (unasked)
    place_ = service_.unasked.insert(service_.unasked.end(), this);
  else
    service_.unasked.erase(place_);
}

}  // namespace flux::http

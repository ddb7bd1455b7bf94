#include "http/testing/websocket_peer.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <sstream>

namespace flux::http::testing {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

/// A Wire as Beast wants it.
class WireStream {
 public:
  using executor_type = boost::asio::io_context::executor_type;

  WireStream(Wire& wire, boost::asio::io_context& io) : wire_(wire), io_(io) {}
  executor_type get_executor() { return io_.get_executor(); }

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    if (pending_.empty()) pending_ = wire_.read_some();
    error = pending_.empty() ? boost::asio::error::eof : boost::system::error_code();
    const auto count = boost::asio::buffer_copy(buffers, boost::asio::buffer(pending_));
    pending_.erase(0, count);
    return count;
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
    const auto bytes = beast::buffers_to_string(buffers);
    error = wire_.write(bytes) ? boost::system::error_code() : boost::asio::error::broken_pipe;
    return error ? 0 : bytes.size();
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    boost::system::error_code error;
    return read_some(buffers, error);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    boost::system::error_code error;
    return write_some(buffers, error);
  }
  Wire& wire() { return wire_; }

 private:
  Wire& wire_;
  boost::asio::io_context& io_;
  std::string pending_;
};

void teardown(beast::role_type, WireStream& stream, boost::system::error_code& error) {
  stream.wire().shut_write();
  error = {};
}

namespace {

class BeastSocket : public ServerSocket {
 public:
  BeastSocket(Wire& wire, boost::asio::io_context& io) : stream_(wire, io) {
    stream_.control_callback([this](websocket::frame_type type, beast::string_view) {
      if (type == websocket::frame_type::pong) ++pongs_;
    });
    stream_.binary(true);
    stream_.auto_fragment(false);
  }

  bool accept(const std::string& head, const std::string& protocol) {
    beast::http::request_parser<beast::http::empty_body> parser;
    boost::system::error_code error;
    parser.put(boost::asio::buffer(head), error);
    stream_.set_option(websocket::stream_base::decorator([&](websocket::response_type& response) {
      if (!protocol.empty()) response.set(beast::http::field::sec_websocket_protocol, protocol);
    }));
    if (!error) stream_.accept(parser.get(), error);
    return !error;
  }

  std::optional<std::string> read() override {
    beast::flat_buffer buffer;
    boost::system::error_code error;
    stream_.read(buffer, error);
    if (error) return std::nullopt;
    return beast::buffers_to_string(buffer.data());
  }
  void write(const std::string& message) override {
    boost::system::error_code error;
    stream_.write(boost::asio::buffer(message), error);
  }
  void write_in_parts(const std::string& message, std::size_t size) override {
    boost::system::error_code error;
    for (std::size_t at = 0; at < message.size(); at += size)
      stream_.write_some(at + size >= message.size(), boost::asio::buffer(message.substr(at, size)), error);
  }
  void ping(const std::string& payload) override {
    boost::system::error_code error;
    stream_.ping(websocket::ping_data(payload), error);
  }
  void close(unsigned status, const std::string& reason) override {
    boost::system::error_code error;
    stream_.close(websocket::close_reason(static_cast<websocket::close_code>(status), reason), error);
  }
  [[nodiscard]] unsigned close_status() const override { return stream_.reason().code; }
  [[nodiscard]] int pongs() const override { return pongs_; }

 private:
  websocket::stream<WireStream> stream_;
  int pongs_ = 0;
};

}  // namespace

Peer::Script accept_websocket(std::string protocol,
                              std::function<void(ServerSocket&, const std::string&)> conversation) {
  return [protocol = std::move(protocol), conversation = std::move(conversation)](Wire& wire) {
    const auto head = wire.read_until("\r\n\r\n");
    boost::asio::io_context io;
    BeastSocket socket(wire, io);
    if (socket.accept(head, protocol)) conversation(socket, head);
  };
}

}  // namespace flux::http::testing

#include "http/request_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/target.h"

namespace flux::http {

namespace beast = boost::beast::http;

struct RequestReader::Parser {
  beast::request_parser<beast::string_body> parser;
};

namespace {

std::string text(boost::beast::string_view view) { return {view.data(), view.size()}; }

bool same(boost::beast::string_view a, boost::beast::string_view b) { return boost::beast::iequals(a, b); }

}  // namespace

RequestReader::RequestReader(const ServerLimits& limits) : parser_(std::make_unique<Parser>()) {
  parser_->parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser_->parser.body_limit(limits.body_bytes);
}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes) {
  auto& parser = parser_->parser;
  std::size_t used = 0;
  while (state_ == State::header || state_ == State::body) {
    const auto before = state_;
    boost::beast::error_code error;
    const auto rest = bytes.substr(used);
    // A header cannot end without bytes, but a body can: it may have none.
    if (rest.empty() && !(parser.is_header_done() && parser.is_done())) break;
    const auto count = parser.is_done() ? 0 : parser.put(boost::asio::buffer(rest.data(), rest.size()), error);
    used += count;
    if (error && error != beast::error::need_more) {
      if (error == beast::error::body_limit)
        refuse(413, "the request's body is too large");
      else if (error == beast::error::header_limit)
        refuse(431, "the request's header is too large");
      else
        refuse(400, "malformed request: " + error.message());
      break;
    }
    if (state_ == State::header && parser.is_header_done()) end_of_header();
    if (state_ == State::body && parser.is_done()) state_ = State::done;
    // The caller acts at the end of the header: other time limit, `100 Continue`.
    if (before == State::header && state_ == State::body) break;
    if (error == beast::error::need_more || count == 0) break;
  }
  return used;
}

void RequestReader::end_of_header() {
  auto& message = parser_->parser.get();
  auto target = parse_target({message.target().data(), message.target().size()});
  if (!target) return refuse(400, "malformed request target");
  if (message.version() == 11 && message.count(beast::field::host) != 1)
    return refuse(400, "a request must name its host exactly once");
  request_.method = text(message.method_string());
  request_.target = text(message.target());
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  for (const auto& field : message) request_.headers.add(text(field.name_string()), text(field.value()));
  state_ = State::body;
}

void RequestReader::refuse(int status, std::string reason) {
  state_ = State::failed;
  refusal_ = {status, std::move(reason)};
}

bool RequestReader::keep_alive() const { return state_ == State::done && parser_->parser.get().keep_alive(); }

bool RequestReader::expects_continue() const {
  const auto& message = parser_->parser.get();
  return message.version() == 11 && same(message[beast::field::expect], "100-continue");
}

bool RequestReader::is_http10() const {
  return parser_->parser.is_header_done() && parser_->parser.get().version() == 10;
}

bool RequestReader::is_head() const {
  return parser_->parser.is_header_done() && parser_->parser.get().method() == beast::verb::head;
}

ServerRequest RequestReader::take() {
  request_.body = std::move(parser_->parser.get().body());
  return std::move(request_);
}

}  // namespace flux::http

#include "http/upgrade.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "http/connection.h"
#include "http/url.h"

namespace flux::http {
namespace {

constexpr std::size_t kMaxHead = std::size_t{64} << 10;
constexpr std::size_t kMaxBody = std::size_t{64} << 10;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

/// Gives out first what was read beyond the answer's header.
class RestFirst : public ByteStream {
 public:
  RestFirst(std::unique_ptr<ByteStream> stream, std::string rest)
      : stream_(std::move(stream)), rest_(std::move(rest)) {}
  Result<void> write(const Context& ctx, std::string_view bytes) override { return stream_->write(ctx, bytes); }
  void post(std::string_view bytes) override { stream_->post(bytes); }
  Result<bool> read(const Context& ctx, std::string& to) override {
    if (rest_.empty()) return stream_->read(ctx, to);
    to += std::exchange(rest_, {});
    return true;
  }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::string rest_;
};

UpgradeError no_answer(Error error) { return {std::move(error), 0, {}}; }

bool breaks_lines(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

Result<std::string> request_text(const UpgradeRequest& request, const ClientOptions& options) {
  const auto url = parse_url(request.url);
  if (!url) return Failure(url.error());
  const auto path = request.url.find('/', request.url.find("://") + 3);
  auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\n", request.method,
                          path == std::string::npos ? "/" : request.url.substr(path, request.url.find('#') - path),
                          url->authority(false));
  if (!options.user_agent.empty()) text += fmt::format("User-Agent: {}\r\n", options.user_agent);
  for (const auto& [name, value] : request.headers) {
    if (breaks_lines(name) || breaks_lines(value))
      return fail(ErrorKind::user, fmt::format("{}: the header {} holds a line break", url->display, name));
    text += fmt::format("{}: {}\r\n", name, value);
  }
  if (breaks_lines(request.authorization.reveal()))
    return fail(ErrorKind::user, "the credentials hold a line break",
                "Check the token or password for a newline at its end.");
  if (!request.authorization.empty()) text += "Authorization: " + request.authorization.reveal() + "\r\n";
  return text + "\r\n";
}

struct Answer {
  ClientResponse head;
  std::string rest;
};

Result<Answer> read_answer(const Bounded& ctx, ByteStream& stream, const std::string& what) {
  std::string bytes;
  while (true) {
    auto end = bytes.find(kHeadEnd);
    while (end == std::string::npos) {
      if (bytes.size() > kMaxHead) return fail(ErrorKind::server, what + ": the answer's header is too long");
      const auto more = stream.read(ctx, bytes);
      if (!more) return wrap(more.error(), what);
      if (!*more)
        return fail(ErrorKind::server, what + ": the connection was closed without an answer",
                    "The server may have refused our client certificate, or a proxy in between cut the connection.");
      end = bytes.find(kHeadEnd);
    }
    auto head = parse_response_head(std::string_view(bytes).substr(0, end));
    if (!head) return fail(ErrorKind::server, what + ": what answers does not speak HTTP/1.1");
    bytes.erase(0, end + kHeadEnd.size());
    // 100 and 103 announce the real answer.
    if (head->status >= 200 || head->status == 101) return Answer{std::move(*head), std::move(bytes)};
  }
}

std::optional<std::size_t> content_length(const Headers& headers) {
  const auto text = headers.get("Content-Length");
  std::size_t length = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), length).ec != std::errc{})
    return std::nullopt;
  return length;
}

/// As much of the body as comes: it only explains an error.
std::string read_body(const Bounded& ctx, ByteStream& stream, Answer answer) {
  const auto coding = answer.head.headers.get("Transfer-Encoding");
  const bool chunked = coding && coding->find("chunked") != std::string::npos;
  const auto length = content_length(answer.head.headers).value_or(kMaxBody);
  auto& body = answer.rest;
  const auto complete = [&] { return chunked ? body.ends_with("0\r\n\r\n") : body.size() >= length; };
  while (!complete() && body.size() < kMaxBody) {
    const auto more = stream.read(ctx, body);
    if (!more || !*more) break;
  }
  return chunked ? join_chunks(body) : body.substr(0, std::min(length, kMaxBody));
}

}  // namespace

std::optional<ClientResponse> parse_response_head(std::string_view head) {
  ClientResponse response;
  auto line = head.substr(0, head.find("\r\n"));
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return std::nullopt;
  if (const auto [end, error] = std::from_chars(line.data() + 9, line.data() + 12, response.status);
      error != std::errc{} || end != line.data() + 12)
    return std::nullopt;
  while (true) {
    head.remove_prefix(std::min(line.size() + 2, head.size()));
    if (head.empty()) return response;
    line = head.substr(0, head.find("\r\n"));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    response.headers.add(std::string(line.substr(0, colon)), std::string(value));
  }
}

std::string join_chunks(std::string_view body) {
  std::string joined;
  while (true) {
    const auto line = body.substr(0, body.find("\r\n"));
    std::size_t size = 0;
    if (line.size() == body.size() ||
        std::from_chars(line.data(), line.data() + line.size(), size, 16).ec != std::errc{} || size == 0)
      return joined;
    body.remove_prefix(line.size() + 2);
    joined += body.substr(0, size);
    if (body.size() < size + 2) return joined;
    body.remove_prefix(size + 2);
  }
}

UpgradeResult<Upgraded> upgrade(const Bounded& ctx, const UpgradeRequest& request, ClientOptions options) {
  const auto text = request_text(request, options);
  if (!text) return tl::unexpected(no_answer(text.error()));
  const auto what = request.method + " " + parse_url(request.url)->display;
  auto connection = Connection::open(ctx, request.url, std::move(options));
  if (!connection) return tl::unexpected(no_answer(connection.error()));
  if (auto ok = (*connection)->write(ctx, *text); !ok) return tl::unexpected(no_answer(ok.error()));
  auto answer = read_answer(ctx, **connection, what);
  if (!answer) return tl::unexpected(no_answer(answer.error()));
  const int status = answer->head.status;
  if (status == 101)
    return Upgraded{std::move(answer->head.headers),
                    std::make_unique<RestFirst>(std::move(*connection), std::move(answer->rest))};
  UpgradeError refused;
  refused.message = fmt::format("{}: the server does not switch protocols, it answers with status {}", what, status);
  refused.status = status;
  refused.body = read_body(ctx, **connection, std::move(*answer));
  return tl::unexpected(std::move(refused));
}

}  // namespace flux::http

#include "cluster/forward/api_peer_test.h"
#include "base/json.h"

#include <fmt/format.h>

#include <optional>

#include "cluster/client.h"
#include "http/testing/spdy_server.h"
#include "http/websocket_frames.h"

namespace flux::cluster::testing {
namespace {

using http::SpdyFrame;
using http::SpdyType;

std::string answer(int status, const std::string& body, const std::string& headers = {}) {
  return fmt::format("HTTP/1.1 {} Something\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers, body);
}

std::string refusal(int status, const std::string& why) {
  return answer(status, dump_json(SortedJson{{"kind", "Status"}, {"message", why}}));
}

std::string header(const std::string& head, const std::string& name) {
  const auto at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto start = at + name.size() + 4;
  return head.substr(start, head.find("\r\n", start) - start);
}

/// A server's frames are not masked.
std::string websocket_frame(const std::string& payload) {
  std::string frame = "\x82";
  if (payload.size() < 126)
    frame += static_cast<char>(payload.size());
  else
    frame += {126, static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size() & 0xFF)};
  return frame + payload;
}

/// The payload of a client's frame, taken off the front of `input`; nothing before all of it is there.
std::optional<std::string> take_message(std::string& input, bool& closed) {
  if (input.size() < 6) return std::nullopt;
  closed = (input[0] & 0x0F) == 8;
  std::size_t size = input[1] & 0x7F;
  std::size_t at = 2;
  for (std::size_t left = size == 126 ? 2 : size == 127 ? 8 : 0; left > 0; --left) {
    if (at == 2) size = 0;
    size = size << 8 | static_cast<unsigned char>(input.at(at++));
  }
  if (input.size() < at + 4 + size) return std::nullopt;
  const auto mask = input.substr(at, 4);
  auto payload = input.substr(at + 4, size);
  for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  input.erase(0, at + 4 + size);
  return payload;
}

SortedJson pod_json(const ApiPeer::PodRow& pod) {
  SortedJson out = {{"metadata", {{"namespace", pod.ns}, {"name", pod.name}}}, {"status", {{"phase", pod.phase}}}};
  out["status"]["conditions"] = {{{"type", "Ready"}, {"status", pod.ready ? "True" : "False"}}};
  if (pod.deleting) out["metadata"]["deletionTimestamp"] = "2026-01-02T03:04:05Z";
  return out;
}

}  // namespace

struct ApiPeer::Exchange {
  LocalConnection& connection;
  std::string input;

  bool more(const Context& ctx) {
    const auto got = connection.read(ctx, input);
    return got && *got;
  }
  bool send(const Context& ctx, const std::string& bytes) { return connection.write(ctx, bytes).has_value(); }
};

ApiPeer::ApiPeer() : port_(std::move(*LocalPort::listen())), pods_{PodRow{}} {
  acceptor_ = std::jthread([this](const std::stop_token& stop) { accept_all(Context(stop)); });
}

ApiPeer::~ApiPeer() {
  acceptor_.request_stop();
  acceptor_.join();
  cut_all();
  threads_.clear();
}

std::string ApiPeer::url() const { return fmt::format("http://127.0.0.1:{}", port_.number()); }

void ApiPeer::set_pods(std::vector<PodRow> pods) {
  const std::lock_guard lock(mutex_);
  pods_ = std::move(pods);
}

void ApiPeer::refuse(TunnelForm form, int status) {
  const std::lock_guard lock(mutex_);
  refused_[form] = status;
}

void ApiPeer::refuse_lists(int status) {
  const std::lock_guard lock(mutex_);
  refuse_lists_ = status;
}

void ApiPeer::break_pods(std::string words) {
  const std::lock_guard lock(mutex_);
  broken_ = std::move(words);
}

void ApiPeer::cut_all() {
  const std::lock_guard lock(mutex_);
  std::exchange(cut_, std::stop_source()).request_stop();
}

int ApiPeer::tunnels(TunnelForm form) {
  const std::lock_guard lock(mutex_);
  return opened_[form];
}

void ApiPeer::accept_all(const Context& ctx) {
  while (auto connection = port_.accept(ctx)) {
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([this, stop = cut_.get_token(), accepted = std::move(*connection)]() mutable {
      serve(Context(stop), accepted);
      accepted.finish();
    });
  }
}

void ApiPeer::serve(const Context& ctx, LocalConnection& connection) {
  Exchange exchange{connection, {}};
  while (true) {
    auto end = exchange.input.find("\r\n\r\n");
    for (; end == std::string::npos; end = exchange.input.find("\r\n\r\n"))
      if (!exchange.more(ctx)) return;
    const auto head = exchange.input.substr(0, end + 2);
    exchange.input.erase(0, end + 4);
    const auto target = head.substr(head.find(' ') + 1, head.find(" HTTP/") - head.find(' ') - 1);
    const auto refused = target.find("/portforward") == std::string::npos ? list(target) : forward(ctx, exchange, head);
    if (refused.empty() || !exchange.send(ctx, refused)) return;
  }
}

std::string ApiPeer::list(const std::string& target) {
  const std::lock_guard lock(mutex_);
  if (refuse_lists_ != 0) return refusal(refuse_lists_, "you may not list pods");
  SortedJson items = SortedJson::array();
  for (const auto& pod : pods_) {
    const bool everywhere = target.starts_with("/api/v1/pods?");
    const bool here = everywhere || target.starts_with("/api/v1/namespaces/" + pod.ns + "/pods?");
    if (here && target.ends_with("labelSelector=" + encode_uri(pod.labels))) items.push_back(pod_json(pod));
  }
  return answer(200, dump_json(SortedJson{{"items", items}}));
}

std::string ApiPeer::forward(const Context& ctx, Exchange& exchange, const std::string& head) {
  const auto protocol = header(head, "Sec-WebSocket-Protocol");
  const auto form = head.starts_with("POST ")         ? TunnelForm::spdy
                    : protocol == "v4.channel.k8s.io" ? TunnelForm::channels
                                                      : TunnelForm::tunnelled_spdy;
  const auto from = head.find("/pods/") + 6;
  const auto pod = head.substr(from, head.find('/', from) - from);
  if (header(head, "Accept") != "*/*") return refusal(406, "only for those who accept anything");
  {
    const std::lock_guard lock(mutex_);
    if (refused_[form] != 0) return refusal(refused_[form], "no tunnels of this form");
    if (!std::ranges::any_of(pods_, [&](const PodRow& row) { return row.name == pod; }))
      return refusal(404, fmt::format("pods \"{}\" not found", pod));
    ++opened_[form];
  }
  std::string agreed = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n";
  if (form != TunnelForm::spdy)
    agreed += fmt::format("Sec-WebSocket-Accept: {}\r\nSec-WebSocket-Protocol: {}\r\n",
                          http::accept_for_key(header(head, "Sec-WebSocket-Key")), protocol);
  exchange.send(ctx, agreed + "\r\n");
  if (form == TunnelForm::channels)
    speak_channels(ctx, exchange, pod);
  else
    speak_spdy(ctx, exchange, pod, form == TunnelForm::tunnelled_spdy);
  return {};
}

void ApiPeer::speak_channels(const Context& ctx, Exchange& exchange, const std::string& pod) {
  const std::string port("\xD6\x0B");  // 3030, low byte first
  exchange.send(ctx, websocket_frame(std::string(1, '\0') + port));
  exchange.send(ctx, websocket_frame("\x01" + port));
  {
    const std::lock_guard lock(mutex_);
    if (!broken_.empty()) return static_cast<void>(exchange.send(ctx, websocket_frame("\x01" + broken_)));
  }
  for (bool closed = false; !closed;) {
    const auto message = take_message(exchange.input, closed);
    if (message && !closed) exchange.send(ctx, websocket_frame(std::string(1, '\0') + pod + ":" + message->substr(1)));
    if (!message && !exchange.more(ctx)) return;
  }
}

void ApiPeer::speak_spdy(const Context& ctx, Exchange& exchange, const std::string& pod, bool in_websocket) {
  const auto send = [&](const SpdyFrame& frame) {
    const auto bytes = http::encode_spdy(frame);
    exchange.send(ctx, in_websocket ? websocket_frame(bytes) : bytes);
  };
  const auto end = [&](std::uint32_t stream, std::string words = {}) {
    send({SpdyType::data, http::kSpdyFin, stream, 0, std::move(words)});
  };
  http::testing::SpdyHeaderInflater inflater;
  std::map<std::string, std::uint32_t> errors;       // request id -> stream
  std::map<std::uint32_t, std::uint32_t> connected;  // data stream -> error stream
  const auto open = [&](const SpdyFrame& frame) {
    auto headers = inflater.inflate(frame.payload);
    send({SpdyType::syn_reply, 0, frame.stream, 0, {}});
    if (headers["streamtype"] == "error") {
      errors[headers["requestid"]] = frame.stream;
      return;
    }
    const auto error_stream = errors.at(headers["requestid"]);
    const std::lock_guard lock(mutex_);
    if (broken_.empty() && headers["port"] == "3030") {
      connected[frame.stream] = error_stream;
      return;
    }
    end(error_stream, broken_);
    end(frame.stream);
  };
  const auto hear = [&](const SpdyFrame& frame) {
    const auto found = connected.find(frame.stream);
    if (found == connected.end()) return;
    if (!frame.payload.empty()) send({SpdyType::data, 0, frame.stream, 0, pod + ":" + frame.payload});
    if (!frame.fin()) return;
    end(found->second);
    end(frame.stream);
    connected.erase(found);
  };
  http::SpdyReader reader;
  for (bool closed = false; !closed;) {
    if (const auto frame = reader.next(); frame && *frame) {
      if ((*frame)->type == SpdyType::syn_stream) open(**frame);
      if ((*frame)->type == SpdyType::data) hear(**frame);
      continue;
    }
    const auto message = in_websocket ? take_message(exchange.input, closed) : std::nullopt;
    if (message) reader.input() += *message;
    if (!message && !exchange.more(ctx)) return;
    if (!in_websocket) reader.input() += std::exchange(exchange.input, {});
  }
}

}  // namespace flux::cluster::testing

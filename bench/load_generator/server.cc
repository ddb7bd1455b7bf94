#include "server.h"

#include <fmt/format.h>

namespace load_generator {
namespace {

struct EndEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

std::size_t keep_answer(const char* data, std::size_t, std::size_t size, void* answer) {
  static_cast<std::string*>(answer)->append(data, size);
  return size;
}

}  // namespace

struct Server::Slot {
  std::unique_ptr<CURL, EndEasy> easy{curl_easy_init()};
  std::string answer;
};

Server::Server(Target target) : target_(std::move(target)), multi_(curl_multi_init()) {
  for (const auto* header : {"Content-Type: application/apply-patch+yaml", "Accept: application/json", "Expect:"})
    headers_.reset(curl_slist_append(headers_.release(), header));
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, target_.http2 ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING);
  const auto connections = static_cast<long>(target_.http2 ? 1 : target_.in_flight);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, connections);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections);
  for (std::size_t i = 0; i < target_.in_flight; ++i) prepare(*slots_.emplace_back(std::make_unique<Slot>()));
}

Server::~Server() = default;

void Server::prepare(Slot& slot) const {
  auto* easy = slot.easy.get();
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PATCH");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "bench-limit");
  curl_easy_setopt(easy, CURLOPT_CAINFO, target_.ca.c_str());
  curl_easy_setopt(easy, CURLOPT_SSLCERT, target_.cert.c_str());
  curl_easy_setopt(easy, CURLOPT_SSLKEY, target_.key.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, target_.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, target_.http2 ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep_answer);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &slot.answer);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &slot);
}

void Server::begin(Slot& slot, const Write& write) {
  auto* easy = slot.easy.get();
  slot.answer.clear();
  curl_easy_setopt(easy, CURLOPT_URL, (target_.url + write.path).c_str());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(write.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, write.body.data());
  curl_multi_add_handle(multi_.get(), easy);
}

void Server::finish(CURL* handle, CURLcode code, Tally& tally) {
  Slot* slot = nullptr;
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &slot);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_multi_remove_handle(multi_.get(), handle);
  ++tally.sent;
  if (code == CURLE_OK && status < 300) return;
  ++tally.failed;
  if (!tally.first_failure.empty()) return;
  tally.first_failure =
      code != CURLE_OK ? curl_easy_strerror(code) : fmt::format("{}: {}", status, slot->answer.substr(0, 400));
}

void Server::send(const Stage& stage, Tally& tally) {
  std::vector<Slot*> idle;
  for (const auto& slot : slots_) idle.push_back(slot.get());
  std::size_t next = 0;
  for (std::size_t answered = 0; answered < stage.size();) {
    for (; next < stage.size() && !idle.empty(); idle.pop_back()) begin(*idle.back(), stage[next++]);
    int running = 0;
    int left = 0;
    curl_multi_perform(multi_.get(), &running);
    bool freed = false;
    while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto* handle = message->easy_handle;
      Slot* slot = nullptr;
      curl_easy_getinfo(handle, CURLINFO_PRIVATE, &slot);
      finish(handle, message->data.result, tally);
      idle.push_back(slot);
      ++answered;
      freed = true;
    }
    if (!freed) curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
  }
}

}  // namespace load_generator

#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "writes.h"

namespace load_generator {

struct Target {
  std::string url;   ///< `https://host:port`
  std::string ca;    ///< files in PEM
  std::string cert;  ///< of the client
  std::string key;
  bool http2 = true;          ///< many streams over one connection; else a connection for each request in flight
  std::size_t in_flight = 1;  ///< at most
};

struct Tally {
  std::size_t sent = 0;
  std::size_t failed = 0;
  std::string first_failure;
};

/// Curl's multi interface on the caller's thread, as plain as can be: it stands for what the server can take, so it
/// does nothing that a client of Kubernetes would need to do.
class Server {
 public:
  explicit Server(Target target);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Sends the writes and returns when all are answered. Connections stay for the next stage.
  void send(const Stage& stage, Tally& tally);

 private:
  struct Slot;
  struct EndMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  struct EndList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void prepare(Slot& slot) const;
  void begin(Slot& slot, const Write& write);
  void finish(CURL* handle, CURLcode code, Tally& tally);

  const Target target_;
  std::unique_ptr<curl_slist, EndList> headers_;
  std::unique_ptr<CURLM, EndMulti> multi_;
  std::vector<std::unique_ptr<Slot>> slots_;  // ends before multi_
};

}  // namespace load_generator

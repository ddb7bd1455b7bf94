#include "cluster/session.h"

#include <utility>

#include "cluster/client.h"

namespace flux::cluster {

Session::Session(Config config, std::string user_agent, Connect connect)
    : config_(std::move(config)),
      user_agent_(std::move(user_agent)),
      connect_(std::move(connect)),
      credentials_(config_) {}

Result<std::shared_ptr<Transport>> Session::connection(const Identity& identity) {
  std::shared_ptr<Transport> old;  // its end waits for its streams: not under the lock
  const MutexLock lock(mutex_);
  if (transport_ && cert_pem_ == identity.cert_pem && key_pem_ == identity.key_pem) return transport_;
  const auto ca = read_text(config_.ca, "certificate authority");
  if (!ca) return Failure(ca.error());
  http::ClientOptions options;
  options.tls.ca_pem = ca->reveal();
  options.tls.client_cert_pem = identity.cert_pem.reveal();
  options.tls.client_key_pem = identity.key_pem;
  options.tls.insecure_skip_verify = config_.insecure_skip_verify;
  options.tls.server_name = config_.tls_server_name;
  options.proxy = config_.proxy;
  options.user_agent = user_agent_;
  auto made = connect_(std::move(options));
  if (!made) return Failure(made.error());
  old = std::exchange(transport_, *made);
  cert_pem_ = identity.cert_pem;
  key_pem_ = identity.key_pem;
  return transport_;
}

Result<Session::Prepared> Session::prepare(const Bounded& ctx, const Call& call) {
  const auto identity = credentials_.current(ctx);
  if (!identity) return Failure(identity.error());
  auto transport = connection(*identity);
  if (!transport) return Failure(transport.error());
  Prepared prepared{std::move(*transport), {}};
  auto& request = prepared.request;
  request.method = call.method;
  request.url = config_.server + call.path;
  request.headers.add("Accept", call.accept);
  if (!call.content_type.empty()) request.headers.add("Content-Type", call.content_type);
  for (const auto& [name, value] : config_.impersonate) request.headers.add(name, value);
  request.authorization = identity->authorization;
  request.body = call.body;
  request.max_body = call.max_answer;
  request.may_cut = true;
  return prepared;
}

}  // namespace flux::cluster

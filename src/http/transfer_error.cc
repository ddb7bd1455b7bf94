#include "http/transfer_error.h"

#include <fmt/format.h>

namespace flux::http {
namespace {

std::string advice(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "Check the host name in the URL, and that name resolution works here.";
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return "Check the proxy (HTTPS_PROXY, HTTP_PROXY or the proxy setting), and NO_PROXY if none is wanted.";
    case CURLE_COULDNT_CONNECT:
      return "Check that the server runs, its address and port, and that no firewall or network policy is between.";
    case CURLE_OPERATION_TIMEDOUT:
      return "The server cannot be reached in time: check its address, and firewalls and network policies on the way.";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return "The server's certificate is not trusted: check the certificate authority given for it (that of a cluster "
             "in its kubeconfig, any other in the file that SSL_CERT_FILE names), that the certificate is for this "
             "host "
             "name, and that it has not expired.";
    case CURLE_SSL_CONNECT_ERROR:
      // Also what an authority of the right name with another key gives, such as that of another cluster.
      return "Check that the port speaks TLS, that the certificate authority given is the one of this very server, and "
             "whether the server asks for a client certificate.";
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return "Check the client certificate, its key and the certificate authorities.";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return "The connection broke before the answer was complete: the server may have restarted or refused our client "
             "certificate, or a proxy in between cut it. It is safe to try again.";
    default:
      return {};
  }
}

}  // namespace

Error transfer_error(const std::string& what, CURLcode code, const std::string& detail) {
  const std::string cause = detail.empty() ? curl_easy_strerror(code) : detail;
  return {ErrorKind::server, fmt::format("{}: {}", what, cause), advice(code)};
}

}  // namespace flux::http

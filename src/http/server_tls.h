#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/tls_identity.h"

namespace flux::http {

/// The server's end of one TLS connection: turns what comes over the wire into text, and text into what goes over it.
/// No I/O. One thread.
class TlsLine {
 public:
  enum class State {
    open,    ///< handshake included
    ended,   ///< the client has said that it is done
    broken,  ///< this is no TLS, or not such as we accept; what output() has left is the reason, for the client
  };

  explicit TlsLine(const TlsIdentity& identity);
  ~TlsLine();
  TlsLine(const TlsLine&) = delete;
  TlsLine& operator=(const TlsLine&) = delete;

  /// Takes bytes off the wire and appends the text in them to `plain`. Both may have something new for output().
  State receive(std::string_view wire, std::string& plain);
  /// Only after text was received.
  void send(std::string_view plain);
  /// Says that nothing more will be sent.
  void end();
  /// What has to go over the wire next.
  std::string output();

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace flux::http

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/server.h"

namespace flux::http {

/// Takes one request apart as its bytes come in. No I/O. One thread.
class RequestReader {
 public:
  enum class State { header, body, done, failed };

  /// Why a request was turned down, as the client is told.
  struct Refusal {
    int status = 400;
    std::string reason;
  };

  explicit RequestReader(const ServerLimits& limits);
  ~RequestReader();

  /// Returns how many of the bytes are used up; the rest has to be given again, with more behind it. Stops at the end
  /// of the header, and at the end of the request: what follows belongs to the next one.
  std::size_t feed(std::string_view bytes);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

  // Known once the header is read.
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool expects_continue() const;
  [[nodiscard]] bool is_http10() const;
  [[nodiscard]] bool is_head() const;

  /// Once done.
  ServerRequest take();

 private:
  struct Parser;
  void end_of_header();
  void refuse(int status, std::string reason);

  State state_ = State::header;
  Refusal refusal_;
  std::unique_ptr<Parser> parser_;
  ServerRequest request_;
};

}  // namespace flux::http

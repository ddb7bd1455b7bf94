#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "http/client.h"
#include "http/client_settings.h"
#include "http/curl_handle.h"
#include "http/url.h"

namespace flux::http {

/// One request on its way. Made by the caller's thread, then touched by the client's thread only; curl holds pointers
/// into it, so it does not move.
class Transfer {
 public:
  /// A user error when the request cannot be put on the wire as it is: bad URL, method or header.
  static Result<std::unique_ptr<Transfer>> make(const Context& ctx, ClientRequest request);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer();  ///< answers if nobody has

  /// Prepares `easy` (fresh or reset) for this request. A user error when curl refuses.
  Result<void> prepare(Easy easy, const ClientSettings& settings);
  /// To be called before it is ended early. curl from 7.88 to 8.14 leaves the reset of an HTTP/2 stream in its buffer
  /// until something else goes over the connection; a server would go on sending to a watch long gone. So a connection
  /// that nobody else uses is closed. The reset on a shared one leaves with its next request.
  void give_up_connection() { curl_easy_setopt(easy_.get(), CURLOPT_FORBID_REUSE, 1L); }
  Easy release() { return std::move(easy_); }
  [[nodiscard]] CURL* easy() const { return easy_.get(); }

  /// The outcome once curl is done with it.
  Result<ClientResponse> outcome(CURLcode code);
  /// Whether `answer` is a redirect that is to be followed.
  [[nodiscard]] bool leads_on(const ClientResponse& answer) const;
  /// The transfer to which that redirect leads; it has taken over context and callbacks. A server error when it leads
  /// nowhere, or when it was one too many; then all is left as it was.
  Result<std::unique_ptr<Transfer>> follow(const ClientResponse& answer, const ClientSettings& settings);

  /// Calls `done`, the first time.
  void answer(Result<ClientResponse> result);

  /// `GET https://host/path`, with the first address when redirects led here.
  [[nodiscard]] std::string what() const;
  [[nodiscard]] const Url& url() const { return url_; }
  /// Names what may share connections: one origin under one TLS profile.
  [[nodiscard]] const std::string& lane() const { return lane_; }
  [[nodiscard]] bool answered() const { return response_.status != 0; }
  /// Whether others can share its connection; known once it is connected.
  [[nodiscard]] bool multiplexes() const { return multiplexes_; }

  /// When the transfer has to be looked at again: its deadline or the end of its patience with a silent server.
  [[nodiscard]] std::optional<Clock::time_point> due() const;
  /// Why it has to end now, if so.
  [[nodiscard]] std::optional<Error> overdue() const;

  /// Where it stands with Admission.
  enum class Stage { waiting, connecting, connected };
  Stage stage = Stage::waiting;
  std::uint64_t id = 0;
  Context ctx;
  Client::Done done;
  std::function<void()> on_connected;  ///< called from within curl
  Client::OnData on_data;              ///< empty: the body is collected
  Duration idle_timeout{0};            ///< 0: none
  std::optional<std::stop_callback<std::function<void()>>> on_stop;

 private:
  Transfer() = default;
  void set_method();
  Result<void> set_headers(const ClientSettings& settings);
  void set_signer(const AwsSigner& signer);
  Result<void> set_address(const ClientSettings& settings);
  void set_tls(const ClientSettings& settings);
  void set_callbacks();
  void take_connection();
  using Take = bool (Transfer::*)(std::string_view);
  bool take(Take part, std::string_view bytes) noexcept;
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool keep(std::string_view bytes, std::size_t limit, bool may_cut);
  bool refuse(std::string why, std::string help);

  ClientRequest request_;
  Url url_;
  int redirects_ = 0;  ///< followed so far
  std::string first_;  ///< where they began, for messages; empty: none were followed
  std::string lane_;
  std::shared_ptr<const TlsProfile> tls_;  ///< curl holds pointers into it
  Secret proxy_;
  Easy easy_;
  HeaderList header_list_;
  HeaderList connect_to_;
  ClientResponse response_;
  std::size_t header_bytes_ = 0;
  std::size_t max_body_ = 0;
  bool consumer_ended_ = false;
  bool multiplexes_ = false;
  std::optional<Error> refusal_;
  Clock::time_point heard_ = Clock::now();
  std::array<char, CURL_ERROR_SIZE> curl_words_{};
};

}  // namespace flux::http

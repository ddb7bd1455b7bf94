#include "http/transfer.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "base/worker.h"
#include "http/redirect.h"
#include "http/transfer_error.h"

namespace flux::http {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 20;

bool is_token(std::string_view text) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; }

Result<void> check(const ClientRequest& request) {
  if (!is_token(request.method))
    return fail(ErrorKind::user, fmt::format("\"{}\" is not an HTTP method", request.method));
  for (const auto& [name, value] : request.headers)
    if (!is_token(name) || !is_field_value(value))
      return fail(ErrorKind::user, fmt::format("the HTTP header \"{}\" holds characters that cannot be sent", name));
  if (!is_field_value(request.authorization.reveal()) ||
      (request.signer && !is_field_value(request.signer->session_token.reveal())))
    return fail(ErrorKind::user, "the credentials hold a line break",
                "Check the token or password for a newline at its end.");
  return {};
}

void append(HeaderList& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) throw std::bad_alloc();
  [[maybe_unused]] auto* same = list.release();
  list.reset(longer);
}

/// A header as curl wants it: an empty value is written with a semicolon.
std::string header_line(std::string_view name, std::string_view value) {
  return value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value);
}

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  curl_easy_setopt(easy, option, value);
}

/// `text` has to outlive the handle.
void set_blob(CURL* easy, CURLoption option, const std::string& text) {
  if (text.empty()) return;
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
  curl_easy_setopt(easy, option, &blob);
}

std::string lane_of(const Url& url, const ClientRequest& request) {
  const bool own_tls = request.tls && url.scheme == "https";
  return own_tls ? fmt::format("{}#{}", url.origin(), request.tls->hash()) : url.origin();
}

/// Children must not inherit our connections.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace

Result<std::unique_ptr<Transfer>> Transfer::make(const Context& ctx, ClientRequest request) {
  auto url = parse_url(request.url);
  if (!url) return Failure(url.error());
  if (auto ok = check(request); !ok) return wrap(ok.error(), request.method + " " + url->display);
  std::unique_ptr<Transfer> transfer(new Transfer);
  transfer->ctx = ctx;
  transfer->request_ = std::move(request);
  transfer->url_ = std::move(*url);
  transfer->lane_ = lane_of(transfer->url_, transfer->request_);
  return transfer;
}

Transfer::~Transfer() {
  if (!done) return;
  try {
    answer(fail(ErrorKind::server, what() + ": the HTTP client failed", "It is safe to try again."));
  } catch (...) {  // NOLINT(bugprone-empty-catch): what brought us here is reported
  }
}

void Transfer::answer(Result<ClientResponse> result) {
  if (const auto call = std::exchange(done, {})) call(std::move(result));
}

Result<void> Transfer::prepare(Easy easy, const ClientSettings& settings) {
  easy_ = std::move(easy);
  const auto& options = settings.options;
  tls_ = request_.tls ? request_.tls : settings.tls;
  max_body_ = std::min(options.max_body, request_.max_body.value_or(options.max_body));
  heard_ = Clock::now();
  set(easy_.get(), CURLOPT_NOSIGNAL, 1L);
  // Otherwise giving up while a name is being resolved would wait for the resolver.
  set(easy_.get(), CURLOPT_QUICK_EXIT, 1L);
  set(easy_.get(), CURLOPT_OPENSOCKETFUNCTION, open_socket);
  set(easy_.get(), CURLOPT_ERRORBUFFER, curl_words_.data());
  set(easy_.get(), CURLOPT_PATH_AS_IS, 1L);
  set(easy_.get(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy_.get(), CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(options.connect_timeout).count()));
  set(easy_.get(), CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy_.get(), CURLOPT_TCP_KEEPIDLE, 30L);
  set(easy_.get(), CURLOPT_TCP_KEEPINTVL, 10L);
  const bool tls = url_.scheme == "https";
  set(easy_.get(), CURLOPT_HTTP_VERSION, static_cast<long>(tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  set_method();
  set_callbacks();
  if (tls) set_tls(settings);
  if (auto ok = set_headers(settings); !ok) return ok;
  return set_address(settings);
}

void Transfer::set_method() {
  const auto& method = request_.method;
  auto* easy = easy_.get();
  if (method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (!request_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request_.body.data());
  }
  set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

Result<void> Transfer::set_headers(const ClientSettings& settings) {
  for (const auto& [name, value] : request_.headers) append(header_list_, header_line(name, value));
  if (!request_.authorization.empty())
    append(header_list_, header_line("Authorization", request_.authorization.reveal()));
  if (!tls_->options().server_name.empty() && url_.scheme == "https" && !request_.headers.get("Host"))
    append(header_list_, "Host: " + url_.authority(false));
  if (request_.signer) set_signer(*request_.signer);
  // curl would add a form's content type, and wait a second for a `100 Continue` that Kubernetes never sends. But it
  // signs also what is only named to be left out.
  if (!request_.signer && !request_.headers.get("Content-Type")) append(header_list_, "Content-Type:");
  if (!request_.signer) append(header_list_, "Expect:");
  set(easy_.get(), CURLOPT_HTTPHEADER, header_list_.get());
  if (!settings.options.user_agent.empty() && !request_.headers.get("User-Agent"))
    set(easy_.get(), CURLOPT_USERAGENT, settings.options.user_agent.c_str());
  return {};
}

/// curl hashes the body, adds X-Amz-Date and signs both with all headers of the request.
void Transfer::set_signer(const AwsSigner& signer) {
  auto* easy = easy_.get();
  set(easy, CURLOPT_AWS_SIGV4, fmt::format("aws:amz:{}:{}", signer.region, signer.service).c_str());
  set(easy, CURLOPT_USERNAME, signer.key_id.c_str());
  set(easy, CURLOPT_PASSWORD, signer.key.reveal().c_str());
  if (!signer.session_token.empty())
    append(header_list_, header_line("X-Amz-Security-Token", signer.session_token.reveal()));
}

Result<void> Transfer::set_address(const ClientSettings& settings) {
  std::string address = request_.url;
  if (const auto& name = tls_->options().server_name; !name.empty() && url_.scheme == "https") {
    auto renamed = with_host(request_.url, name);
    if (!renamed) return Failure(renamed.error());
    address = std::move(*renamed);
    append(connect_to_, fmt::format("::{}:{}", url_.host, url_.port));
    set(easy_.get(), CURLOPT_CONNECT_TO, connect_to_.get());
  }
  proxy_ = choose_proxy(settings.proxies, url_);
  // Both are set even when empty: curl would look into the environment by rules of its own.
  set(easy_.get(), CURLOPT_PROXY, proxy_.reveal().c_str());
  set(easy_.get(), CURLOPT_NOPROXY, "");
  if (curl_easy_setopt(easy_.get(), CURLOPT_URL, address.c_str()) != CURLE_OK)
    return fail(ErrorKind::user, what() + ": curl does not take this URL");
  return {};
}

void Transfer::set_tls(const ClientSettings& settings) {
  const auto& options = tls_->options();
  auto* easy = easy_.get();
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (options.insecure_skip_verify) {
    set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!options.ca_pem.empty()) {
    set_blob(easy, CURLOPT_CAINFO_BLOB, options.ca_pem);
    // Debian's curl trusts the system's directory of authorities besides the blob unless told not to.
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  } else {
    if (!settings.authorities_file.empty()) set(easy, CURLOPT_CAINFO, settings.authorities_file.c_str());
    if (!settings.authorities_dir.empty()) set(easy, CURLOPT_CAPATH, settings.authorities_dir.c_str());
  }
  if (options.client_cert_pem.empty()) return;
  set_blob(easy, CURLOPT_SSLCERT_BLOB, options.client_cert_pem);
  set_blob(easy, CURLOPT_SSLKEY_BLOB, options.client_key_pem.reveal());
  set(easy, CURLOPT_SSLCERTTYPE, "PEM");
  set(easy, CURLOPT_SSLKEYTYPE, "PEM");
}

void Transfer::set_callbacks() {
  using Callback = std::size_t (*)(char*, std::size_t, std::size_t, void*);
  const Callback header = [](char* data, std::size_t size, std::size_t count, void* self) noexcept -> std::size_t {
    return static_cast<Transfer*>(self)->take(&Transfer::take_header, {data, size * count}) ? size * count : 0;
  };
  const Callback body = [](char* data, std::size_t size, std::size_t count, void* self) noexcept -> std::size_t {
    return static_cast<Transfer*>(self)->take(&Transfer::take_body, {data, size * count}) ? size * count : 0;
  };
  const curl_prereq_callback connected = [](void* self, char*, char*, int, int) noexcept {
    static_cast<Transfer*>(self)->take_connection();
    return CURL_PREREQFUNC_OK;
  };
  set(easy_.get(), CURLOPT_PREREQFUNCTION, connected);
  set(easy_.get(), CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(easy_.get(), CURLOPT_HEADERFUNCTION, header);
  set(easy_.get(), CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy_.get(), CURLOPT_WRITEFUNCTION, body);
  set(easy_.get(), CURLOPT_WRITEDATA, static_cast<void*>(this));
}

void Transfer::take_connection() {
  // curl tells the version of HTTP with the answer only; the handshake has already settled it.
  const curl_tlssessioninfo* session = nullptr;
  const unsigned char* protocol = nullptr;
  unsigned length = 0;
  if (curl_easy_getinfo(easy_.get(), CURLINFO_TLS_SSL_PTR, &session) == CURLE_OK && session &&
      session->backend == CURLSSLBACKEND_OPENSSL && session->internals)
    SSL_get0_alpn_selected(static_cast<const SSL*>(session->internals), &protocol, &length);
  multiplexes_ = std::string_view(reinterpret_cast<const char*>(protocol), length) == "h2";
  on_connected();
}

/// Exceptions must not unwind through curl.
bool Transfer::take(Take part, std::string_view bytes) noexcept {
  try {
    return (this->*part)(bytes);
  } catch (...) {
    return refuse("what was to take the answer failed: " + what_was_thrown(), "This is a defect of the program.");
  }
}

bool Transfer::take_header(std::string_view line) {
  heard_ = Clock::now();
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) return refuse("the answer's header is longer than 1 MiB", {});
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    // Each of several heads (100, 103, then the real one) replaces the one before.
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_ = {static_cast<int>(status), {}, {}, request_.url, false};
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return true;
  auto value = line.substr(colon + 1);
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  response_.headers.add(std::string(line.substr(0, colon)), std::string(value));
  return true;
}

bool Transfer::take_body(std::string_view bytes) {
  heard_ = Clock::now();
  if (on_data && response_.status < 400 && !leads_on(response_)) {
    consumer_ended_ = !on_data(bytes);
    if (consumer_ended_) give_up_connection();
    return !consumer_ended_;
  }
  return response_.status >= 400 ? keep(bytes, std::min(max_body_, kMaxErrorBody), true)
                                 : keep(bytes, max_body_, request_.may_cut);
}

bool Transfer::keep(std::string_view bytes, std::size_t limit, bool may_cut) {
  auto& body = response_.body;
  if (body.empty()) {
    curl_off_t told = -1;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &told);
    if (told > 0) body.reserve(std::min(static_cast<std::size_t>(told), limit));
  }
  if (bytes.size() <= limit - body.size()) {
    body.append(bytes);
    return true;
  }
  if (!may_cut)
    return refuse(fmt::format("the answer is longer than {} bytes", limit),
                  "Ask for less at once, or check that this is the server you mean.");
  body.append(bytes.substr(0, limit - body.size()));
  response_.cut = true;
  consumer_ended_ = true;
  give_up_connection();
  return false;
}

bool Transfer::refuse(std::string why, std::string help) {
  give_up_connection();
  refusal_ = Error{ErrorKind::server, fmt::format("{}: {}", what(), why), std::move(help)};
  return false;
}

Result<ClientResponse> Transfer::outcome(CURLcode code) {
  if (refusal_) return Failure(std::move(*refusal_));
  if (code == CURLE_OK || consumer_ended_) return std::move(response_);
  auto error = transfer_error(what(), code, curl_words_.data());
  std::vector<Secret> secrets{request_.authorization, url_.password, proxy_};
  if (const auto& signer = request_.signer) secrets.insert(secrets.end(), {signer->key, signer->session_token});
  // curl may quote what it was given, such as a proxy's URL.
  error.message = scrub(std::move(error.message), secrets);
  return Failure(std::move(error));
}

Result<std::unique_ptr<Transfer>> Transfer::follow(const ClientResponse& answer, const ClientSettings& settings) {
  const auto limit = request_.redirects.limit;
  const auto from = what();
  auto request = redirects_ < limit ? redirected(std::move(request_), answer, settings.tls)
                                    : fail(ErrorKind::server, fmt::format("stopped after {} redirects", limit),
                                           "The server, or a proxy before it, sends requests in a circle.");
  if (!request) return wrap(request.error(), from);
  auto next = make(ctx, *std::move(request));
  if (!next) return wrap(next.error(), from);
  (*next)->redirects_ = redirects_ + 1;
  (*next)->first_ = redirects_ == 0 ? url_.display : first_;
  (*next)->done = std::exchange(done, {});
  (*next)->on_data = std::move(on_data);
  (*next)->idle_timeout = idle_timeout;
  return next;
}

std::string Transfer::what() const {
  auto text = request_.method + " " + url_.display;
  return first_.empty() ? text : fmt::format("{} (redirected from {})", text, first_);
}

bool Transfer::leads_on(const ClientResponse& answer) const { return is_followed(request_.redirects, answer); }

std::optional<Clock::time_point> Transfer::due() const {
  auto due = ctx.deadline();
  if (idle_timeout > Duration::zero()) due = std::min(due.value_or(Clock::time_point::max()), heard_ + idle_timeout);
  return due;
}

std::optional<Error> Transfer::overdue() const {
  if (auto ok = ctx.check(); !ok) {
    auto error = wrap(ok.error(), what()).value();
    if (!ctx.stopped())
      error.help = answered()
                       ? "The answer did not end in the time allowed."
                       : "No answer came in the time allowed: check that the server is reachable and not overloaded.";
    return error;
  }
  if (idle_timeout > Duration::zero() && Clock::now() >= heard_ + idle_timeout)
    return Error{ErrorKind::server, fmt::format("{}: nothing received for {}", what(), format_duration(idle_timeout)),
                 "The server went silent, or the connection to it is dead; opening the stream again is safe."};
  return std::nullopt;
}

}  // namespace flux::http

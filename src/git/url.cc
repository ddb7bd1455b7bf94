#include "git/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/ascii.h"
#include "git/url_syntax.h"

namespace flux::git {
namespace {

constexpr std::array<std::string_view, 9> kSchemes{"ssh", "git",  "git+ssh", "http", "https",
                                                   "ftp", "ftps", "rsync",   "file"};

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool is_host_char(char c) { return is_word(c) || c == '.' || c == '-'; }
bool is_path_char(char c) { return is_host_char(c) || c == '/'; }

/// Cuts the longest run of `allowed` off the front of `text` and returns it.
std::string take(std::string_view& text, bool (*allowed)(char)) {
  const auto end = std::ranges::find_if_not(text, allowed);
  std::string out(text.begin(), end);
  text.remove_prefix(out.size());
  return out;
}

std::optional<UrlParts> parse_scp(std::string_view rest) {
  UrlParts parts;
  parts.scheme = "ssh";
  auto after_user = rest;
  const auto user = take(after_user, is_word);
  if (!user.empty() && after_user.starts_with('@')) {
    parts.user = user;
    rest = after_user.substr(1);
  }
  parts.host = take(rest, is_host_char);
  if (parts.host.empty() || !rest.starts_with(':')) return std::nullopt;
  rest.remove_prefix(1);
  parts.path = take(rest, is_path_char);
  if (parts.path.empty()) return std::nullopt;
  if (rest.starts_with('?')) rest.remove_prefix(1);
  parts.query = rest;
  return parts;
}

/// Where the parts of `scheme://user:password@rest` stand, whatever they are made of.
struct Split {
  std::string scheme;  ///< empty: not of this form
  std::optional<std::string> userinfo;
  std::string rest;  ///< after `://` and the user info
};

/// A password with `/`, `?` or `#` in it hides where the host begins; the last `@` is the best guess, and a wrong one
/// only fails where git would have failed, too. For URLs that are in order the first slash ends the search.
Split split_userinfo(std::string_view raw, bool in_order) {
  Split split;
  const auto start = raw.find("://");
  if (start == std::string_view::npos || start == 0) return split;
  split.scheme = to_lower(raw.substr(0, start));
  const auto rest = raw.substr(start + 3);
  auto at = rest.substr(0, rest.find_first_of("/?#")).rfind('@');
  if (at == std::string_view::npos && !in_order && rest.find(':') < rest.find_first_of("/?#")) at = rest.rfind('@');
  if (at == std::string_view::npos) {
    split.rest = rest;
    return split;
  }
  split.userinfo = rest.substr(0, at);
  split.rest = rest.substr(at + 1);
  return split;
}

/// A user name alone over HTTP is a token more often than not; `git` and a name that the rest of the URL repeats (an
/// organisation, the owner of the repository) are none.
bool looks_like_token(std::string_view user, std::string_view password, std::string_view rest) {
  if (user.empty() || user == "git") return false;
  if (!password.empty() && password != "x-oauth-basic") return false;
  return rest.find(user) == std::string_view::npos;
}

bool is_relative_path(std::string_view raw) {
  return raw.find("://") == std::string_view::npos && raw.find(':') >= raw.find('/') && !raw.starts_with('/');
}

Failure refused(std::string_view why) {
  return fail(ErrorKind::user, fmt::format("git URL {}", why),
              "Give --git-url an address such as git@host:org/repo, https://host/org/repo or a path.");
}

}  // namespace

Result<Url> Url::parse(std::string_view raw) {
  if (raw.empty()) return refused("is empty");
  if (raw.starts_with('-')) return refused("starts with '-', which git would take for an option");
  if (std::ranges::any_of(raw, [](unsigned char c) { return c < ' ' || c == 0x7f; }))
    return refused("contains a control character");

  Url url;
  auto parts = parse_url(raw);
  if (parts && std::ranges::find(kSchemes, parts->scheme) != kSchemes.end()) {
    url.class_ = UrlClass::url;
  } else if ((parts = parse_scp(raw))) {
    url.class_ = UrlClass::scp;
  } else {
    parts = UrlParts{};
    parts->scheme = "file";
    parts->path = raw;
  }
  url.scheme_ = parts->scheme;
  url.host_ = parts->host;
  url.path_ = parts->path;
  url.safe_ = print_url(*parts);
  url.shown_ = url.safe_;
  url.take_credentials(raw);
  return url;
}

void Url::take_credentials(std::string_view raw) {
  const auto split = split_userinfo(raw, class_ == UrlClass::url);
  address_ = raw;
  if (split.scheme.empty()) {
    // `user:password@host:path` is no address that git knows, but it does hold a password.
    const auto at = raw.find('@');
    const auto colon = raw.find(':');
    if (class_ != UrlClass::url && at != std::string_view::npos && colon < at && raw.find('/') > at) {
      add_secret(raw.substr(colon + 1, at - colon - 1));
      shown_ = fmt::format("{}:<redacted>{}", raw.substr(0, colon), raw.substr(at));
    }
    if (class_ == UrlClass::local && is_relative_path(raw)) {
      std::error_code ignored;
      address_ = std::filesystem::absolute(std::filesystem::path(raw), ignored).string();
    }
    return;
  }
  if (class_ != UrlClass::url) scheme_ = split.scheme;
  address_ = split.scheme + "://" + split.rest;
  if (!split.userinfo) return;

  const auto colon = std::min(split.userinfo->find(':'), split.userinfo->size());
  const auto user = split.userinfo->substr(0, colon);
  const auto password = colon < split.userinfo->size() ? split.userinfo->substr(colon + 1) : std::string();
  if (!is_http()) address_ = split.scheme + "://" + user + "@" + split.rest;
  if (is_http()) user_ = Secret(decode_leniently(user));
  password_ = Secret(decode_leniently(password));
  add_secret(password);
  const bool token = is_http() && looks_like_token(user, password, split.rest);
  if (token) add_secret(user);
  // The safe form of an odd URL can have the password in pieces, so the shown one is not made from it.
  if (token || class_ != UrlClass::url)
    shown_ = fmt::format("{}://{}@{}", split.scheme, token ? "<redacted>" : user, split.rest);
}

void Url::add_secret(std::string_view text) {
  if (text.empty()) return;
  const auto decoded = decode_leniently(text);
  const auto lower_hex = [](std::string encoded) {
    for (std::size_t i = 0; i + 2 < encoded.size(); ++i)
      if (encoded[i] == '%')
        std::transform(encoded.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       encoded.begin() + static_cast<std::ptrdiff_t>(i) + 3,
                       encoded.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return encoded;
  };
  const auto encoded = escape_userinfo(decoded);
  const auto encoded_fully = encode_fully(decoded);
  for (const auto& form :
       {std::string(text), decoded, encoded, lower_hex(encoded), encoded_fully, lower_hex(encoded_fully)})
    if (std::ranges::find(secrets_, Secret(form)) == secrets_.end()) secrets_.emplace_back(form);
  // Longest first, so that one form inside another does not leave the ends of it behind.
  std::ranges::stable_sort(secrets_, std::greater{}, [](const Secret& secret) { return secret.reveal().size(); });
}

bool Url::equivalent(const Url& other) const {
  const auto bare = [](std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.ends_with(".git")) path.remove_suffix(4);
    return path;
  };
  return host_ == other.host_ && bare(path_) == bare(other.path_);
}

Result<void> check_ref_name(std::string_view what, std::string_view name) {
  const auto bad_byte = [](unsigned char c) {
    return c <= ' ' || c == 0x7f || std::string_view("~^:?*[\\").find(static_cast<char>(c)) != std::string_view::npos;
  };
  std::string_view why;
  if (name.empty()) {
    why = "is empty";
  } else if (name.starts_with('-')) {
    why = "starts with '-', which git would take for an option";
  } else if (std::ranges::any_of(name, bad_byte) || name.find("..") != std::string_view::npos ||
             name.find("@{") != std::string_view::npos || name.find("//") != std::string_view::npos ||
             name.find("/.") != std::string_view::npos || name.find(".lock/") != std::string_view::npos ||
             name.starts_with('.') || name.starts_with('/') || name.ends_with('/') || name.ends_with('.') ||
             name.ends_with(".lock")) {
    why = "is not a name that git allows";
  }
  if (why.empty()) return {};
  return fail(ErrorKind::user, fmt::format("git {} '{}' {}", what, name, why), "See `git help check-ref-format`.");
}

}  // namespace flux::git

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace flux::git {

/// How a repository URL was understood; the first that fits (compat/daemon.md 2.1).
enum class UrlClass {
  url,    ///< RFC 3986 with one of git's schemes
  scp,    ///< `user@host:path`
  local,  ///< anything else: a path
};

/// The address of a git repository, with what is secret in it kept apart. A value, any thread.
class Url {
 public:
  /// User error for what could reach git as an option (`-` in front), for an empty text and for control characters.
  /// Everything else is accepted, as git itself decides in the end.
  static Result<Url> parse(std::string_view raw);

  /// Byte-identical to what Flux v1 computes: it goes into the sync-set name (4.6). An odd URL can have its password
  /// in here, so it is for the hash alone; show people shown().
  [[nodiscard]] const std::string& safe() const { return safe_; }

  /// For logs, the API and messages: safe(), unless that would show a password or token.
  [[nodiscard]] const std::string& shown() const { return shown_; }

  /// What git is told on its command line: no password; over HTTP no user either (see Git, which passes both on).
  /// A relative path is made absolute.
  [[nodiscard]] const std::string& address() const { return address_; }

  [[nodiscard]] UrlClass url_class() const { return class_; }
  /// How git will get there, lower case; `ssh` and `file` when implied.
  [[nodiscard]] const std::string& scheme() const { return scheme_; }
  [[nodiscard]] bool is_http() const { return scheme_ == "http" || scheme_ == "https"; }

  /// Over HTTP the decoded user name: a Secret, since tokens are given that way too. Empty for other schemes.
  [[nodiscard]] const Secret& user() const { return user_; }
  [[nodiscard]] const Secret& password() const { return password_; }  ///< decoded

  /// Everything to scrub from the output of other programs: password and token, as written, decoded and encoded.
  [[nodiscard]] const std::vector<Secret>& secrets() const { return secrets_; }

  /// Same host, and same path but for one leading `/` and one trailing `.git`. Scheme, user and query do not count.
  [[nodiscard]] bool equivalent(const Url& other) const;

 private:
  void take_credentials(std::string_view raw);
  void add_secret(std::string_view text);

  UrlClass class_ = UrlClass::local;
  std::string scheme_;
  std::string host_;
  std::string path_;  ///< decoded
  std::string safe_;
  std::string shown_;
  std::string address_;
  Secret user_;
  Secret password_;
  std::vector<Secret> secrets_;
};

/// User error unless `name` can be the last part of `refs/heads/` or `refs/tags/`: git's own rules, and no `-` in
/// front. `what` names the flag's subject in the message, such as "branch".
[[nodiscard]] Result<void> check_ref_name(std::string_view what, std::string_view name);

}  // namespace flux::git

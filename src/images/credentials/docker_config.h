#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "images/registry/credential.h"

namespace flux::images {

/// Who we are to registries, by their hosts as registry_host() spells them.
using RegistryCredentials = std::map<std::string, Credential>;

/// What a Docker configuration says about registries, all by registry_host().
struct DockerConfig {
  RegistryCredentials credentials;
  std::map<std::string, std::string> helpers;   ///< `credHelpers`: NAME of the program docker-credential-NAME
  std::string store;                            ///< `credsStore`: NAME of the one for all other hosts; empty: none
  std::map<std::string, std::string> spelling;  ///< how `auths` writes a host, as the store knows it
  std::vector<std::string> problems;            ///< entries that cannot be used, by their hosts; never a secret
};

/// The host, with its port where it has one, of a key of a Docker configuration or of a canonical image: without scheme
/// and path, in lower case, `index.docker.io` for all names of Docker Hub. Empty when there is none (compat/daemon.md
/// 6.3). Pure.
[[nodiscard]] std::string registry_host(std::string_view text);

/// Reads `{"auths": {HOST: ENTRY}}` or the bare inner object. An entry has `auth`, which is base64 of `user:password`,
/// or `username` and `password`, or `identitytoken` (the user is kTokenUser then); names compare without case. Of
/// several entries for one host the one without a path counts, then the last. A bad entry is a problem and spoils no
/// other. `from` says for people where the text comes from. A user error, which quotes nothing, when the text is no
/// JSON object. Pure.
[[nodiscard]] Result<DockerConfig> parse_docker_config(const Secret& text, const std::string& from);

/// What a `docker-credential-NAME get` printed. Pure; a user error quotes nothing.
[[nodiscard]] Result<Credential> parse_helper_answer(const Secret& text, const std::string& from);

/// For a log line: `{map[h:<registry creds for U@h, from NS:secret/NAME>]}`, as Flux v1 prints it.
[[nodiscard]] std::string describe(const RegistryCredentials& credentials);

}  // namespace flux::images

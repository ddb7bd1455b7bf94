#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/timestamp.h"
#include "images/credentials/environment.h"
#include "images/registry/credential.h"
#include "images/registry/requests.h"

namespace flux::images {

/// `*.azurecr.io`, `.cn`, `.de`, `.us` (compat/daemon.md 6.4). Pure.
[[nodiscard]] bool is_azure_registry(std::string_view host);

/// What `azure.json` says of a node's identity.
struct AzureFile {
  std::string client_id;  ///< of a service principal with a secret
  Secret client_secret;
  bool managed = false;    ///< the node has a managed identity instead
  std::string managed_id;  ///< which one; empty: the only one
  std::string tenant;
};
/// Pure. Nothing when it is no JSON object.
[[nodiscard]] std::optional<AzureFile> parse_azure_file(const Secret& text);

/// Who we are to Azure's registries: a workload identity (AZURE_FEDERATED_TOKEN_FILE and its kin), else what
/// /etc/kubernetes/azure.json says, a secret or a managed identity. An identity is exchanged for a token of the
/// registry that is used for an hour. One thread.
class Azure {
 public:
  Azure(SendRequest send, Environment env, std::filesystem::path file, Log log, std::function<Timestamp()> now);

  /// `host` is one of is_azure_registry(). Nothing where nobody says who we are; a registry that gave no token is asked
  /// again after five minutes.
  std::optional<Credential> credential(const Bounded& ctx, const std::string& host);

 private:
  struct Known {
    std::optional<Credential> credential{};
    Timestamp good_until{};
    std::string told{};  // the last error
  };
  struct Identity {
    Secret token;
    std::string tenant;
    std::string from;
  };
  Result<std::optional<Credential>> find(const Bounded& ctx, const std::string& host);
  Result<Identity> workload_identity(const Bounded& ctx, const std::string& scope);
  Result<Identity> managed_identity(const Bounded& ctx, const AzureFile& file, const std::string& resource);
  Result<Credential> exchange(const Bounded& ctx, const std::string& host, const Identity& identity);
  Result<Secret> ask(const Bounded& ctx, http::ClientRequest request, const char* field, const std::string& what);

  const SendRequest send_;
  const Environment env_;
  const std::filesystem::path file_;
  const Log log_;
  const std::function<Timestamp()> now_;
  std::map<std::string, Known> known_;  // by host
};

}  // namespace flux::images

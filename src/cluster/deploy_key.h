#pragma once

#include <string>
#include <string_view>

#include "base/context.h"
#include "base/secret.h"
#include "cluster/client.h"

namespace flux::cluster {

/// A deploy key as the secret keeps it.
struct DeployKeyData {
  Secret private_key;
  std::string public_key;
};

/// Stores a key pair in the secret `name` of namespace `ns`, under `data_key` and `<data_key>.pub`, and leaves all else
/// in it alone (compat/daemon.md 2.11; Flux v1 wrote `identity` whatever the data key was). The secret has to exist:
/// the manifests create it empty. No error quotes the key.
Result<void> store_deploy_key(const Bounded& ctx, Client& client, std::string_view ns, std::string_view name,
                              std::string_view data_key, const DeployKeyData& key);

/// The private key that the secret holds now; empty when it has none under `data_key`.
Result<Secret> read_deploy_key(const Bounded& ctx, Client& client, std::string_view ns, std::string_view name,
                               std::string_view data_key);

}  // namespace flux::cluster

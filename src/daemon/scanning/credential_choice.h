#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cluster/workload.h"
#include "images/credentials/docker_config.h"
#include "images/scanner/scan.h"

/// Which credentials belong to which image (compat/daemon.md 6.2). Pure.
namespace flux::daemon {

/// An object of some kind, by where it is.
struct Place {
  std::string ns;
  std::string name;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// The workloads that run an image, by its canonical name without tag.
using ImageUsers = std::map<std::string, std::vector<const cluster::LiveWorkload*>>;
/// Of those images that are scanned; points into `live`.
[[nodiscard]] ImageUsers users_of(const std::vector<cluster::LiveWorkload>& live,
                                  const std::vector<images::Target>& targets);

/// What the cluster has for pods to pull images with. What is missing here could not be read, or is not there.
struct PullSecrets {
  std::map<Place, std::vector<std::string>> accounts;      ///< the pull secrets that a service account names
  std::map<Place, images::RegistryCredentials> secrets{};  ///< what a secret holds
};
/// The service accounts of the users: the one that a workload names, or `default`, which is that of a HelmRelease.
[[nodiscard]] std::set<Place> accounts_of(const ImageUsers& users);
/// The secrets that pods name, and service accounts.
[[nodiscard]] std::set<Place> secrets_of(const ImageUsers& users, const PullSecrets& known);

/// Gives each target the last of: what it has already, the secrets of service accounts, those of pods; each in the
/// order in which they are named, of all users.
void choose_pull_secrets(std::vector<images::Target>& targets, const ImageUsers& users, const PullSecrets& known);

/// The names of the pull secrets of a ServiceAccount.
[[nodiscard]] std::vector<std::string> decode_service_account(std::string_view json);

/// What a Secret holds for registries.
struct PullSecret {
  images::RegistryCredentials credentials;
  std::string unknown_type;           ///< the type of a secret that is no pull secret; otherwise empty
  std::vector<std::string> problems;  ///< never a secret
};
[[nodiscard]] PullSecret decode_pull_secret(const Secret& json, const Place& place);

}  // namespace flux::daemon

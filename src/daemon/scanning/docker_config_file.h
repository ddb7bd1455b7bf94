#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "base/context.h"
#include "daemon/scanning/complaints.h"
#include "images/credentials/docker_config.h"

/// --docker-config: who we are to registries where no pull secret says otherwise (compat/daemon.md 1.5, 6.2).
namespace flux::daemon {

/// A user error names the file.
Result<images::DockerConfig> read_docker_config(const std::filesystem::path& file);

/// What the file says of `hosts`, as images::registry_host() spells them: the credential helper of a host, then its
/// entry, then the store of all. Helpers are run, one after the other. What goes wrong is a complaint, and counts as
/// nothing.
images::RegistryCredentials ask_docker_config(const Bounded& ctx, const std::filesystem::path& file,
                                              const std::set<std::string>& hosts, Complaints& complaints);

}  // namespace flux::daemon

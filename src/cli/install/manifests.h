#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flux::cli {

/// What `fluxctl install` was asked for, with its defaults (compat/fluxctl.md 6.1).
struct InstallOptions {
  std::string git_url;
  std::string git_email;
  std::string git_branch = "master";
  std::vector<std::string> git_paths;
  std::string git_label = "flux";
  std::string git_user = "Flux";
  bool git_readonly = false;
  bool manifest_generation = false;
  bool registry_disable_scanning = false;
  bool add_security_context = true;
  std::string image = "docker.io/fluxcd/flux:1.25.4";
  std::string ns;
};

struct ManifestFile {
  std::string_view name;  ///< kustomizations refer to it
  std::string content;    ///< begins with `---`
};

/// The files of an installation, always in the same order and with the same bytes for the same options. Every value is
/// quoted as YAML needs it.
[[nodiscard]] std::vector<ManifestFile> install_manifests(const InstallOptions& options);

/// The command line of fluxd, in the order that later patches count on.
[[nodiscard]] std::vector<std::string> fluxd_args(const InstallOptions& options);

}  // namespace flux::cli

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace flux::cluster {

/// A named entry of a kubeconfig and the directory that its relative paths start from.
struct KubeconfigEntry {
  SortedJson value;
  std::filesystem::path dir;
};

/// One kubeconfig, or several merged: whoever names an entry first defines it whole.
struct Kubeconfig {
  std::map<std::string, KubeconfigEntry> clusters;
  std::map<std::string, KubeconfigEntry> users;
  std::map<std::string, KubeconfigEntry> contexts;
  std::string current_context;
  std::string source;  ///< file names, for messages
};

/// Reads and merges. Missing files are skipped unless `must_exist`; empty names always are.
[[nodiscard]] Result<Kubeconfig> read_kubeconfig(const std::vector<std::string>& files, bool must_exist);

}  // namespace flux::cluster

#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "manifests/files.h"

namespace flux::manifests {

/// A revision made of a map from path to content; a content that starts with `-> ` is a symbolic link.
class MemoryFiles : public FileSource {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> contents) : files(std::move(contents)) {}

  Result<std::vector<FileEntry>> list(const Bounded& /*context*/) override {
    std::vector<FileEntry> out;
    for (const auto& [path, text] : files) out.push_back({path, text, text.starts_with("-> ")});
    return out;
  }

  Result<std::vector<std::string>> read(const Bounded& /*context*/, std::span<const FileEntry> entries) override {
    std::vector<std::string> out;
    for (const auto& entry : entries.first(std::min(at_a_time, entries.size()))) {
      if (broken) return fail(ErrorKind::server, "the store is broken");
      out.push_back(entry.symlink ? entry.blob.substr(3) : entry.blob);
      reads += entry.symlink ? 0 : 1;
    }
    return out;
  }

  std::map<std::string, std::string> files;
  std::size_t at_a_time = 1000;
  int reads = 0;
  bool broken = false;
};

}  // namespace flux::manifests

#include <sys/stat.h>

#include "daemon/reloaded.h"

namespace flux::daemon {
namespace {

FileStamp stamp_of(const std::filesystem::path& file) {
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0) return {};
  return {found.st_ino, found.st_size, std::int64_t{found.st_ctim.tv_sec} * 1'000'000'000 + found.st_ctim.tv_nsec};
}

}  // namespace

std::vector<FileStamp> stamps_of(const std::vector<std::filesystem::path>& files) {
  std::vector<FileStamp> stamps;
  stamps.reserve(files.size());
  for (const auto& file : files) stamps.push_back(stamp_of(file));
  return stamps;
}

}  // namespace flux::daemon

#include "daemon/token_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace flux::daemon {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string trimmed(std::string text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

}  // namespace

Result<std::unique_ptr<TokenFile>> TokenFile::open(std::filesystem::path path, Log log) {
  std::unique_ptr<TokenFile> file(new TokenFile(std::move(path), std::move(log)));
  file->stamp_ = file->stamp();
  auto token = file->read();
  if (!token) return Failure(token.error());
  file->token_ = std::move(*token);
  return file;
}

Secret TokenFile::current() {
  const auto now = stamp();
  const std::lock_guard lock(mutex_);
  if (now == stamp_) return token_;
  stamp_ = now;
  auto token = read();
  if (token) {
    token_ = std::move(*token);
    log_({{"info", "the API token has changed"}, {"file", path_.string()}});
  } else {
    log_({{"warning", "keeping the last API token"}, {"err", token.error()}});
  }
  return token_;
}

TokenFile::Stamp TokenFile::stamp() const {
  struct stat found{};
  if (::stat(path_.c_str(), &found) != 0) return {};
  return {found.st_ino, found.st_size, std::int64_t{found.st_ctim.tv_sec} * 1'000'000'000 + found.st_ctim.tv_nsec};
}

Result<Secret> TokenFile::read() const {
  std::ifstream in(path_);
  const int error = errno;
  if (!in)
    return fail(ErrorKind::user, "cannot read the API token from " + path_.string() + ": " + std::strerror(error));
  std::string line;
  std::getline(in, line);
  line = trimmed(std::move(line));
  if (line.empty())
    return fail(ErrorKind::user, "there is no API token in " + path_.string(),
                "Put the token into the first line of the file.");
  return Secret(std::move(line));
}

}  // namespace flux::daemon

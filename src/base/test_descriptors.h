#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

namespace flux {

/// As long as it lives, this process can open so many file descriptors more and no others.
class DescriptorsLeft {
 public:
  explicit DescriptorsLeft(int count) {
    // The undefined-behaviour sanitizer takes descriptors to look at a type that it meets for the first time.
    (void)fmt::format("{} {}", "text", 1);
    ::getrlimit(RLIMIT_NOFILE, &before_);
    // The lowest free numbers are given out first, so the limit is where that many are taken.
    std::vector<int> taken;
    for (int i = 0; i < count; ++i) taken.push_back(::fcntl(0, F_DUPFD_CLOEXEC, 0));
    const int next = ::fcntl(0, F_DUPFD_CLOEXEC, 0);
    for (const int fd : taken) ::close(fd);
    ::close(next);
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  DescriptorsLeft(const DescriptorsLeft&) = delete;
  DescriptorsLeft& operator=(const DescriptorsLeft&) = delete;
  ~DescriptorsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace flux

#include "sandbox/kubeconfig.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace flux::sandbox {

namespace {

bool write_all(int file, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto count = ::write(file, text.data() + at, text.size() - at);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) at += static_cast<std::size_t>(count);
  }
  return ::fsync(file) == 0;
}

}  // namespace

std::string kubeconfig_for(const std::string& url) {
  return "apiVersion: v1\n"
         "kind: Config\n"
         "clusters:\n"
         "- name: flux-sandbox\n"
         "  cluster:\n"
         "    server: " +
         url +
         "\n"
         "contexts:\n"
         "- name: flux-sandbox\n"
         "  context:\n"
         "    cluster: flux-sandbox\n"
         "    user: flux-sandbox\n"
         "    namespace: default\n"
         "current-context: flux-sandbox\n"
         "users:\n"
         "- name: flux-sandbox\n"
         "  user: {}\n";
}

Result<void> write_kubeconfig(const std::string& path, const std::string& url) {
  const auto problem = [&]() {
    return fail(ErrorKind::user, "cannot write the kubeconfig " + path + ": " + std::strerror(errno),
                "name a file in a directory that exists and that you may write to");
  };
  auto temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
  if (file < 0) return problem();
  const bool written = write_all(file, kubeconfig_for(url));
  const bool closed = ::close(file) == 0;
  if (written && closed && std::rename(temporary.c_str(), path.c_str()) == 0) return {};
  const auto why = problem();
  ::unlink(temporary.c_str());
  return why;
}

}  // namespace flux::sandbox

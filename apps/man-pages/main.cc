#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/man_page.h"
#include "cli/manual.h"
#include "daemon/options_table.h"
#include "sandbox/command.h"
#include "version/version.h"

namespace {

constexpr const char* kDaemon =
    R"(fluxd keeps a Kubernetes cluster as a git repository describes it: it applies what is in git when that or the
cluster changes, and with garbage collection on takes away what has left git.

It runs in the cluster, with a service account that may do what the manifests ask for. fluxctl(1) talks to it.)";

constexpr const char* kSandbox =
    R"(flux-sandbox serves an embedded Kubernetes API over plain HTTP: objects are kept in memory, workloads are
simulated, nothing runs and nothing is kept when it ends. It is for trying fluxd(1) out and for tests.

It serves until it is interrupted.

  flux-sandbox --write-kubeconfig=sandbox.yaml
  kubectl --kubeconfig=sandbox.yaml get namespaces)";

std::string fluxd_page() {
  flux::daemon::Options options;
  return flux::man_page({"fluxd",
                         "applies a git repository to a Kubernetes cluster",
                         flux::version(),
                         {{"synopsis", "fluxd [flags]"},
                          {"description", kDaemon},
                          {"options", "", flux::daemon::flags_of(options)},
                          {"see also", "fluxctl(1), flux-sandbox(1)"}}});
}

std::string sandbox_page() {
  flux::sandbox::CommandLine line;
  return flux::man_page({"flux-sandbox",
                         "a simulated Kubernetes API to try fluxd out on",
                         flux::version(),
                         {{"synopsis", "flux-sandbox [flags]"},
                          {"description", kSandbox},
                          {"options", "", flux::sandbox::flags_of(line)},
                          {"see also", "fluxd(1), fluxctl(1)"}}});
}

bool write(const std::filesystem::path& path, const std::string& page) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << page;
  file.close();
  if (!file) std::fprintf(stderr, "man-pages: cannot write %s\n", path.c_str());
  return static_cast<bool>(file);
}

}  // namespace

/// Writes the manual page of each program into the directory that is named.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: man-pages DIRECTORY\n", stderr);
    return 2;
  }
  const std::filesystem::path directory(argv[1]);
  const bool written = write(directory / "fluxd.1", fluxd_page()) &&
                       write(directory / "fluxctl.1", flux::cli::manual_page(flux::version())) &&
                       write(directory / "flux-sandbox.1", sandbox_page());
  return written ? 0 : 1;
}

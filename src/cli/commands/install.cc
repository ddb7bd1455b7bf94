#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/commands/commands.h"
#include "cli/install/manifests.h"
#include "cli/session.h"

namespace flux::cli {
namespace {

Outcome<void> write_file(const std::filesystem::path& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (file) return {};
  return fail(ErrorKind::user, fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)),
              "Choose a directory that you may write to.");
}

class InstallCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{
        .name = "install",
        .summary = "Print the manifests that install fluxd in a cluster",
        .examples =
            "  # Install fluxd, so that it applies a repository of yours\n"
            "  fluxctl install --git-url=git@github.com:acme/shop --git-email=ops@acme.example | kubectl apply "
            "-f -",
    };
    return kText;
  }

  std::vector<Flag> flags() override {
    return {
        {"add-security-context", &options_.add_security_context, "Set in the manifests which user memcached runs as"},
        {"git-branch", &options_.git_branch, "Branch to apply"},
        {"git-email", &options_.git_email, "E-mail address that fluxd commits under"},
        {"git-label", &options_.git_label, "Name of the git tag that marks what has been applied, and of the notes"},
        {"git-path", &options_.git_paths, "Directories of the repository that hold manifests (default all of it)"},
        {"git-paths", &options_.git_paths, "", '\0', "please use --git-path (no ending s) instead"},
        {"git-readonly", &options_.git_readonly, "Never write to the repository"},
        {"git-url", &options_.git_url, "Repository to apply, such as git@github.com:acme/shop"},
        {"git-user", &options_.git_user, "Name that fluxd commits under"},
        {"image", &options_.image, "Image of fluxd"},
        {"manifest-generation", &options_.manifest_generation, "Let .flux.yaml files generate manifests"},
        {"namespace", &options_.ns, "Namespace to install into (default that of the kubeconfig's context)"},
        {"output-dir", &output_dir_, "Directory to write one file for each object to, in place of standard output",
         'o'},
        {"registry-disable-scanning", &options_.registry_disable_scanning,
         "Do not look for new images; leaves memcached out"},
    };
  }

  Result<void> check(const Invocation& line) override {
    if (auto none = refuse_positionals(line); !none) return none;
    if (options_.git_url.empty())
      return fail(ErrorKind::user, "please supply a valid --git-url argument",
                  "For example --git-url=git@github.com:acme/shop.");
    if (options_.git_email.empty())
      return fail(ErrorKind::user, "please supply a valid --git-email argument",
                  "For example --git-email=ops@acme.example.");
    if (std::error_code error; !output_dir_.empty() && !std::filesystem::is_directory(output_dir_, error))
      return fail(ErrorKind::user, fmt::format("{} is not a directory", output_dir_), "Create it first.");
    return {};
  }

  Outcome<void> run(const Context&, Session& session) override {
    options_.ns = session.namespace_or(options_.ns);
    // Scripts that expect what 1.25.4 printed get it; whoever looks on must not think that it is ours.
    if (!session.line().given.contains("image"))
      session.err() << fmt::format("The manifests name {}, which is Flux v1; --image names another.\n", options_.image);
    for (const auto& file : install_manifests(options_)) {
      if (output_dir_.empty()) {
        session.out() << file.content;
        continue;
      }
      const auto path = std::filesystem::path(output_dir_) / file.name;
      session.err() << "writing " << path.string() << '\n';
      if (auto written = write_file(path, file.content); !written) return written;
    }
    return {};
  }

 private:
  InstallOptions options_;
  std::string output_dir_;
};

}  // namespace

std::unique_ptr<Command> install_command() { return std::make_unique<InstallCommand>(); }

}  // namespace flux::cli

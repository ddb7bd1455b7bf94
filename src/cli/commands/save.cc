#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/commands/commands.h"
#include "cli/exported.h"
#include "cli/session.h"

namespace flux::cli {
namespace {

constexpr std::string_view kStandardOutput = "-";

class SaveCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "save",
                                   .summary = "Write the manifests of the workloads in the cluster to files",
                                   .arguments = "--out config/",
                                   .examples = "  fluxctl save --out=manifests"};
    return kText;
  }

  std::vector<Flag> flags() override {
    return {{"out", &out_, "Directory to write one file for each resource to; '-' is standard output", 'o'}};
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    auto text = (*daemon)->export_manifests(ctx);
    if (!text) {
      text.error().error.message.insert(0, "exporting config: ");
      return pass(text.error());
    }
    if (auto there = check_directory(); !there) return pass(there.error());
    const auto objects = read_export(*text);
    if (!objects) return pass(objects.error());
    for (const auto& object : *objects)
      if (auto saved = save(session, object); !saved) return pass(saved.error());
    return {};
  }

 private:
  [[nodiscard]] Result<void> check_directory() const {
    if (out_ == kStandardOutput) return {};
    std::error_code error;
    const auto status = std::filesystem::status(out_, error);
    if (error || !std::filesystem::exists(status))
      return fail(ErrorKind::user, fmt::format("stat {}: no such file or directory", out_), "Create it first.");
    if (!std::filesystem::is_directory(status))
      return fail(ErrorKind::user, fmt::format("path {} is not a directory", out_), "Name a directory.");
    return {};
  }

  Result<void> save(Session& session, const ExportedObject& object) {
    if (out_ == kStandardOutput) {
      session.out() << "---\n" << object.yaml;
      return {};
    }
    const auto path = std::filesystem::path(out_) / object.path();
    session.out() << fmt::format("Saving {} '{}' to {}\n", object.kind, object.name, path.string());
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << "---\n" << object.yaml;
    file.close();
    if (!file)
      return fail(ErrorKind::user, fmt::format("cannot write {}", path.string()), "Check that you may write there.");
    return {};
  }

  std::string out_{kStandardOutput};
};

}  // namespace

std::unique_ptr<Command> save_command() { return std::make_unique<SaveCommand>(); }

}  // namespace flux::cli

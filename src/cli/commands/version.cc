#include "cli/commands/commands.h"
#include "cli/session.h"

namespace flux::cli {
namespace {

class VersionCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "version", .summary = "Print the version of fluxctl"};
    return kText;
  }

  Outcome<void> run(const Context&, Session& session) override {
    const auto& version = session.surroundings().version;
    session.out() << (version.empty() ? "unversioned" : version) << '\n';
    return {};
  }
};

}  // namespace

std::unique_ptr<Command> version_command() { return std::make_unique<VersionCommand>(); }

}  // namespace flux::cli

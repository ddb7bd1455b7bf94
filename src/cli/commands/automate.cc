#include "cli/commands/commands.h"
#include "cli/commands/policy_update.h"

namespace flux::cli {
namespace {

class AutomateCommand : public PolicyUpdateCommand {
 public:
  AutomateCommand() : PolicyUpdateCommand("Workload to automate", {"can't specify both the controller and workload"}) {
    edits.automate = true;
  }

  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "automate",
                                   .summary = "Let fluxd release new images of a workload by itself",
                                   .examples = "  fluxctl automate --workload=shop:deployment/web"};
    return kText;
  }
};

}  // namespace

std::unique_ptr<Command> automate_command() { return std::make_unique<AutomateCommand>(); }

}  // namespace flux::cli

#include "cli/commands/commands.h"
#include "cli/commands/policy_update.h"

namespace flux::cli {
namespace {

class DeautomateCommand : public PolicyUpdateCommand {
 public:
  DeautomateCommand()
      : PolicyUpdateCommand("Workload to deautomate", {"can't specify both a controller and workload"}) {
    edits.deautomate = true;
  }

  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "deautomate",
                                   .summary = "Stop fluxd from releasing new images of a workload by itself",
                                   .examples = "  fluxctl deautomate --workload=shop:deployment/web"};
    return kText;
  }
};

}  // namespace

std::unique_ptr<Command> deautomate_command() { return std::make_unique<DeautomateCommand>(); }

}  // namespace flux::cli

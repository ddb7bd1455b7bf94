#include <fmt/format.h>

#include "base/json.h"
#include "cli/commands/commands.h"
#include "cli/newer_daemon.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/status_page.h"

namespace flux::cli {
namespace {

class StatusCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{
        .name = "status",
        .summary = "Show whether the cluster is in step with git, and if not, why",
        .description = R"(Show where fluxd stands, on one page: which revision is live and since when, what is not as
git has it and why, why nothing is deleted, which images cannot be scanned, which changes are queued, and the latest errors.)",
        .examples = "  fluxctl status\n  fluxctl status --images\n  fluxctl status -o json | jq .outOfStep"};
    return kText;
  }

  std::vector<Flag> flags() override {
    return {{"images", &images_, "Show all images that are scanned, not only some of those that are not well"},
            {"output-format", &output_.format, "Output format (tab, json or yaml)", 'o'}};
  }

  Result<void> check(const Invocation& line) override {
    if (auto none = refuse_positionals(line); !none) return none;
    return output_.check();
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto status = (*daemon)->status(ctx);
    if (!status) return tl::unexpected(needs_newer_daemon(status.error()));
    const auto format = *output_.read();
    if (format == Format::json || format == Format::yaml)
      session.out() << print_value(api::to_json(*status), format);
    else
      session.out() << status_page(*status, session.surroundings().time(), Paint(session.surroundings().colour()),
                                   images_);
    return {};
  }

 private:
  bool images_ = false;
  OutputFlags output_;
};

}  // namespace

std::unique_ptr<Command> status_command() { return std::make_unique<StatusCommand>(); }

}  // namespace flux::cli

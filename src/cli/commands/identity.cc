#include "cli/commands/commands.h"
#include "cli/session.h"

namespace flux::cli {
namespace {

class IdentityCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "identity", .summary = "Print the public SSH key that fluxd uses for git"};
    return kText;
  }

  std::vector<Flag> flags() override {
    return {{"fingerprint", &fingerprint_, "Print the fingerprint of the key", 'l'},
            {"regenerate", &regenerate_, "Generate a new key pair first", 'r'},
            {"visual", &visual_, "Print the fingerprint and its randomart (implies -l)", 'v'}};
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto config = (*daemon)->git_repo_config(ctx, regenerate_);
    if (!config) return pass(config.error());
    const auto& key = config->public_key;
    if (!fingerprint_ && !visual_) {
      session.out() << key.key;
      return {};
    }
    const auto print = key.md5.value_or(api::Fingerprint{});
    session.out() << print.hash << '\n';
    if (visual_) session.out() << print.randomart;
    return {};
  }

 private:
  bool fingerprint_ = false;
  bool regenerate_ = false;
  bool visual_ = false;
};

}  // namespace

std::unique_ptr<Command> identity_command() { return std::make_unique<IdentityCommand>(); }

}  // namespace flux::cli

#include "cli/command.h"

#include <algorithm>

#include "cli/commands/commands.h"

namespace flux::cli {

void Command::find_defaults(const Context&, const Surroundings&, const std::set<std::string, std::less<>>&) {}

Result<void> Command::check(const Invocation& line) { return refuse_positionals(line); }

Result<void> refuse_positionals(const Invocation& line) {
  if (line.positionals.empty()) return {};
  return fail(ErrorKind::user, "expected no (non-flag) arguments");
}

std::vector<Flag> GlobalFlags::table(std::string_view about_help) {
  return {
      {"context", &context, "Context of the kubeconfig to use instead of the current one"},
      {"k8s-fwd-labels", &forward_labels,
       "Labels of the pod that fluxd runs in, to reach it through the Kubernetes API; also read from "
       "FLUX_FORWARD_LABELS"},
      {"k8s-fwd-ns", &forward_ns,
       "Namespace that fluxd runs in, to reach it through the Kubernetes API; not used with a URL or token. Also read "
       "from FLUX_FORWARD_NAMESPACE"},
      {"timeout", &timeout, "How long to wait for each result; also read from FLUX_TIMEOUT"},
      {"token", &token,
       "Token to authenticate at the API with; also read from WEAVE_CLOUD_TOKEN and FLUX_SERVICE_TOKEN", 't'},
      {"url", &url,
       "Base URL of the API of fluxd (https://cloud.weave.works/api/flux when only a token is given); also read from "
       "FLUX_URL",
       'u'},
      {"help", &help, about_help, 'h'},
  };
}

Commands all_commands() {
  Commands commands;
  commands.push_back(automate_command());
  commands.push_back(complete_command(false));
  commands.push_back(complete_command(true));
  commands.push_back(completion_command());
  commands.push_back(deautomate_command());
  commands.push_back(diff_command());
  commands.push_back(explain_command());
  commands.push_back(help_command());
  commands.push_back(identity_command());
  commands.push_back(install_command());
  commands.push_back(list_images_command());
  commands.push_back(list_workloads_command());
  commands.push_back(lock_command());
  commands.push_back(policy_command());
  commands.push_back(release_command());
  commands.push_back(save_command());
  commands.push_back(status_command());
  commands.push_back(sync_command());
  commands.push_back(unlock_command());
  commands.push_back(version_command());
  std::ranges::sort(commands, {}, [](const auto& command) { return command->text().name; });
  return commands;
}

const std::unique_ptr<Command>* find_command(const Commands& commands, std::string_view word) {
  const auto found = std::ranges::find_if(commands, [&](const auto& command) {
    const auto& text = command->text();
    return text.name == word || std::ranges::find(text.aliases, word) != text.aliases.end();
  });
  return found == commands.end() ? nullptr : &*found;
}

std::vector<std::string> visible_names(const Commands& commands) {
  std::vector<std::string> names;
  for (const auto& command : commands)
    if (!command->text().hidden) names.emplace_back(command->text().name);
  return names;
}

}  // namespace flux::cli

#include "cli/manual.h"

#include <fmt/format.h>

#include "base/man_page.h"
#include "cli/command.h"
#include "cli/help.h"

namespace flux::cli {
namespace {

constexpr std::string_view kEnvironment =
    R"(Each of these is used when its flag is not given. One that is empty counts as unset.

  FLUX_FORWARD_NAMESPACE   --k8s-fwd-ns
  FLUX_FORWARD_LABELS      --k8s-fwd-labels
  FLUX_URL                 --url
  FLUX_SERVICE_TOKEN       --token
  WEAVE_CLOUD_TOKEN        --token; wins over FLUX_SERVICE_TOKEN
  FLUX_TIMEOUT             --timeout; a bare number is seconds

KUBECONFIG, HOME and the proxy variables mean what they mean to kubectl. NO_COLOR turns colours off.)";

constexpr std::string_view kStatus = R"(0 when all went well, 1 when something did not, 130 when it was interrupted.)";

std::string about(const CommandText& text) {
  auto about = fmt::format("{}\n", text.description.empty() ? text.summary : text.description);
  if (!text.aliases.empty()) about += fmt::format("\nAlso known as {}.\n", fmt::join(text.aliases, ", "));
  if (!text.examples.empty()) about += fmt::format("\n{}\n", text.examples);
  return about;
}

}  // namespace

std::string manual_page(std::string_view version) {
  GlobalFlags globals;
  ManPage page{"fluxctl", "inspects and controls a running fluxd", version};
  page.sections.push_back({"synopsis", "fluxctl COMMAND [flags]"});
  page.sections.push_back({"description", std::string(root_description())});
  page.sections.push_back({"global options", "", globals.table("Show help")});
  // The flags are bound to the commands, which have to be there until the page is made.
  const auto commands = all_commands();
  std::vector<std::string> titles;
  titles.reserve(commands.size());
  for (const auto& command : commands) {
    if (command->text().hidden) continue;
    titles.push_back(fmt::format("fluxctl {}", command->text().name));
    page.sections.push_back({titles.back(), about(command->text()), command->flags()});
  }
  page.sections.push_back({"environment", std::string(kEnvironment)});
  page.sections.push_back({"exit status", std::string(kStatus)});
  return man_page(page);
}

}  // namespace flux::cli

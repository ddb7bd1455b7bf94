#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/process.h"
#include "base/test_bounded.h"
#include "cli/canned_daemon.h"
#include "cli/command.h"
#include "cli/completion/complete.h"
#include "cli/completion/scripts.h"

namespace flux::cli {
namespace completion_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::vector<std::string> candidates(const std::vector<std::string>& words) {
  std::vector<std::string> texts;
  for (const auto& candidate : complete(words).candidates) texts.push_back(candidate.text);
  return texts;
}

struct CompletionCase {
  std::vector<std::string> words;
  std::vector<std::string> candidates;
};

TEST(CompletionTest, OffersWhatMayFollow) {
  const std::vector<CompletionCase> cases{
      {{"list"}, {"list-images", "list-workloads"}},
      {{"--k8s-fwd-ns", "flux", "sy"}, {"sync"}},
      {{"--k8s-fwd-ns", "sy"}, {}},
      {{"help", "un"}, {"unlock"}},
      {{"completion", ""}, {"bash", "fish", "powershell", "zsh"}},
      {{"sync", ""}, {}},
      {{"nope", ""}, {}},
      {{"list-images", "--lim"}, {"--limit"}},
      {{"--con"}, {"--context"}},
      {{"list-images", "--con"}, {"--context"}},  // not the deprecated --controller
      {{"identity", "-"},
       {"--context", "--fingerprint", "-l", "--help", "-h", "--k8s-fwd-labels", "--k8s-fwd-ns", "--regenerate", "-r",
        "--timeout", "--token", "-t", "--url", "-u", "--visual", "-v"}},
      {{"list-workloads", "-o", ""}, {"json", "tab", "wide", "yaml"}},
      {{"status", "--output-format="}, {"json", "tab", "yaml"}},
      {{"list-workloads", "-a", "-o", "j"}, {"json"}},
      {{"list-workloads", "--", "--"}, {}},
      {{""}, visible_names(all_commands())},
  };
  for (const auto& row : cases) EXPECT_EQ(candidates(row.words), row.candidates) << testing::PrintToString(row.words);
  EXPECT_EQ(complete({"save", "-o", ""}).also, Completions::Also::directories);
  EXPECT_EQ(complete({"save", ""}).also, Completions::Also::nothing);
}

TEST(CompletionTest, AnswersTheScriptsInTheirForm) {
  EXPECT_EQ(Attempt()({"__complete", "sy"}).out, "sync\tApply what is in the git repository, now\n:4\n");
  EXPECT_EQ(Attempt()({"__completeNoDesc", "sy"}).out, "sync\n:4\n");
  EXPECT_EQ(Attempt()({"__complete", "save", "--out="}).out, ":16\n");
}

TEST(CompletionTest, PrintsAScriptForEachShell) {
  EXPECT_THAT(Attempt()({"completion", "bash"}).out, HasSubstr("bash completion for fluxctl"));
  EXPECT_THAT(Attempt()({"completion", "zsh"}).out, StartsWith("#compdef _fluxctl fluxctl\n"));
  EXPECT_THAT(Attempt()({"completion", "fish"}).out, HasSubstr("fish completion for fluxctl"));
  EXPECT_THAT(Attempt()({"completion", "powershell"}).out, HasSubstr("powershell completion for fluxctl"));
  EXPECT_THAT(Attempt()({"completion"}).err, StartsWith("Error: please specify a shell\n"));
  EXPECT_THAT(Attempt()({"completion", "a", "b"}).err,
              StartsWith("Error: please specify one of the following shells: bash fish powershell zsh\n"));
  EXPECT_THAT(Attempt()({"completion", "tcsh"}).err, StartsWith("Error: unsupported shell type \"tcsh\"\n"));
}

/// What bash offers for a command line, with the cursor at its end and a fluxctl that answers with `answer`.
std::string bash_offers(const std::string& line, const std::string& answer) {
  const auto script = std::string(shells().front().script) + "\nfluxctl() { printf '%s|' \"$@\" >&2; printf '" +
                      answer + "'; }\n" + "COMP_LINE='" + line + "'; COMP_POINT=${#COMP_LINE}; _fluxctl 2>&1; " +
                      "printf '%s ' \"${COMPREPLY[@]}\"";
  const auto exit = flux::run(bounded(), {{"bash", "-c", script}, inherit({"PATH"}), {}, {}});
  return exit ? exit->out : exit.error().message;
}

TEST(CompletionTest, WorksInBash) {
  EXPECT_EQ(bash_offers("fluxctl list", "list-images\\nlist-workloads\\n:4\\n"), "list-images list-workloads ");
  EXPECT_EQ(bash_offers("fluxctl sync --url=x ", "\\n:4\\n"), " ");
  EXPECT_EQ(bash_offers("fluxctl nothing", ":4\\n"), " ");
}

}  // namespace completion_test
}  // namespace flux::cli

#include "cli/help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::cli {
namespace help_test {

using testing::HasSubstr;

struct Fields {
  std::string out = "-";
  std::string old;
  bool all = false;
  Count verbose;
  bool help = false;
  std::string url;

  std::vector<Flag> own() {
    return {{"verbose", &verbose, "more", 'v'},
            {"old", &old, "gone", 'c', "use --out"},
            {"out", &out, "where to", 'o'},
            {"all", &all, "everything"}};
  }
  std::vector<Flag> globals() { return {{"url", &url, "the API", 'u'}, {"help", &help, "help for show", 'h'}}; }
};

TEST(HelpTest, LaysACommandOutAsCobraDoes) {
  Fields fields;
  const CommandText text{
      .name = "show", .summary = "Show things", .examples = "  fluxctl show --all", .aliases = {"display", "print"}};
  EXPECT_EQ(command_help(text, fields.own(), fields.globals()),
            "Show things\n"
            "\n"
            "Usage:\n"
            "  fluxctl show [flags]\n"
            "\n"
            "Aliases:\n"
            "  show, display, print\n"
            "\n"
            "Examples:\n"
            "  fluxctl show --all\n"
            "\n"
            "Flags:\n"
            "      --all             everything\n"
            "  -h, --help            help for show\n"
            "  -o, --out string      where to (default \"-\")\n"
            "  -v, --verbose count   more\n"
            "\n"
            "Global Flags:\n"
            "  -u, --url string   the API\n");
}

TEST(HelpTest, ShowsArgumentsInTheUsageLine) {
  Fields fields;
  const CommandText save{.name = "save", .summary = "Save", .arguments = "--out config/"};
  EXPECT_THAT(command_help(save, {}, fields.globals()), HasSubstr("\n  fluxctl save --out config/ [flags]\n"));
  const CommandText shell{.name = "completion",
                          .summary = "Complete",
                          .description = "Complete\nin full.",
                          .arguments = "SHELL",
                          .flags_in_usage = false};
  EXPECT_THAT(command_help(shell, {}, fields.globals()),
              HasSubstr("Complete\nin full.\n\nUsage:\n  fluxctl completion SHELL\n\nFlags:\n"));
}

TEST(HelpTest, ListsTheCommandsThatAreNotHidden) {
  Fields fields;
  const CommandText lock{.name = "lock", .summary = "Lock it"};
  const CommandText list{.name = "list-images", .summary = "List them"};
  const CommandText hidden{.name = "__complete", .summary = "Complete", .hidden = true};
  EXPECT_EQ(root_usage({&hidden, &list, &lock}, fields.globals()),
            "Usage:\n"
            "  fluxctl [command]\n"
            "\n"
            "Available Commands:\n"
            "  list-images List them\n"
            "  lock        Lock it\n"
            "\n"
            "Flags:\n"
            "  -h, --help         help for show\n"
            "  -u, --url string   the API\n"
            "\n"
            "Use \"fluxctl [command] --help\" for more information about a command.\n");
}

}  // namespace help_test
}  // namespace flux::cli

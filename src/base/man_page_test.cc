#include "base/man_page.h"

#include <gtest/gtest.h>

namespace flux {
namespace man_page_test {

TEST(ManPageTest, WritesRoff) {
  bool all = false;
  std::string name = "-x";
  std::string old;
  const ManPage page{
      "my-tool",
      "does things",
      "1.2",
      {{"synopsis", "my-tool [flags]"},
       {"description", "One\nparagraph.\n\n.dotted and \\slashed.\n\n  my-tool --all\n  'quoted'\n\nEnd."},
       {"options",
        "",
        {{"name", &name, "what to call it", 'n'},
         {"old", &old, "", '\0', "use --name"},
         {"all", &all, "really all of it"}}}}};
  EXPECT_EQ(man_page(page),
            ".TH MY-TOOL 1 \"\" \"my-tool 1.2\" \"User Commands\"\n"
            ".SH NAME\nmy\\-tool \\- does things\n"
            ".SH SYNOPSIS\nmy\\-tool [flags]\n"
            ".SH DESCRIPTION\nOne\nparagraph.\n.PP\n\\&.dotted and \\eslashed.\n.PP\n"
            ".nf\n  my\\-tool \\-\\-all\n  'quoted'\n.fi\n.PP\nEnd.\n"
            ".SH OPTIONS\n"
            ".TP\n.B \\-\\-all\nreally all of it\n"
            ".TP\n.B \\-n, \\-\\-name \\fIstring\\fR\nwhat to call it (default \"\\-x\")\n");
}

}  // namespace man_page_test
}  // namespace flux

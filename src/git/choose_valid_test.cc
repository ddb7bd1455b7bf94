#include <gtest/gtest.h>

#include "git/verify.h"

namespace flux::git {
namespace choose_valid_test {

/// Newest first: name, parents, signature.
Commit commit(const char* name, std::vector<std::string> parents, char signature = 'G') {
  return {name, std::move(parents), "", signature, ""};
}

struct Row {
  const char* what;
  std::vector<Commit> range;
  const char* head;
  const char* marker;
  bool marker_is_ancestor;
  VerifyMode mode;
  const char* revision;
  const char* invalid;
};

TEST(ChooseValid, NeverGoesPastWhatIsVerified) {
  using enum VerifyMode;
  const Row rows[] = {
      {"nothing new", {}, "M", "M", true, all, "M", ""},
      {"all good", {commit("b", {"a"}), commit("a", {"M"})}, "b", "M", true, all, "b", ""},
      {"mode none asks nobody", {commit("a", {"M"}, 'N')}, "a", "M", true, none, "a", ""},
      {"first of all is bad", {commit("b", {"a"}), commit("a", {}, 'N')}, "b", "", true, all, "", "a"},
      {"first since the marker is bad", {commit("b", {"a"}), commit("a", {"M"}, 'B')}, "b", "M", true, all, "M", "a"},
      {"stays before the offender",
       {commit("c", {"b"}), commit("b", {"a"}, 'U'), commit("a", {"M"})},
       "c",
       "M",
       true,
       all,
       "a",
       "b"},
      {"only the letter G counts", {commit("b", {"a"}, 'X'), commit("a", {"M"})}, "b", "M", true, all, "a", "b"},
      // M - a - m(a, s); s is not signed: neither it nor the merge is applied.
      {"bad side branch stops the merge",
       {commit("m", {"a", "s"}), commit("s", {"M"}, 'N'), commit("a", {"M"})},
       "m",
       "M",
       true,
       all,
       "a",
       "s"},
      {"bad main line never leads to a side branch",
       {commit("m", {"a", "s"}), commit("s", {"M"}), commit("a", {"M"}, 'N')},
       "m",
       "M",
       true,
       all,
       "M",
       "a"},
      {"side branch that forked before the marker is never the answer",
       {commit("n", {"m"}, 'N'), commit("m", {"s", "M"}), commit("s", {"0"})},
       "n",
       "M",
       true,
       all,
       "m",
       "n"},
      {"chain that leaves the marker aside keeps the marker",
       {commit("n", {"m"}), commit("m", {"s", "M"}, 'N'), commit("s", {"0"})},
       "n",
       "M",
       true,
       all,
       "M",
       "m"},
      {"first-parent does not look at side branches",
       {commit("m", {"a", "s"}), commit("a", {"M"})},
       "m",
       "M",
       true,
       first_parent,
       "m",
       ""},
      {"first-parent stops at its own chain",
       {commit("b", {"m"}), commit("m", {"a", "s"}, 'N'), commit("a", {"M"})},
       "b",
       "M",
       true,
       first_parent,
       "a",
       "m"},
      {"rewritten history, all good", {commit("y", {"x"}), commit("x", {"0"})}, "y", "M", false, all, "y", ""},
      {"rewritten history, bad head", {commit("y", {"x"}, 'N'), commit("x", {"0"})}, "y", "M", false, all, "x", "y"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto chosen = choose_valid(row.range, row.head, row.marker, row.marker_is_ancestor, row.mode);
    EXPECT_EQ(chosen.revision, row.revision);
    EXPECT_EQ(chosen.invalid ? chosen.invalid->revision : "", row.invalid);
  }
}

}  // namespace choose_valid_test
}  // namespace flux::git

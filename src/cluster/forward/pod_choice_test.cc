#include "cluster/forward/pod_choice.h"

#include <gmock/gmock.h>

namespace flux::cluster {
namespace pod_choice_test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

Pod pod(std::string name, std::string phase = "Running", bool ready = true, bool deleting = false) {
  return {"flux", std::move(name), std::move(phase), ready, deleting};
}

TEST(PodChoice, is_the_one_running_pod_that_is_not_being_deleted_ready_ones_first) {
  const struct {
    const char* what;
    std::vector<Pod> pods;
    std::string current;
    std::optional<std::string> name;
    std::vector<std::string> rivals;
  } rows[] = {
      {"none", {}, "", std::nullopt, {}},
      {"one", {pod("a")}, "", "a", {}},
      {"one that is not ready", {pod("a", "Running", false)}, "", "a", {}},
      {"not running", {pod("a", "Pending"), pod("b", "Succeeded"), pod("c", "Failed")}, "", std::nullopt, {}},
      {"one stuck on a dead node", {pod("a", "Running", true, true), pod("b")}, "", "b", {}},
      {"all being deleted", {pod("a", "Running", true, true)}, "", std::nullopt, {}},
      {"the ready one", {pod("a", "Running", false), pod("b")}, "", "b", {}},
      {"two ready ones", {pod("b"), pod("a"), pod("c", "Running", false)}, "", std::nullopt, {"a", "b"}},
      {"two that are not ready",
       {pod("a", "Running", false), pod("b", "Running", false)},
       "",
       std::nullopt,
       {"a", "b"}},
      {"the one in use", {pod("a"), pod("b")}, "b", "b", {}},
      {"the one in use, unready for a moment", {pod("a"), pod("b", "Running", false)}, "b", "b", {}},
      {"the one in use is gone", {pod("a")}, "b", "a", {}},
      {"the one in use is being deleted", {pod("a"), pod("b", "Running", true, true)}, "b", "a", {}},
  };
  for (const auto& row : rows) {
    const auto choice = choose_pod(row.pods, row.current);
    EXPECT_EQ(choice.name, row.name) << row.what;
    std::vector<std::string> rivals;
    for (const auto& rival : choice.rivals) rivals.push_back(rival.name);
    EXPECT_EQ(rivals, row.rivals) << row.what;
  }
}

TEST(PodChoice, reads_what_it_needs_of_a_list) {
  const auto pods = decode_pods(R"({"items":[
    {"metadata":{"namespace":"flux","name":"a"},"status":{"phase":"Running","conditions":[
      {"type":"Initialized","status":"True"},{"type":"Ready","status":"True"}]}},
    {"metadata":{"namespace":"flux","name":"b","deletionTimestamp":"2026-01-02T03:04:05Z"},
     "status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}},
    {"metadata":{"name":"c"}}, 7]})");
  ASSERT_TRUE(pods);
  ASSERT_EQ(pods->size(), 3U);
  EXPECT_EQ((*pods)[0].name, "a");
  EXPECT_TRUE((*pods)[0].ready);
  EXPECT_FALSE((*pods)[0].deleting);
  EXPECT_FALSE((*pods)[1].ready);
  EXPECT_TRUE((*pods)[1].deleting);
  EXPECT_EQ((*pods)[2].phase, "");
  for (const auto* other : {"", "[]", "{}", "{\"items\"", "null"}) EXPECT_FALSE(decode_pods(other)) << other;
}

TEST(PodChoice, tries_the_given_labels_then_the_usual_names) {
  EXPECT_THAT(daemon_selectors({{"app", "flux"}}), ElementsAre("app=flux", "name in (flux,fluxd,weave-flux-agent)"));
  EXPECT_THAT(daemon_selectors({{"release", "x"}, {"app", "flux"}}),
              ElementsAre("app=flux,release=x", "name in (flux,fluxd,weave-flux-agent)"));
}

TEST(PodChoice, no_pod_is_said_in_the_words_of_the_contract_and_a_few_more) {
  const auto selectors = daemon_selectors({{"app", "flux"}});
  const std::string known =
      "No pod found in namespace \"default\" using the following selectors:\n"
      "  app=flux\n"
      "  name in (flux,fluxd,weave-flux-agent)\n"
      "\n"
      "Make sure Flux is running in namespace \"default\".\n"
      "If Flux is running in another different namespace, please supply it to --k8s-fwd-ns.";
  EXPECT_EQ(no_pod("default", selectors, {}, {}).message, known);
  auto elsewhere = pod("flux-7");
  auto here = pod("flux-8");
  here.ns = "default";
  auto ended = pod("flux-9", "Succeeded");
  ended.ns = "old";
  const auto error = no_pod("default", selectors, {pod("flux-1", "Pending"), pod("flux-2", "Running", true, true)},
                            {elsewhere, elsewhere, here, ended});
  EXPECT_EQ(error.kind, ErrorKind::missing);
  EXPECT_THAT(error.message, StartsWith(known + "\n\n"));
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("\n  flux-1 (Pending)\n  flux-2 (being deleted)"), HasSubstr("\n  --k8s-fwd-ns=flux"),
                    Not(HasSubstr("fwd-ns=default")), Not(HasSubstr("fwd-ns=old"))));
}

TEST(PodChoice, several_pods_are_listed) {
  const auto error = ambiguous_pod("app=flux", {pod("a"), pod("b", "Running", false)});
  EXPECT_EQ(error.kind, ErrorKind::user);
  EXPECT_THAT(error.message, StartsWith("Ambiguous pod: found more than one pod for selector: labels \"app=flux\""));
  EXPECT_THAT(error.message, HasSubstr("\n  a (ready)\n  b (not ready)"));
}

}  // namespace pod_choice_test
}  // namespace flux::cluster

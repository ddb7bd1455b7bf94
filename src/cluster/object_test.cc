#include "cluster/object.h"

#include <gtest/gtest.h>

#include "cluster/managed_fields.h"

namespace flux::cluster {
namespace object_test {

const ApiType kDeployment{"apps/v1", "Deployment"};

std::string object_with(const std::string& managed_fields, const std::string& annotations = "{}") {
  return R"({"kind":"PartialObjectMetadata","metadata":{"name":"web","namespace":"shop","uid":"u1","resourceVersion":"77",
    "generation":3,"labels":{"app":"web","fluxcd.io/sync-gc-mark":"sha256.m"},"annotations":)" +
         annotations + R"(,"managedFields":[)" + managed_fields + "]}}";
}

std::string entry(const std::string& manager, const std::string& operation, const std::string& fields,
                  const std::string& subresource = "") {
  return R"({"manager":")" + manager + R"(","operation":")" + operation + R"(","time":"2030-01-01T00:00:00Z",)" +
         (subresource.empty() ? "" : R"("subresource":")" + subresource + R"(",)") + R"("fieldsV1":)" + fields + "}";
}

const std::string kOnlyLastApplied =
    R"({"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/last-applied-configuration":{}}}})";
const std::string kLastApplied =
    R"({"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/last-applied-configuration":{}},"f:labels":{}}})";

TEST(DecodeObject, keeps_what_decides) {
  const auto object =
      decode_object(object_with(entry("fluxd", "Apply", R"({"f:spec":{"f:replicas":{}}})"),
                                R"({"fluxcd.io/sync-checksum":"abc","fluxcd.io/ignore":"sync_only","other":"x"})"),
                    kDeployment);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->id.to_string(), "shop:deployment/web");
  EXPECT_EQ(object->type, kDeployment);
  EXPECT_EQ(object->uid, "u1");
  EXPECT_EQ(object->resource_version, "77");
  EXPECT_EQ(object->generation, 3);
  EXPECT_EQ(object->gc_mark, "sha256.m");
  EXPECT_EQ(object->checksum, "abc");
  EXPECT_EQ(object->ignore, Ignore::sync_only);
  EXPECT_FALSE(object->owned);
  EXPECT_FALSE(object->deleting);
  EXPECT_EQ(object->client_side, ClientSide::nothing);
  EXPECT_NE(object->owned_fields, 0U);
}

TEST(Content, differs_exactly_when_more_than_the_status_may) {
  const auto ours = entry("fluxd", "Apply", R"({"f:spec":{}})");
  const auto content = [](const std::string& json, const ApiType& type = kDeployment) {
    return decode_object(json, type)->content();
  };
  const auto replaced = [](std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  };
  const auto base = object_with(ours, R"({"a":"1","b":"2"})");
  EXPECT_EQ(content(base), content(object_with(ours, R"({"b":"2","a":"1"})"))) << "order";
  EXPECT_EQ(content(base), content(replaced(base, "\"77\"", "\"78\""))) << "a status update";
  EXPECT_EQ(content(base), content(object_with(ours, R"({"a":"1","b":"2","deployment.kubernetes.io/revision":"4"})")));
  EXPECT_NE(content(base), content(object_with(ours, R"({"a":"2","b":"1"})"))) << "values exchanged";
  EXPECT_NE(content(base), content(replaced(base, "\"generation\":3", "\"generation\":4")));
  EXPECT_NE(content(base), content(replaced(base, "\"app\":\"web\"", "\"app\":\"shop\"")));
  EXPECT_NE(content(base), content(replaced(base, "\"u1\"", "\"u2\"")));
  EXPECT_NE(content(base), content(object_with(entry("fluxd", "Apply", R"({"f:data":{}})"), R"({"a":"1","b":"2"})")));
  const auto uncounted = replaced(base, "\"generation\":3,", "");
  EXPECT_NE(content(uncounted), content(replaced(uncounted, "\"77\"", "\"78\"")));
}

TEST(DecodeObject, sees_what_people_added_with_kubectl) {
  struct Row {
    std::string entry;
    bool added;
  };
  const std::string spec = R"({"f:spec":{"f:ports":{}}})";
  for (const auto& row : {
           Row{entry("kubectl-edit", "Update", spec), true},
           Row{entry("kubectl-patch", "Update", spec), true},
           Row{entry("kubectl", "Apply", spec), true},
           Row{entry("kubectl", "Update", spec, "scale"), false},
           Row{entry("kubectl-rollout", "Update", spec), false},
           Row{entry("helm", "Update", spec), false},
           Row{entry("kubectl-annotate", "Update",
                     R"({"f:metadata":{"f:annotations":{".":{},"f:fluxcd.io/ignore":{},"f:flux.weave.works/x":{}}}})"),
               false},
           Row{entry("kubectl-annotate", "Update", R"({"f:metadata":{"f:annotations":{"f:note":{}}}})"), true},
       })
    EXPECT_EQ(decode_object(object_with(row.entry), kDeployment)->has_additions, row.added) << row.entry;
}

TEST(DecodeObject, tells_owned_deleting_and_cluster_scoped_objects) {
  const auto object = decode_object(
      R"({"metadata":{"name":"n","deletionTimestamp":"2030-01-01T00:00:00Z","ownerReferences":[{"uid":"x"}]}})",
      {"v1", "Namespace"});
  ASSERT_TRUE(object);
  EXPECT_EQ(object->id.to_string(), "<cluster>:namespace/n");
  EXPECT_EQ(object->ns(), "");
  EXPECT_TRUE(object->owned);
  EXPECT_TRUE(object->deleting);
  EXPECT_EQ(object->owned_fields, 0U);
}

TEST(DecodeObject, refuses_what_is_no_object) {
  for (const auto* text : {"", "[]", "{}", R"({"metadata":{}})", R"({"metadata":{"name":"x")", "<html>"})
    EXPECT_FALSE(decode_object(text, kDeployment)) << text;
}

TEST(OwnedFields, depends_on_our_apply_entry_only) {
  const auto hash = [](const std::string& managed) {
    return decode_object(object_with(managed), kDeployment)->owned_fields;
  };
  const auto ours = entry("fluxd", "Apply", R"({"f:spec":{"f:replicas":{},"f:paused":{}}})");
  const auto base = hash(ours);
  const struct {
    const char* name;
    std::string managed;
    bool same;
  } rows[] = {
      {"status update", ours + "," + entry("kube-controller-manager", "Update", R"({"f:status":{}})", "status"), true},
      {"order of members", entry("fluxd", "Apply", R"({"f:spec":{ "f:paused":{}, "f:replicas":{}}})"), true},
      {"another's apply", ours + "," + entry("helm", "Apply", R"({"f:spec":{"f:x":{}}})"), true},
      {"our status apply", ours + "," + entry("fluxd", "Apply", R"({"f:status":{}})", "status"), true},
      {"our update", ours + "," + entry("fluxd", "Update", R"({"f:metadata":{}})"), true},
      {"a field lost", entry("fluxd", "Apply", R"({"f:spec":{"f:replicas":{}}})"), false},
      {"a field moved", entry("fluxd", "Apply", R"({"f:spec":{"f:replicas":{}},"f:paused":{}})"), false},
      {"all lost", entry("kubectl-edit", "Update", R"({"f:spec":{}})"), false},
  };
  for (const auto& row : rows) EXPECT_EQ(hash(row.managed) == base, row.same) << row.name;
}

TEST(ClientSide, is_told_by_manager_and_last_applied_annotation) {
  const std::string annotated = R"({"kubectl.kubernetes.io/last-applied-configuration":"{}"})";
  const struct {
    const char* name;
    std::string managed;
    std::string annotations;
    ClientSide client_side;
  } rows[] = {
      {"kubectl apply", entry("kubectl-client-side-apply", "Update", kLastApplied), annotated, ClientSide::fields},
      {"an old tool under its own name", entry("deployer", "Update", kLastApplied), annotated, ClientSide::fields},
      {"nothing but the annotation", entry("kubectl-client-side-apply", "Update", kOnlyLastApplied), annotated,
       ClientSide::annotation},
      {"old kubectl with the annotation", entry("kubectl", "Update", R"({"f:spec":{}})"), annotated,
       ClientSide::fields},
      {"before-first-apply with it", entry("before-first-apply", "Update", R"({"f:spec":{}})"), annotated,
       ClientSide::fields},
      {"before-first-apply without it", entry("before-first-apply", "Update", R"({"f:spec":{}})"), "{}",
       ClientSide::nothing},
      {"kubectl edit", entry("kubectl-edit", "Update", R"({"f:spec":{}})"), annotated, ClientSide::nothing},
      {"kubectl scale", entry("kubectl", "Update", R"({"f:spec":{}})", "scale"), annotated, ClientSide::nothing},
      {"server-side apply by kubectl", entry("kubectl", "Apply", R"({"f:spec":{}})"), "{}", ClientSide::nothing},
      {"ours", entry("fluxd", "Apply", R"({"f:spec":{}})"), "{}", ClientSide::nothing},
  };
  for (const auto& row : rows)
    EXPECT_EQ(decode_object(object_with(row.managed, row.annotations), kDeployment)->client_side, row.client_side)
        << row.name;
}

TEST(DecodePage, gives_objects_and_the_way_on) {
  std::vector<std::string> names;
  const auto page = decode_page(
      R"({"metadata":{"resourceVersion":"9","continue":"abc"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]})",
      {"v1", "Node"}, [&](const Object& object) { names.push_back(object.name()); });
  ASSERT_TRUE(page);
  EXPECT_EQ(page->resource_version, "9");
  EXPECT_EQ(page->next, "abc");
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(decode_page(R"({"kind":"Status"})", {"v1", "Node"}, [](const Object&) {}));
  EXPECT_FALSE(decode_page(R"({"metadata":{},"items":[{"metadata")", {"v1", "Node"}, [](const Object&) {}));
}

TEST(DecodeAnnotation, tells_absent_from_empty) {
  EXPECT_EQ(decode_annotation(R"({"metadata":{"annotations":{"a":"1","b":""}}})", "b").value(), "");
  EXPECT_EQ(decode_annotation(R"({"metadata":{"annotations":{"a":"1"}}})", "b").value(), std::nullopt);
  EXPECT_EQ(decode_annotation(R"({"metadata":{}})", "b").value(), std::nullopt);
  EXPECT_FALSE(decode_annotation("{", "b"));
}

TEST(DecodeEvent, reads_each_type) {
  using enum WatchEvent::Type;
  const auto read = [](const std::string& line) { return decode_event(line, kDeployment); };
  EXPECT_EQ(read(R"({"type":"ADDED","object":{"metadata":{"name":"a"}}})")->type, added);
  EXPECT_EQ(read(R"({"object":{"metadata":{"name":"a"}},"type":"DELETED"})")->type, deleted);
  const auto mark = read(R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12"}}})");
  EXPECT_EQ(mark->type, bookmark);
  EXPECT_EQ(mark->object.resource_version, "12");
  const auto gone = read(R"({"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}})");
  EXPECT_EQ(gone->type, error);
  EXPECT_EQ(gone->code, 410);
  EXPECT_EQ(gone->message, "too old");
  for (const auto* bad : {"{}", R"({"type":"NEWS","object":{}})", R"({"type":"ADDED","object":{}})", "x"})
    EXPECT_FALSE(read(bad)) << bad;
}

}  // namespace object_test
}  // namespace flux::cluster

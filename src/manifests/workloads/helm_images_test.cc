#include "manifests/workloads/helm_images.h"

#include <gtest/gtest.h>

namespace flux::manifests {
namespace helm_images_test {

using Annotations = std::map<std::string, std::string>;

std::string shown(const std::string& values, const Annotations& annotations = {}) {
  std::string out;
  for (const auto& image : helm_images(values, annotations))
    out += (out.empty() ? "" : " ") + image.name + "=" + image.image.to_string();
  return out;
}

struct Row {
  const char* name;
  const char* values;
  const char* images;
};

TEST(HelmImages, are_found_by_shape) {
  const Row rows[] = {
      {"text", R"({"image":"acme/cart:1"})", "chart-image=acme/cart:1"},
      {"text and tag", R"({"image":"acme/cart","tag":"1"})", "chart-image=acme/cart:1"},
      {"registry and text", R"({"registry":"quay.io","image":"acme/cart:1"})", "chart-image=quay.io/acme/cart:1"},
      {"all three", R"({"registry":"quay.io","image":"acme/cart","tag":"1"})", "chart-image=quay.io/acme/cart:1"},
      {"mapping", R"({"image":{"repository":"acme/cart","registry":"quay.io","tag":"1"}})",
       "chart-image=quay.io/acme/cart:1"},
      {"what is beside a mapping does not count", R"({"image":{"repository":"acme/cart"},"tag":"1","registry":"x.y"})",
       "chart-image=acme/cart"},
      {"mapping without repository", R"({"image":{"name":"acme/cart"}})", ""},
      {"below a key", R"({"web":{"image":"acme/web:2"},"api":{"image":{"repository":"acme/api"}}})",
       "api=acme/api web=acme/web:2"},
      {"the one at the top comes first", R"({"a":{"image":"a:1"},"image":"z:1"})", "chart-image=z:1 a=a:1"},
      {"a key of that name wins", R"({"chart-image":{"image":"a:1"},"image":"z:1"})", "chart-image=a:1"},
      {"not any deeper", R"({"a":{"b":{"image":"a:1"}},"list":[{"image":"b:1"}]})", ""},
      {"a number is no tag", R"({"image":"acme/cart","tag":1.10})", "chart-image=acme/cart"},
      {"empty tag", R"({"image":"acme/cart","tag":""})", ""},
      {"empty registry", R"({"image":"acme/cart","registry":""})", ""},
      {"two tags", R"({"image":"acme/cart:1","tag":"2"})", ""},
      {"no values", "null", ""},
      {"not JSON", "{", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(row.values), row.images) << row.name;
}

TEST(HelmImages, are_found_where_annotations_point) {
  const std::string values =
      R"({"deep":{"er":{"name":"acme/cart","hub":"quay.io","version":"1","number":1}},"web":{"image":"acme/web:2"}})";
  const struct {
    const char* name;
    Annotations annotations;
    const char* images;
  } rows[] = {
      {"repository", {{"repository.fluxcd.io/cart", "deep.er.name"}}, "cart=acme/cart web=acme/web:2"},
      {"all three",
       {{"repository.fluxcd.io/cart", "deep.er.name"},
        {"registry.fluxcd.io/cart", "deep.er.hub"},
        {"tag.fluxcd.io/cart", "deep.er.version"}},
       "cart=quay.io/acme/cart:1 web=acme/web:2"},
      {"a part that is not there",
       {{"repository.fluxcd.io/cart", "deep.er.name"}, {"tag.fluxcd.io/cart", "deep.er.nothing"}},
       "web=acme/web:2"},
      {"a part that is no text",
       {{"repository.fluxcd.io/cart", "deep.er.name"}, {"tag.fluxcd.io/cart", "deep.er.number"}},
       "web=acme/web:2"},
      {"no repository", {{"tag.fluxcd.io/cart", "deep.er.version"}}, "web=acme/web:2"},
      {"in place of the shape of that name", {{"repository.fluxcd.io/web", "deep.er.name"}}, "web=acme/cart"},
      {"in place of the shape at that path", {{"repository.fluxcd.io/front", "web.image"}}, "front=acme/web:2"},
      {"a mapping that finds nothing leaves the shape", {{"repository.fluxcd.io/web", "deep.er"}}, "web=acme/web:2"},
      {"the filter of a tag is something else", {{"filter.fluxcd.io/web", "semver:*"}}, "web=acme/web:2"},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(values, row.annotations), row.images) << row.name;
}

}  // namespace helm_images_test
}  // namespace flux::manifests

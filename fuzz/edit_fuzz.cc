// An edit changes what it was asked to change and nothing else, or says why not; what it puts in, it can take out.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "manifests/edit/edit.h"
#include "manifests/parse_file.h"
#include "manifests/workloads/containers.h"
#include "yaml/edit/documents.h"
#include "yaml/reader.h"

namespace {

using namespace flux::manifests;

void require(bool condition) {
  if (!condition) std::abort();
}

/// Documents are counted as they are read.
void check_documents(std::string_view text) {
  const auto documents = flux::yaml::read_all(text);
  if (!documents || text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return;
  const auto count = static_cast<int>(documents->size());
  if (count > 0) require(flux::yaml::document_span(text, count).has_value());
  require(!flux::yaml::document_span(text, count + 1).has_value());
}

/// Everything but the policies of one manifest and its images is what it was.
void check_others(const std::vector<ManifestPtr>& before, std::string_view text, std::size_t index,
                  bool only_policies) {
  const auto after = parse_file("fuzz.yaml", text);
  require(after.problems.empty() && after.manifests.size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    if (i != index) require(before[i]->checksum == after.manifests[i]->checksum);
  if (only_policies) require(before[index]->rest == after.manifests[index]->rest);
  if (!only_policies) require(before[index]->metadata == after.manifests[index]->metadata);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_documents(text);
  const auto content = parse_file("fuzz.yaml", text);
  for (std::size_t i = 0; i < content.manifests.size() && i < 4; ++i) {
    const auto& manifest = *content.manifests[i];
    const auto id = manifest.id_in("ns");
    for (const auto& container : containers_of(manifest)) {
      const flux::ContainerUpdate update{container.name, {}, {"quay.io", "acme/new", "1.10", ""}};
      const auto edited = set_images(text, manifest, id, std::span(&update, 1));
      if (!edited) continue;
      check_others(content.manifests, *edited, i, false);
      require(set_images(*edited, manifest, id, std::span(&update, 1)) == *edited);
    }
    const auto edited = update_policies(text, manifest, id, {{{"new", "yes, 'it' is: #1"}}, {}});
    if (!edited) continue;
    check_others(content.manifests, *edited, i, true);
    require(parse_file("fuzz.yaml", *edited).manifests[i]->policies.at("new") == "yes, 'it' is: #1");
    const auto back = update_policies(*edited, manifest, id, {{}, {{"new", ""}}});
    require(back.has_value());
    check_others(content.manifests, *back, i, true);
  }
  return 0;
}

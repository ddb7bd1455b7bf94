#include "api/wire/change.h"

#include "model/json_reader.h"

namespace flux::api {
namespace {

Result<GitChange> git_change(const Json& source) {
  ObjectReader in(source);
  GitChange change{in.text("URL"), in.text("Branch")};
  return in.done(std::move(change));
}

Result<ImageChange> image_name(const Json& name) {
  if (!name.is_object()) return fail(ErrorKind::user, "it must be an object with Domain and Image");
  ObjectReader in(name);
  ImageChange change{in.text("Domain"), in.text("Image")};
  return in.done(std::move(change));
}

Result<ImageChange> image_change(const Json& source) {
  ObjectReader in(source);
  auto change = in.value("Name", image_name);
  return in.done(std::move(change));
}

template <class T>
Result<Change> as_change(Result<T> read) {
  if (!read) return wrap(std::move(read.error()), "Source");
  return Change(*std::move(read));
}

}  // namespace

Json to_json(const Change& change) {
  if (const auto* git = std::get_if<GitChange>(&change))
    return {{"Kind", "git"}, {"Source", {{"URL", git->url}, {"Branch", git->branch}}}};
  const auto& image = std::get<ImageChange>(change);
  return {{"Kind", "image"}, {"Source", {{"Name", {{"Domain", image.domain}, {"Image", image.image}}}}}};
}

Result<Change> change_from_json(const Json& json) {
  ObjectReader in(json);
  const auto kind = in.text("Kind");
  if (auto ok = in.done(true); !ok) return Failure(std::move(ok.error()));
  if (kind != "git" && kind != "image")
    return fail(ErrorKind::user, "unknown kind of change", "Kind must be git or image.");
  const auto* source = member(json, "Source");
  if (source == nullptr) return fail(ErrorKind::user, "the change has no Source");
  if (!source->is_object() && !source->is_null()) return wrong_type("Source", "an object", *source);
  return kind == "git" ? as_change(git_change(*source)) : as_change(image_change(*source));
}

}  // namespace flux::api

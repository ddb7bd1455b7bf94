#include "sandbox/patch/plain.h"

namespace flux::sandbox {

Answer<Json> json_patched(const Json& object, const Json& patch) {
  if (!patch.is_array()) return refuse_request("a JSON patch is a list of operations");
  try {
    return object.patch(patch);
  } catch (const Json::exception& error) {
    return refuse(422, "Invalid",
                  std::string("the server rejected our request due to an error in our request: ") + error.what());
  }
}

Json merge_patched(Json object, const Json& patch) {
  object.merge_patch(patch);
  return object;
}

}  // namespace flux::sandbox

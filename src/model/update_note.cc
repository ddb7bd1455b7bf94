#include "model/update_note.h"

#include "model/json_reader.h"

namespace flux {

std::string encode_note(const UpdateNote& note) {
  return encode_json({{"jobID", note.job_id},
                      {"spec", to_json(note.spec)},
                      {"result", note.result.empty() ? Json(nullptr) : to_json(note.result)}});
}

Result<UpdateNote> decode_note(std::string_view text) {
  auto json = decode_json(text);
  if (!json) return Failure(std::move(json.error()));
  ObjectReader in(*json);
  UpdateNote note{in.text("jobID"), in.value("spec", update_spec_from_json),
                  in.value("result", update_result_from_json)};
  if (auto ok = in.done(true); !ok) return Failure(std::move(ok.error()));
  if (note.job_id.empty() || in.find("spec") == nullptr) return fail(ErrorKind::user, "a note without jobID or spec");
  return note;
}

}  // namespace flux

#include "images/order.h"

namespace flux::images {

Place::Place(Order order, std::string_view tag, std::optional<Timestamp> created_at, std::string text)
    : reference(std::move(text)) {
  if (order == Order::version)
    version = Version::parse(tag);
  else
    created = created_at;
}

bool newer(const Place& a, const Place& b) {
  // What is unknown is less than all that is known: it comes last.
  if (a.version != b.version) return a.version > b.version;
  if (a.version) return a.reference > b.reference;
  if (a.created != b.created) return a.created > b.created;
  return a.reference < b.reference;
}

}  // namespace flux::images

#include "sandbox/protobuf.h"

#include <bit>
#include <cstring>
#include <ctime>

#include "base/base64.h"
#include "base/json.h"

namespace flux::sandbox {

namespace {

constexpr std::string_view magic{"k8s\0", 4};
constexpr int max_depth = 200;

/// One field of a message.
struct Entry {
  int number = 0;
  int wire = 0;
  std::uint64_t number_value = 0;  ///< of a varint or fixed field
  std::string_view bytes;          ///< of a length-delimited field
};

class MessageReader {
 public:
  explicit MessageReader(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool broken() const { return broken_; }

  std::optional<Entry> next() {
    if (rest_.empty() || broken_) return std::nullopt;
    Entry out;
    const auto tag = varint();
    out.number = static_cast<int>(tag >> 3);
    out.wire = static_cast<int>(tag & 7);
    if (out.wire == 0) {
      out.number_value = varint();
    } else if (out.wire == 1 || out.wire == 5) {
      out.number_value = fixed(out.wire == 1 ? 8 : 4);
    } else if (out.wire == 2) {
      out.bytes = take(varint());
    } else {
      broken_ = true;
    }
    if (broken_) return std::nullopt;
    return out;
  }

 private:
  std::uint64_t varint() {
    std::uint64_t out = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return out;
    }
    broken_ = true;
    return 0;
  }

  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      broken_ = true;
      return {};
    }
    const auto out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }

  std::uint64_t fixed(std::size_t size) {
    const auto bytes = take(size);
    std::uint64_t out = 0;
    if (!broken_) std::memcpy(&out, bytes.data(), size);
    return out;
  }

  std::string_view rest_;
  bool broken_ = false;
};

class Decoder {
 public:
  std::optional<Json> run(std::string_view message, const Type& type) {
    auto out = Json::object();
    read_object(message, type, {}, out, 0);
    if (broken_) return std::nullopt;
    return out;
  }

 private:
  /// The field with these numbers; `embedded` when the numbers lead into an embedded message instead.
  static const std::pair<const std::string, Type::Field>* find(const Type& type, const std::vector<int>& path,
                                                               bool& embedded) {
    for (const auto& entry : type.fields) {
      const auto& number = entry.second.number;
      if (number == path) return &entry;
      if (number.size() > path.size() && std::equal(path.begin(), path.end(), number.begin())) embedded = true;
    }
    return nullptr;
  }

  void read_object(std::string_view message, const Type& type, std::vector<int> path, Json& out, int depth) {
    MessageReader reader(message);
    if (depth > max_depth) broken_ = true;
    while (const auto entry = broken_ ? std::nullopt : reader.next()) {
      path.push_back(entry->number);
      bool embedded = false;
      if (const auto* field = find(type, path, embedded)) {
        add(out[field->first], *entry, *field->second.type, depth);
      } else if (embedded) {
        read_object(entry->bytes, type, path, out, depth + 1);
      }
      path.pop_back();
    }
    broken_ = broken_ || reader.broken();
  }

  void add(Json& to, const Entry& entry, const Type& type, int depth) {
    if (type.form == Type::Form::list) {
      if (!to.is_array()) to = Json::array();
      to.push_back(value(entry, type.item == nullptr ? *Type::untyped() : *type.item, depth));
    } else if (type.form == Type::Form::object && type.rest != nullptr) {
      if (!to.is_object()) to = Json::object();
      map_entry(to, entry.bytes, *type.rest, depth);
    } else {
      to = value(entry, type, depth);
    }
  }

  void map_entry(Json& to, std::string_view message, const Type& type, int depth) {
    MessageReader reader(message);
    std::string key;
    Json held;
    while (const auto entry = reader.next()) {
      if (entry->number == 1) key = entry->bytes;
      if (entry->number == 2) held = value(*entry, type, depth);
    }
    broken_ = broken_ || reader.broken();
    to[key] = std::move(held);
  }

  Json value(const Entry& entry, const Type& type, int depth) {
    switch (type.form) {
      case Type::Form::text:
        return type.binary ? Json(encode_base64(entry.bytes)) : Json(entry.bytes);
      case Type::Form::integer:
        return static_cast<std::int64_t>(entry.number_value);
      case Type::Form::boolean:
        return entry.number_value != 0;
      case Type::Form::number:
        return std::bit_cast<double>(entry.number_value);
      case Type::Form::quantity:
        return inner(entry.bytes, 1).bytes;
      case Type::Form::time:
        return time(inner(entry.bytes, 1));
      case Type::Form::int_or_text:
        return int_or_text(entry.bytes);
      case Type::Form::any:
        return raw(inner(entry.bytes, 1).bytes);
      default:
        break;
    }
    auto out = Json::object();
    read_object(entry.bytes, type, {}, out, depth + 1);
    return out;
  }

  Entry inner(std::string_view message, int number) {
    MessageReader reader(message);
    Entry out;
    while (const auto entry = reader.next()) {
      if (entry->number == number) out = *entry;
    }
    broken_ = broken_ || reader.broken();
    return out;
  }

  static Json time(const Entry& seconds) {
    if (seconds.number_value == 0) return nullptr;
    const auto when = static_cast<std::time_t>(seconds.number_value);
    std::tm parts{};
    char text[40];
    gmtime_r(&when, &parts);
    return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts));
  }

  Json int_or_text(std::string_view message) {
    if (inner(message, 1).number_value == 0) return static_cast<std::int32_t>(inner(message, 2).number_value);
    return inner(message, 3).bytes;
  }

  static Json raw(std::string_view text) { return parse_sorted_json(text).value_or(nullptr); }

  bool broken_ = false;
};

}  // namespace

bool is_protobuf(std::string_view body) { return body.starts_with(magic); }

std::optional<Envelope> open_envelope(std::string_view body) {
  if (!is_protobuf(body)) return std::nullopt;
  Envelope out;
  MessageReader reader(body.substr(magic.size()));
  while (const auto entry = reader.next()) {
    if (entry->number == 2) out.message = entry->bytes;
    if (entry->number != 1) continue;
    MessageReader type_meta(entry->bytes);
    while (const auto part = type_meta.next()) {
      if (part->number == 1) out.api_version = part->bytes;
      if (part->number == 2) out.kind = part->bytes;
    }
  }
  if (reader.broken()) return std::nullopt;
  return out;
}

std::optional<Json> from_protobuf(std::string_view message, const Type& type) { return Decoder().run(message, type); }

}  // namespace flux::sandbox

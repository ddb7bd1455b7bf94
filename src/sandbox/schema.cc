#include "sandbox/schema.h"

#include <functional>

#include "sandbox/types/tables.h"

namespace flux::sandbox {

const Type* Type::untyped() {
  static const Type any;
  return &any;
}

const Type* Type::member(std::string_view name) const {
  if (form == Form::any) return untyped();
  if (const auto found = fields.find(name); found != fields.end()) return found->second.type;
  if (rest != nullptr) return rest;
  return keeps_unknown ? untyped() : nullptr;
}

Type* TypeSet::make() { return &types_.emplace_back(); }

Type* TypeSet::named(std::string_view name) {
  if (const auto found = names_.find(name); found != names_.end()) return found->second;
  return names_.emplace(std::string(name), make()).first->second;
}

const Type* TypeSet::find(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : found->second;
}

namespace {

/// Reads the notation of the tables; the tables are ours, so there is nothing to report.
class TableReader {
 public:
  explicit TableReader(TypeSet& set) : set_(set) {}

  void read(std::string_view table) {
    std::string line;
    while (!table.empty()) {
      const auto end = table.find('\n');
      const auto part = table.substr(0, end);
      if (!part.starts_with(' ')) flush(line);
      line += part;
      table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
    }
    flush(line);
  }

 private:
  void flush(std::string& line) {
    std::string_view rest = line;
    const auto name = word(rest);
    if (!name.empty()) structure(*set_.named(name), rest);
    line.clear();
  }

  static std::string_view word(std::string_view& text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    const auto part = text.substr(0, text.find(' '));
    text.remove_prefix(part.size());
    return part;
  }

  void structure(Type& type, std::string_view rest) {
    for (auto field = word(rest); !field.empty(); field = word(rest)) {
      if (field == "*") return;
      type.form = Type::Form::object;
      Type::Field entry;
      entry.keeps_empty = field.ends_with('+');
      entry.drops_zero = field.ends_with('?');
      const auto equals = field.find('=');
      entry.always = entry.keeps_empty && equals != std::string_view::npos &&
                     std::string_view("[{").find(field[equals + 1]) == std::string_view::npos;
      entry.written_empty = entry.keeps_empty && !entry.always;
      if (entry.keeps_empty || entry.drops_zero) field.remove_suffix(1);
      entry.type = value(equals == std::string_view::npos ? "s" : field.substr(equals + 1));
      auto name = field.substr(0, equals);
      if (const auto colon = name.find(':'); colon != std::string_view::npos) {
        entry.number = numbers(name.substr(colon + 1));
        name = name.substr(0, colon);
      }
      type.fields.emplace(name, entry);
    }
  }

  static std::vector<int> numbers(std::string_view text) {
    std::vector<int> out = {0};
    for (const char c : text) {
      if (c == '.') {
        out.push_back(0);
      } else {
        out.back() = out.back() * 10 + (c - '0');
      }
    }
    return out;
  }

  const Type* value(std::string_view text) {
    if (text.starts_with('[')) return list(text.substr(1));
    if (text.starts_with('{')) return map(text.substr(1));
    if (text.starts_with('!')) return variant(text, [](Type& type) { type.atomic = true; });
    if (text.starts_with('^')) return variant(text, [](Type& type) { type.retains_keys = true; });
    if (text == "*") return Type::untyped();
    return text.size() == 1 ? scalar(text) : set_.named(text);
  }

  const Type* scalar(std::string_view text) {
    using Form = Type::Form;
    static const std::map<char, Form> forms = {{'s', Form::text},        {'y', Form::text},    {'i', Form::integer},
                                               {'n', Form::number},      {'b', Form::boolean}, {'q', Form::quantity},
                                               {'x', Form::int_or_text}, {'t', Form::time}};
    auto* type = set_.named(text);
    type->form = forms.at(text.front());
    type->binary = text == "y";
    return type;
  }

  const Type* map(std::string_view text) {
    auto* type = set_.make();
    type->form = Type::Form::object;
    type->atomic = text.starts_with('!');
    type->rest = value(type->atomic ? text.substr(1) : text);
    return type;
  }

  const Type* list(std::string_view text) {
    auto* type = set_.make();
    type->form = Type::Form::list;
    type->merges = take(text, '~');
    type->retains_keys = take(text, '^');
    if (take(text, '=')) {
      type->list = Type::ListForm::set;
    } else if (const auto at = text.find('@'); at != std::string_view::npos) {
      type->merge_key = text.substr(0, at);
      text.remove_prefix(at + 1);
    } else if (const auto bar = text.find('|'); bar != std::string_view::npos) {
      type->list = Type::ListForm::map;
      keys(*type, text.substr(0, bar));
      text.remove_prefix(bar + 1);
    }
    type->item = value(text);
    return type;
  }

  static void keys(Type& type, std::string_view names) {
    while (!names.empty()) {
      const auto end = names.find(',');
      const auto key = names.substr(0, end);
      const auto equals = key.find('=');
      Json fallback = equals == std::string_view::npos ? Json() : Json(key.substr(equals + 1));
      type.keys.push_back({std::string(key.substr(0, equals)), std::move(fallback)});
      names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
    }
    type.merge_key = type.keys.front().name;
  }

  static bool take(std::string_view& text, char mark) {
    const bool found = text.starts_with(mark);
    if (found) text.remove_prefix(1);
    return found;
  }

  /// A structure with another way to merge shares its fields with the plain one, which may be filled in later.
  template <class Mark>
  const Type* variant(std::string_view text, Mark mark) {
    const auto known = set_.find(text);
    auto* type = set_.named(text);
    if (known == nullptr) variants_.push_back({type, set_.named(text.substr(1)), std::move(mark)});
    return type;
  }

  struct Variant {
    Type* type;
    const Type* plain;
    std::function<void(Type&)> mark;
  };

  TypeSet& set_;
  std::vector<Variant> variants_;

 public:
  void finish() {
    for (auto& [type, plain, mark] : variants_) {
      *type = *plain;
      mark(*type);
    }
  }
};

}  // namespace

Json skeleton_of(const Type& type) {
  auto out = Json::object();
  for (const auto& [name, field] : type.fields) {
    if (field.always) {
      out[name] = skeleton_of(*field.type);
    } else if (field.written_empty) {
      out[name] = nullptr;
    }
  }
  return out;
}

void fill_defaults(Json& value, const Type& type) {
  if (value.is_array() && type.item != nullptr) {
    for (auto& item : value) fill_defaults(item, *type.item);
  }
  if (!value.is_object()) return;
  for (const auto& [name, field] : type.fields) {
    if (!field.fallback.is_null() && !value.contains(name)) value[name] = field.fallback;
  }
  for (auto& [name, child] : value.items()) {
    const auto* member = type.member(name);
    if (member != nullptr) fill_defaults(child, *member);
  }
}

const TypeSet& builtin_types() {
  static const TypeSet all = [] {
    TypeSet set;
    TableReader reader(set);
    for (const auto& table : {core_types, workload_types, other_types}) reader.read(table);
    reader.finish();
    return set;
  }();
  return all;
}

}  // namespace flux::sandbox

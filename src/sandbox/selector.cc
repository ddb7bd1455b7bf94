#include "sandbox/selector.h"

#include <algorithm>

#include "base/json.h"

namespace flux::sandbox {

class Selector::Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Answer<std::vector<Requirement>> labels() {
    std::vector<Requirement> out;
    for (skip(); !text_.empty(); skip()) {
      auto requirement = label();
      if (!requirement) return Refusal(requirement.error());
      out.push_back(std::move(*requirement));
      skip();
      if (!text_.empty() && !take(",")) return error("','");
    }
    return out;
  }

  Answer<std::vector<Requirement>> fields() {
    std::vector<Requirement> out;
    while (!text_.empty()) {
      const auto part = text_.substr(0, text_.find(','));
      text_.remove_prefix(std::min(text_.size(), part.size() + 1));
      const auto at = part.find_first_of("!=");
      if (at == std::string_view::npos) return refuse_request("invalid field selector: '" + std::string(part) + "'");
      auto value = part.substr(at);
      const auto test = value.starts_with('!') ? Test::not_in : Test::in;
      value.remove_prefix(value.starts_with("!=") || value.starts_with("==") ? 2 : 1);
      out.push_back({std::string(part.substr(0, at)), test, {std::string(value)}});
    }
    return out;
  }

 private:
  Answer<Requirement> label() {
    Requirement out;
    const bool negated = take("!");
    skip();
    out.key = word();
    if (out.key.empty()) return error("identifier");
    skip();
    if (negated) {
      out.test = Test::absent;
    } else if (take("!=") || take("==") || text_.starts_with('=')) {
      out.test = operator_ == "!=" ? Test::not_in : Test::in;
      if (operator_.empty()) take("=");
      skip();
      out.values = {word()};
    } else if (take("notin") || take("in")) {
      out.test = operator_ == "in" ? Test::in : Test::not_in;
      if (!list(out.values)) return error("'(' values ')'");
    }
    return out;
  }

  bool list(std::vector<std::string>& out) {
    skip();
    if (!take("(")) return false;
    do {
      skip();
      out.push_back(word());
      skip();
    } while (take(","));
    return take(")");
  }

  void skip() {
    while (text_.starts_with(' ')) text_.remove_prefix(1);
    operator_.clear();
  }

  bool take(std::string_view token) {
    operator_.clear();
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    operator_ = token;
    return true;
  }

  std::string word() {
    const auto part = text_.substr(0, text_.find_first_of(" ,=!()"));
    text_.remove_prefix(part.size());
    return std::string(part);
  }

  Refusal error(const char* expected) const {
    return refuse_request("unable to parse requirement: found '" + std::string(text_) + "', expected: " + expected);
  }

  std::string_view text_;
  std::string operator_;
};

Answer<Selector> Selector::parse(std::string_view labels, std::string_view fields) {
  Selector out;
  auto by_label = Parser(labels).labels();
  if (!by_label) return Refusal(by_label.error());
  auto by_field = Parser(fields).fields();
  if (!by_field) return Refusal(by_field.error());
  out.labels_ = std::move(*by_label);
  out.fields_ = std::move(*by_field);
  return out;
}

bool Selector::holds(const Requirement& requirement, const std::string* value) {
  const auto& values = requirement.values;
  const auto listed = [&] { return std::find(values.begin(), values.end(), *value) != values.end(); };
  switch (requirement.test) {
    case Test::in:
      return value != nullptr && listed();
    case Test::not_in:
      return value == nullptr || !listed();
    case Test::exists:
      return value != nullptr;
    case Test::absent:
      return value == nullptr;
  }
  return false;
}

bool Selector::matches(const Json& object) const {
  const auto& metadata = object.at("metadata");
  const auto labels = metadata.find("labels");
  for (const auto& requirement : labels_) {
    const std::string* value = nullptr;
    if (labels != metadata.end() && labels->is_object()) {
      const auto found = labels->find(requirement.key);
      if (found != labels->end() && found->is_string()) value = found->get_ptr<const std::string*>();
    }
    if (!holds(requirement, value)) return false;
  }
  return std::all_of(fields_.begin(), fields_.end(), [&](const Requirement& requirement) {
    auto pointer = "/" + requirement.key;
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    const auto found = object.value(Json::json_pointer(pointer), Json());
    const auto text = found.is_string() ? found.get<std::string>() : found.is_null() ? std::string() : dump_json(found);
    return holds(requirement, &text);
  });
}

bool selects(const Json& label_selector, const Json& labels) {
  const auto value_of = [&](const std::string& key) { return labels.is_object() ? labels.value(key, Json()) : Json(); };
  const auto wanted = label_selector.value("matchLabels", Json::object());
  for (const auto& [key, value] : wanted.items()) {
    if (value_of(key) != value) return false;
  }
  for (const auto& expression : label_selector.value("matchExpressions", Json::array())) {
    const auto value = value_of(expression.value("key", ""));
    const auto values = expression.value("values", Json::array());
    const auto test = expression.value("operator", "");
    const bool listed = std::find(values.begin(), values.end(), value) != values.end();
    const bool holds = test == "In"       ? listed
                       : test == "NotIn"  ? !listed
                       : test == "Exists" ? !value.is_null()
                                          : value.is_null();
    if (!holds) return false;
  }
  return true;
}

}  // namespace flux::sandbox

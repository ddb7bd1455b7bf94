// The same questions as main.go answers, put to src/images.
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "images/go_regexp.h"
#include "images/semver_constraint.h"
#include "model/glob.h"

namespace {

using flux::images::Version;
using Texts = std::span<const std::string>;

std::string spell(const std::optional<Version>& version) {
  if (!version) return "none";
  auto text =
      std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
  return version->prerelease.empty() ? text : text + "-" + version->prerelease;
}

template <class Holds>
std::string bits(Texts texts, Holds holds) {
  std::string out;
  for (const auto& text : texts) out += holds(text);
  return out;
}

char bit(bool holds) { return holds ? '1' : '0'; }

std::string versions(const std::string& first, const std::string& second) {
  const auto a = Version::parse(first);
  const auto b = Version::parse(second);
  auto out = spell(a) + " " + spell(b);
  if (a && b) out += *a < *b ? " -1" : *a > *b ? " 1" : " 0";
  return out;
}

std::string allowed(const std::string& text, Texts texts) {
  const auto constraint = flux::images::VersionConstraint::parse(text);
  if (!constraint) return "invalid";
  return bits(texts, [&](const auto& one) {
    const auto version = Version::parse(one);
    return version ? bit(constraint->allows(*version)) : '-';
  });
}

std::string found(const std::string& text, Texts texts) {
  const auto expression = flux::images::compile_go_regexp(text);
  if (!expression) return "invalid";
  return bits(texts, [&](const auto& one) { return bit(RE2::PartialMatch(one, **expression)); });
}

std::string answer(const std::vector<std::string>& question) {
  const auto& kind = question[0];
  const auto& subject = question[1];
  const auto texts = Texts(question).subspan(2);
  if (kind == "version") return versions(subject, texts[0]);
  if (kind == "constraint") return allowed(subject, texts);
  if (kind == "regexp") return found(subject, texts);
  return bits(texts, [&](const auto& text) { return bit(flux::glob_match(subject, text)); });
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer(flux::parse_json(line).value().get<std::vector<std::string>>()) << '\n';
}

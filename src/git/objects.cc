#include "git/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace flux::git {
namespace {

/// Bounds what is in memory between the pipe and the answers; git holds back its output until `flush`, so a chunk can
/// be written in one go.
constexpr std::size_t kChunk = 1000;

/// Anything else would break the one-line-per-request protocol.
bool can_be_asked(std::string_view name) {
  return !name.empty() && std::ranges::none_of(name, [](char c) { return c == '\n' || c == '\0'; });
}

Failure bad_answer(std::string_view line) {
  return fail(ErrorKind::server, fmt::format("git cat-file answered \"{}\"", line));
}

}  // namespace

Objects::Objects(Git git, std::filesystem::path dir) : git_(std::move(git)), dir_(std::move(dir)) {}

Result<Objects::Answers> Objects::read(const Bounded& ctx, const std::vector<std::string>& names) {
  return ask(ctx, Ask::contents, names);
}

Result<std::vector<std::optional<std::string>>> Objects::resolve(const Bounded& ctx,
                                                                 const std::vector<std::string>& names) {
  auto answers = ask(ctx, Ask::info, names);
  if (!answers) return Failure(answers.error());
  std::vector<std::optional<std::string>> ids;
  ids.reserve(answers->size());
  for (auto& answer : *answers) ids.push_back(answer ? std::optional(std::move(answer->id)) : std::nullopt);
  return ids;
}

Result<Objects::Answers> Objects::ask(const Bounded& ctx, Ask what, const std::vector<std::string>& names) {
  Answers answers(names.size());
  // A child that was killed or has crashed since the last call is no reason to fail; one that dies of the question is.
  bool retried = !child_;
  for (std::size_t first = 0; first < names.size();) {
    const auto count = std::min(kChunk, names.size() - first);
    auto ok = ask_chunk(ctx, what, names, first, count, answers);
    if (ok) {
      first += count;
      continue;
    }
    child_.reset();
    if (retried || ok.error().kind == ErrorKind::cancelled) return wrap(ok.error(), "reading git objects");
    retried = true;
  }
  return answers;
}

Result<void> Objects::ask_chunk(const Bounded& ctx, Ask what, const std::vector<std::string>& names, std::size_t first,
                                std::size_t count, Answers& into) {
  if (!child_) {
    auto child = Child::start(git_.command(dir_, Access::local, {"cat-file", "--batch-command", "--buffer"}));
    if (!child) return Failure(child.error());
    child_.emplace(std::move(*child));
    buffer_.clear();
    taken_ = 0;
  }
  std::string request;
  for (std::size_t i = first; i < first + count; ++i) {
    if (!can_be_asked(names[i])) continue;
    request += what == Ask::contents ? "contents " : "info ";
    request += names[i];
    request += '\n';
  }
  if (request.empty()) return {};
  if (auto ok = child_->write(ctx, request + "flush\n"); !ok) return ok;
  for (std::size_t i = first; i < first + count; ++i) {
    if (!can_be_asked(names[i])) continue;
    auto answer = take_answer(ctx, what);
    if (!answer) return Failure(answer.error());
    into[i] = std::move(*answer);
  }
  buffer_.clear();
  taken_ = 0;
  return {};
}

Result<std::optional<Object>> Objects::take_answer(const Bounded& ctx, Ask what) {
  std::size_t end = buffer_.find('\n', taken_);
  while (end == std::string::npos) {
    const auto searched = buffer_.size();
    if (auto ok = child_->read(ctx, buffer_); !ok) return Failure(ok.error());
    end = buffer_.find('\n', searched);
  }
  const auto line = buffer_.substr(taken_, end - taken_);
  taken_ = end + 1;
  if (line.ends_with(" missing") || line.ends_with(" ambiguous")) return std::optional<Object>();

  const auto type_at = line.find(' ');
  const auto size_at = line.rfind(' ');
  std::size_t size = 0;
  if (type_at == std::string::npos || size_at <= type_at ||
      std::from_chars(line.data() + size_at + 1, line.data() + line.size(), size).ec != std::errc{})
    return bad_answer(line);
  Object object{line.substr(0, type_at), line.substr(type_at + 1, size_at - type_at - 1), {}};
  if (what == Ask::info) return object;
  if (auto ok = fill(ctx, size + 1); !ok) return Failure(ok.error());
  object.bytes = buffer_.substr(taken_, size);
  taken_ += size + 1;
  return object;
}

Result<void> Objects::fill(const Bounded& ctx, std::size_t bytes) {
  if (buffer_.size() - taken_ >= bytes) return {};
  buffer_.erase(0, taken_);
  taken_ = 0;
  buffer_.reserve(bytes);
  while (buffer_.size() < bytes)
    if (auto ok = child_->read(ctx, buffer_); !ok) return Failure(ok.error());
  return {};
}

}  // namespace flux::git

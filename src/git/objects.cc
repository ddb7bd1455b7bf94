#include "git/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "git/repository.h"

namespace flux::git {
namespace {

/// Bounds what is in memory between the pipe and the answers; git holds back its output until `flush`, so a chunk can
/// be written in one go.
constexpr std::size_t kChunk = 1000;
constexpr std::size_t kKeptBuffer = std::size_t{1} << 20;

/// Anything else would break the one-line-per-request protocol.
bool can_be_asked(std::string_view name) {
  return !name.empty() && std::ranges::none_of(name, [](char c) { return c == '\n' || c == '\0'; });
}

Failure bad_answer(std::string_view line) {
  return fail(ErrorKind::server, fmt::format("git cat-file answered \"{}\"", line));
}

Failure too_large(const ObjectInfo& info) {
  return fail(ErrorKind::user,
              fmt::format("the {} {} has {} bytes; fluxd reads objects of up to {} MiB", info.type, info.id, info.size,
                          kMaxObject >> 20U),
              "`git log --all --find-object=ID` tells where it comes from. Take it out of the repository.");
}

}  // namespace

Objects::Objects(Git git, std::filesystem::path dir) : git_(std::move(git)), dir_(std::move(dir)) {}

Result<std::vector<std::optional<Object>>> Objects::read(const Bounded& ctx, const std::vector<std::string>& names) {
  return ask(ctx, "contents ", &Objects::take_object, names);
}

Result<std::vector<std::optional<ObjectInfo>>> Objects::describe(const Bounded& ctx,
                                                                 const std::vector<std::string>& names) {
  return ask(ctx, "info ", &Objects::take_info, names);
}

template <class T>
Result<std::vector<std::optional<T>>> Objects::ask(const Bounded& ctx, std::string_view command, Take<T> take,
                                                   const std::vector<std::string>& names) {
  std::vector<std::optional<T>> answers(names.size());
  // A child that was killed or has crashed since the last call is no reason to fail; one that dies of the question is.
  bool retried = !child_;
  for (std::size_t first = 0; first < names.size();) {
    const auto count = std::min(kChunk, names.size() - first);
    auto ok = ask_chunk<T>(ctx, command, take, std::span(names).subspan(first, count),
                           std::span(answers).subspan(first, count));
    forget_output();
    if (ok) {
      first += count;
      continue;
    }
    child_.reset();
    if (retried || ok.error().kind != ErrorKind::server) return wrap(ok.error(), "reading git objects");
    retried = true;
  }
  return answers;
}

template <class T>
Result<void> Objects::ask_chunk(const Bounded& ctx, std::string_view command, Take<T> take,
                                std::span<const std::string> names, std::span<std::optional<T>> into) {
  if (!child_) {
    auto child = Child::start(git_.command(dir_, Access::local, {"cat-file", "--batch-command", "--buffer"}));
    if (!child) return Failure(child.error());
    child_.emplace(std::move(*child));
  }
  std::string request;
  for (const auto& name : names)
    if (can_be_asked(name)) request.append(command).append(name).append("\n");
  if (request.empty()) return {};
  if (auto ok = child_->write(ctx, request + "flush\n"); !ok) return ok;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!can_be_asked(names[i])) continue;
    auto answer = (this->*take)(ctx);
    if (!answer) return Failure(answer.error());
    into[i] = std::move(*answer);
  }
  return {};
}

Result<std::optional<ObjectInfo>> Objects::take_info(const Bounded& ctx) {
  std::size_t end = buffer_.find('\n', taken_);
  while (end == std::string::npos) {
    const auto searched = buffer_.size();
    if (auto ok = child_->read(ctx, buffer_); !ok) return Failure(ok.error());
    end = buffer_.find('\n', searched);
  }
  const auto line = buffer_.substr(taken_, end - taken_);
  taken_ = end + 1;
  if (line.ends_with(" missing") || line.ends_with(" ambiguous")) return std::optional<ObjectInfo>();

  const auto type_at = line.find(' ');
  const auto size_at = line.rfind(' ');
  std::size_t size = 0;
  if (type_at == std::string::npos || size_at <= type_at ||
      std::from_chars(line.data() + size_at + 1, line.data() + line.size(), size).ec != std::errc{})
    return bad_answer(line);
  return ObjectInfo{line.substr(0, type_at), line.substr(type_at + 1, size_at - type_at - 1), size};
}

Result<std::optional<Object>> Objects::take_object(const Bounded& ctx) {
  auto info = take_info(ctx);
  if (!info) return Failure(info.error());
  if (!*info) return std::optional<Object>();
  const auto size = (*info)->size;
  if (size > kMaxObject) return too_large(**info);
  if (auto ok = fill(ctx, size + 1); !ok) return Failure(ok.error());
  Object object{std::move((*info)->id), std::move((*info)->type), buffer_.substr(taken_, size)};
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

/// What one large object needed is not kept for all the small ones that follow.
void Objects::forget_output() {
  buffer_.clear();
  if (buffer_.capacity() > kKeptBuffer) buffer_.shrink_to_fit();
  taken_ = 0;
}

}  // namespace flux::git

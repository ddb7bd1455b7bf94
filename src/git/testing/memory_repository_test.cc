// The memory repository is asked what a real one with the same objects and names is asked, and says the same.
#include "git/testing/memory_repository.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <functional>

#include "git/log.h"
#include "git/marker.h"
#include "git/notes.h"
#include "git/test_upstream.h"
#include "git/tree.h"
#include "git/tree_changes.h"
#include "git/verify.h"

namespace flux::git::testing {
namespace memory_repository_test {

std::string show(const Error& error) {
  return fmt::format("error {}: {}", static_cast<int>(error.kind), error.message);
}
std::string show(const std::string& text) { return text; }
std::string show(bool yes) { return yes ? "yes" : "no"; }
std::string show(const Commit& commit) {
  return fmt::format("{} [{}] '{}' {}{}", commit.revision, fmt::join(commit.parents, " "), commit.message,
                     commit.signature, commit.signer);
}
std::string show(const TreeEntry& entry) { return fmt::format("{:o} {} {}", entry.mode, entry.blob, entry.path); }
std::string show(const TreeChange& change) {
  return fmt::format("{}{}{}", change.removed ? "-" : "", change.path, change.symlink ? "@" : "");
}
std::string show(const std::pair<const std::string, Note>& note) { return note.first + ": " + note.second.json; }
std::string show(const LatestValid& latest) {
  return latest.revision + (latest.invalid ? " but not " + show(*latest.invalid) : "");
}
std::string show(const Object& object) { return object.type + " " + object.id + "\n" + object.bytes; }
template <class T>
std::string show(const std::optional<T>& one) {
  return one ? show(*one) : "nothing";
}
template <class T>
std::string show(const std::vector<T>& list) {
  std::string out;
  for (const auto& one : list) out += show(one) + "\n";
  return out;
}
std::string show(const std::map<std::string, Note>& notes) {
  std::string out;
  for (const auto& one : notes) out += show(one) + "\n";
  return out;
}
template <class T>
std::string show(const Result<T>& result) {
  return result ? show(*result) : show(result.error());
}

/// A history with merges, links, tags of both kinds and notes.
struct Story {
  Story() {
    first = memory.commit({.files = {{"a.yaml", "1"}, {"dir/b.yaml", "1"}, {"a-b/x", ""}, {"a", "file"}}});
    second = memory.commit({.files = {{"a.yaml", "2"},
                                      {"dir/b.yaml", "1"},
                                      {"dir/deep/c.yaml", "3"},
                                      {"a/now", "a directory"},
                                      {"link", File("a.yaml", 0120000)},
                                      {"run", File("#!/bin/sh\n", 0100755)}},
                            .message = "second: \xC3\xBC | odd\n\nwith a body"});
    memory.set_branch("side", first);
    side = memory.commit({.files = {{"a.yaml", "1"}, {"dir/b.yaml", "other"}}, .message = "side", .branch = "side"});
    auto both = memory.files(second);
    both["dir/b.yaml"] = "other";
    merge = memory.commit({.files = both, .message = "merge", .parents = {{second, side}}});
    takes_side = memory.commit({.files = memory.files(side), .message = "theirs", .parents = {{merge, side}}});
    last = memory.commit("a.yaml", "9", "");
    alien = memory.commit({.files = {}, .message = "alien", .branch = "alien", .parents = {{}}});
    memory.set_tag("light", second);
    tag = memory.set_annotated_tag("flux-sync", merge, false);
    memory.set_annotated_tag("main", first, false);
    memory.set_note("flux", second, R"({"jobID":"j","spec":{"type":"auto"}})");
    memory.set_note("flux", merge, "by hand");
  }

  MemoryRepository memory;
  std::string first, second, side, merge, takes_side, last, alien, tag;
};

/// The same objects and names on disk.
LocalRepository write_to_disk(const MemoryRepository& memory, const fs::path& dir) {
  fs::create_directories(dir);
  const Git git;
  const auto run = [&](const std::vector<std::string>& args, std::string input = {}) {
    auto out = git.run(bounded(), dir, Access::local, args, std::move(input));
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or("");
  };
  run({"init", "--quiet", "--bare", "--initial-branch=main", "."});
  for (const std::string type : {"blob", "tree", "commit", "tag"})
    for (const auto& [id, object] : memory.objects())
      if (object.type == type) {
        EXPECT_EQ(run({"hash-object", "--literally", "-t", type, "-w", "--stdin"}, object.bytes), id + "\n");
      }
  for (const auto& [ref, id] : memory.refs()) run({"update-ref", ref, id});
  return {git, dir};
}

struct Question {
  std::string what;
  std::function<std::string(const Bounded&, const Repository&)> ask;
};

std::vector<Question> questions(const Story& story) {
  std::vector<Question> all;
  const auto add = [&](std::string what, const auto& ask) {
    all.push_back({std::move(what), [ask](const Bounded& ctx, const Repository& it) { return show(ask(ctx, it)); }});
  };
  const auto first = story.first;
  const auto merge = story.merge;
  const auto names = {std::string("main"),
                      std::string("HEAD"),
                      std::string("refs/heads/side"),
                      std::string("side"),
                      std::string("heads/side"),
                      std::string("tags/light"),
                      std::string("light"),
                      std::string("refs/notes/flux"),
                      std::string("flux-sync"),
                      story.tag,
                      story.first,
                      story.first.substr(0, 12),
                      story.tag.substr(0, 12),
                      std::string(40, '1'),
                      std::string("nope"),
                      std::string("-x"),
                      std::string(),
                      std::string("with\nbreak"),
                      std::string("abc")};
  for (const auto& name : names)
    for (const auto* suffix : {"", "^{commit}", "^{tree}"}) {
      const std::vector<std::string> asked{name + suffix};
      add("resolve " + asked[0], [=](auto& ctx, auto& it) { return it.resolve(ctx, asked); });
      add("read " + asked[0], [=](auto& ctx, auto& it) { return it.read_objects(ctx, asked); });
    }
  for (const auto& name : names) {
    add("commit " + name, [=](auto& ctx, auto& it) { return resolve_commit(ctx, it, name); });
    add("head of " + name, [=](auto& ctx, auto& it) { return branch_head(ctx, it, name); });
    add("tree of " + name, [=](auto& ctx, auto& it) { return list_tree(ctx, it, name); });
    add("changes to " + name, [=](auto& ctx, auto& it) { return list_changes(ctx, it, first, name); });
    add("log of " + name,
        [=](auto& ctx, auto& it) { return list_commits(ctx, it, {.from = {}, .to = name, .paths = {}}); });
    add("ancestry of " + name, [=](auto& ctx, auto& it) { return is_ancestor(ctx, it, name, "refs/heads/main"); });
    add("descent of " + name, [=](auto& ctx, auto& it) { return is_ancestor(ctx, it, merge, name); });
    add("marker " + name, [=](auto& ctx, auto& it) { return read_marker(ctx, it, name, false); });
  }
  for (const auto& from : {std::string(), story.first, story.second, story.side, story.merge, story.alien, story.last})
    for (const auto& to : {story.last, story.takes_side, story.merge, story.side, story.alien})
      for (const auto& paths : {std::vector<std::string>(), {"dir"}, {"a.yaml"}, {"a.yaml", "dir/deep"}, {"nowhere"}})
        for (const bool first_parent : {false, true})
          for (const auto detail : {CommitDetail::full, CommitDetail::revisions, CommitDetail::ends}) {
            const CommitQuery query{
                .from = from, .to = to, .paths = paths, .first_parent = first_parent, .detail = detail};
            add(fmt::format("log {}..{} {} {} {}", from, to, fmt::join(paths, ","), first_parent,
                            static_cast<int>(detail)),
                [=](auto& ctx, auto& it) { return list_commits(ctx, it, query); });
          }
  const CommitQuery alone{.from = {}, .to = story.last, .paths = {}, .alone = true, .signatures = true};
  add("one commit", [=](auto& ctx, auto& it) { return list_commits(ctx, it, alone); });
  const std::vector<std::string> revisions{story.first, story.second, story.merge, "nonsense", ""};
  for (const auto* ref : {"flux", "notes/flux", "refs/notes/flux", "none"})
    add(std::string("notes ") + ref, [=](auto& ctx, auto& it) { return read_notes(ctx, it, ref, revisions); });
  for (const auto mode : {VerifyMode::none, VerifyMode::all, VerifyMode::first_parent})
    add("latest valid", [=](auto& ctx, auto& it) { return latest_valid(ctx, it, "refs/heads/main", "", mode); });
  add("valid since", [=](auto& ctx, auto& it) { return latest_valid(ctx, it, "main", first, VerifyMode::all); });
  return all;
}

TEST(MemoryRepository, answers_as_a_real_one_does) {
  const TempDir temp;
  const Story story;
  const auto real = write_to_disk(story.memory, temp.path() / "real");
  for (const auto& [what, ask] : questions(story))
    EXPECT_EQ(ask(bounded(), story.memory), ask(bounded(), real)) << what;
}

TEST(MemoryRepository, damage_shows_as_in_a_real_one) {
  const TempDir temp;
  Story story;
  const auto tree = *story.memory.resolve(bounded(), {story.last + "^{tree}"})->front();
  const auto blob = list_tree(bounded(), story.memory, story.last)->front().blob;
  story.memory.lose_object(tree);
  story.memory.lose_object(blob);
  const auto real = write_to_disk(story.memory, temp.path() / "real");
  for (const Repository* it : {static_cast<const Repository*>(&story.memory), static_cast<const Repository*>(&real)}) {
    EXPECT_EQ(read_blobs(bounded(), *it, {blob}).error().kind, ErrorKind::server);
    EXPECT_EQ(show(it->read_objects(bounded(), {tree, blob})), "nothing\nnothing\n");
  }
}

TEST(MemoryRepository, says_of_signatures_what_the_test_wants) {
  MemoryRepository memory;
  const auto good = memory.commit({.files = {}, .signature = 'G', .signer = "ann"});
  const auto bad = memory.commit({.files = {}, .message = "bad"});
  memory.commit({.files = {}, .signature = 'G'});
  const auto latest = latest_valid(bounded(), memory, "refs/heads/main", good, VerifyMode::all);
  EXPECT_EQ(show(latest), fmt::format("{} but not {} [{}] 'bad' N", good, bad, good));
  memory.set_annotated_tag("trusted", good, true);
  memory.set_annotated_tag("not", good, false);
  EXPECT_EQ(show(read_marker(bounded(), memory, "trusted", true)), good);
  EXPECT_EQ(show(read_marker(bounded(), memory, "not", true)), "error 2: failed to verify tag not: no signature found");
}

TEST(MemoryRepository, fails_and_waits_on_request) {
  MemoryRepository memory;
  const auto commit = memory.commit("a", "1");
  memory.faults().fail_next({ErrorKind::server, "lightning", {}}, 2);
  EXPECT_EQ(show(branch_head(bounded(), memory, "main")), "error 2: lightning");
  EXPECT_EQ(show(list_tree(bounded(), memory, "main")), "error 2: lightning");
  EXPECT_EQ(show(branch_head(bounded(), memory, "main")), commit);

  memory.faults().hold();
  const auto late = Context().with_timeout(std::chrono::milliseconds(1));
  EXPECT_EQ(branch_head(late, memory, "main").error().kind, ErrorKind::cancelled);
  EXPECT_EQ(show(branch_head(bounded(), *memory.second_reader(), "main")), commit) << "not held";
  std::jthread reader([&] { EXPECT_EQ(show(branch_head(bounded(), memory, "main")), commit); });
  EXPECT_TRUE(memory.faults().wait_until_held());
  memory.faults().release();
}

}  // namespace memory_repository_test
}  // namespace flux::git::testing

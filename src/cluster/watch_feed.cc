#include "cluster/watch_feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/retry.h"

namespace flux::cluster {
namespace {

constexpr Duration kHealthy = std::chrono::seconds(5);  // a watch that lasted this long was a good one
constexpr std::size_t kCheap = 250;                     // objects that are listed again without a thought: one page
constexpr int kPatienceWithLists = 3;                   // failures in a row before nobody waits for this list any more

std::string key_of(const Object& object) { return object.id.ns() + "/" + object.id.name(); }

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (!all_digits(a) || !all_digits(b)) return 1;
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a < b ? -1 : 1;
}

Feed::Feed(Resource resource, std::string ns, FeedRules rules)
    : resource_(std::move(resource)),
      ns_(std::move(ns)),
      rules_(std::move(rules)),
      page_size_(rules_.store ? rules_.page_size : 1) {}

std::string Feed::label() const {
  return ns_.empty() ? resource_.group_resource() : resource_.group_resource() + " in " + ns_;
}

Call Feed::list_call() const { return cluster::list_call(resource_, ns_, rules_.selector, page_size_, next_); }

Call Feed::watch_call(std::chrono::seconds server_timeout) {
  asked_for_ = server_timeout;
  Call call;
  call.path = fmt::format("{}?watch=1&allowWatchBookmarks=true&resourceVersion={}&timeoutSeconds={}",
                          resource_.path(ns_), encode_uri(version_), server_timeout.count());
  if (!rules_.selector.empty()) call.path += "&labelSelector=" + encode_uri(rules_.selector);
  call.accept = kAcceptMetadata;
  call.what = "watching " + label();
  return call;
}

Feed::Phase Feed::begin(Clock::time_point now) {
  began_ = now;
  phase_ = relist_ ? Phase::listing : Phase::streaming;
  productive_ = false;
  lost_ = false;
  buffer_ = {};
  if (next_.empty()) written_.clear();
  return phase_;
}

void Feed::wait(Duration duration, Clock::time_point now) {
  phase_ = Phase::waiting;
  due_ = now + duration;
}

void Feed::keep(bool yes, Clock::time_point now) {
  keep_ = yes;
  if (keep_ && phase_ == Phase::resting && resource_.can_watch) wait(Duration::zero(), now);
}

void Feed::look_again(Clock::time_point now) {
  if (phase_ != Phase::streaming && phase_ != Phase::listing) start_over(now);
}

void Feed::start_over(Clock::time_point now) {
  relist_ = true;
  pending_ = true;
  version_.clear();  // whatever the next list says is where we stand
  next_.clear();
  incoming_.clear();
  wait(Duration::zero(), now);
}

// A refusal is an answer: the type has no objects for us. Asked again now and then, for rights and types come and go.
std::vector<Change> Feed::refused(int status, Arrival at) {
  forbidden_ = status == 403;
  unwatchable_ = false;
  listed_ = true;
  pending_ = false;
  relist_ = true;
  failures_ = 0;
  error_.clear();
  std::vector<Change> changes;
  for (const auto& [key, before] : std::exchange(objects_, {})) changes.push_back({before, nullptr});
  wait(rules_.recheck, at.now);
  return changes;
}

void Feed::failed(std::string why, const Result<http::ClientResponse>& answer, Arrival at) {
  if (answer && answer->status == 401) unauthorized_ = true;
  ++failures_;
  if (failures_ >= kPatienceWithLists) pending_ = false;
  error_ = std::move(why);
  RetryRules rules{failures_ + 1, rules_.first_backoff, rules_.max_backoff, rules_.max_backoff};
  const auto asked = retry_wait(rules, failures_, answer, false, at.jitter);
  wait(asked.value_or(backoff(rules_.first_backoff, rules_.max_backoff, failures_, at.jitter)), at.now);
}

std::vector<Change> Feed::listed(const Result<http::ClientResponse>& answer, Arrival at) {
  if (answer && answer->status == 410) {
    next_.clear();
    incoming_.clear();
    failed("the list expired while it was being read", answer, at);
    return {};
  }
  if (answer && (answer->status == 403 || answer->status == 404)) {
    return refused(answer->status, at);
  }
  if (!answer || answer->status >= 400) {
    const auto why = answer ? decode_status(answer->status, answer->body, "cannot list " + label())
                            : no_answer(answer.error(), "cannot list " + label());
    failed(why.message, answer, at);
    return {};
  }
  if (answer->cut) return too_long(*answer, at);
  const auto page = decode_page(answer->body, resource_.type, [this](Object object) {
    if (!rules_.store || (rules_.wanted && !rules_.wanted(object))) return;
    auto key = key_of(object);
    incoming_.insert_or_assign(std::move(key), std::make_shared<const Object>(std::move(object)));
  });
  if (!page) {
    failed("cannot list " + label() + ": " + page.error().message, answer, at);
    return {};
  }
  // All versions of a server are those of its etcd, and a list is never older than what was seen before.
  if (all_digits(version_) && compare_versions(page->resource_version, version_) < 0) went_back_ = true;
  version_ = page->resource_version;
  next_ = rules_.store ? page->next : std::string{};
  if (!next_.empty()) {
    wait(Duration::zero(), at.now);
    return {};
  }
  auto changes = replace_all();
  after_list(at.now);
  return changes;
}

/// Smaller pages are another list: a continue token is good for the size it was given for only.
std::vector<Change> Feed::too_long(const http::ClientResponse& answer, Arrival at) {
  next_.clear();
  incoming_.clear();
  if (const auto smaller = smaller_page(page_size_)) {
    page_size_ = smaller;
    wait(Duration::zero(), at.now);
  } else {
    failed(cluster::too_long("cannot list " + label(), answer.url, kMaxPage).message, answer, at);
  }
  return {};
}

void Feed::after_list(Clock::time_point now) {
  listed_ = true;
  forbidden_ = false;
  pending_ = false;
  error_.clear();
  relist_ = false;
  if (resource_.can_watch && (keep_ || !objects_.empty())) return wait(Duration::zero(), now);
  phase_ = Phase::resting;
  failures_ = 0;
}

// The list is what is there, but for what we wrote ourselves while it was taken. Versions alone do not tell: they go
// back when etcd is restored.
std::vector<Change> Feed::replace_all() {
  std::vector<Change> changes;
  noticed_ = true;
  for (auto& [key, before] : objects_) {
    const auto found = incoming_.find(key);
    const bool ours = written_.contains(key);
    if (found == incoming_.end()) {
      if (ours && compare_versions(before->resource_version, version_) > 0)
        incoming_.emplace(key, before);
      else
        changes.push_back({before, nullptr});
    } else if (found->second->resource_version == before->resource_version ||
               (ours && compare_versions(before->resource_version, found->second->resource_version) > 0)) {
      found->second = before;
    } else {
      changes.push_back({before, found->second});
    }
  }
  for (const auto& [key, after] : incoming_)
    if (!objects_.contains(key)) changes.push_back({nullptr, after});
  objects_ = std::exchange(incoming_, {});
  return changes;
}

std::vector<Change> Feed::received(std::string_view bytes) {
  std::vector<Change> changes;
  while (!lost_) {
    const auto end = bytes.find('\n');
    const auto part = bytes.substr(0, end);
    if (buffer_.size() + part.size() > kMaxObject) {
      lost_ = true;
      error_ = fmt::format("cannot watch {}: a line of the watch is longer than {} MiB, the most that fluxd takes",
                           label(), kMaxObject >> 20U);
      break;
    }
    const bool begun = !buffer_.empty();
    if (begun || end == bytes.npos) buffer_ += part;
    if (end == bytes.npos) return changes;
    bytes.remove_prefix(end + 1);
    const auto whole = std::exchange(buffer_, {});
    if (const auto line = begun ? std::string_view(whole) : part; !line.empty()) apply_event(line, changes);
  }
  buffer_ = {};
  return changes;
}

void Feed::overrun() {
  lost_ = true;
  error_ = fmt::format("cannot watch {}: more has changed than could be taken in; it is listed again", label());
}

void Feed::apply_event(std::string_view line, std::vector<Change>& changes) {
  auto event = decode_event(line, resource_.type);
  const auto is_older = [&](const std::string& version) {
    return all_digits(version_) && compare_versions(version, version_) < 0;
  };
  if (!event || event->type == WatchEvent::Type::error) {
    // 410: the server has forgotten what follows our version. Anything else is no safer to resume from.
    lost_ = true;
    if (!event)
      error_ = "cannot watch " + label() + ": " + event.error().message;
    else if (event->code != 410)
      error_ = "cannot watch " + label() + ": " + event->message;
    return;
  }
  // Events come in the order of their versions.
  if (const auto& version = event->object.resource_version; !version.empty() && is_older(version)) {
    lost_ = true;
    went_back_ = true;
    return;
  }
  productive_ = true;
  failures_ = 0;
  error_.clear();
  if (!event->object.resource_version.empty()) version_ = event->object.resource_version;
  if (event->type == WatchEvent::Type::bookmark) {
    bookmarks_ = true;
    return;
  }
  noticed_ = true;
  if (!rules_.store || (rules_.wanted && !rules_.wanted(event->object))) return;
  if (event->type != WatchEvent::Type::deleted) return store(std::move(event->object), changes);
  const auto found = objects_.find(key_of(event->object));
  const auto& version = event->object.resource_version;
  if (found == objects_.end() || compare_versions(version, found->second->resource_version) < 0) return;
  changes.push_back({found->second, nullptr});
  objects_.erase(found);
}

void Feed::store(Object object, std::vector<Change>& changes) {
  auto& place = objects_[key_of(object)];
  if (place && compare_versions(object.resource_version, place->resource_version) <= 0) return;
  auto before = std::exchange(place, std::make_shared<const Object>(std::move(object)));
  changes.push_back({std::move(before), place});
}

std::vector<Change> Feed::observe(const Object& object) {
  if (!rules_.store || (rules_.wanted && !rules_.wanted(object))) return {};
  auto key = key_of(object);
  written_.insert(key);
  const auto found = objects_.find(key);
  // Seen by the watch already and gone again since.
  if (found == objects_.end() && listed_ && all_digits(version_) &&
      compare_versions(object.resource_version, version_) <= 0)
    return {};
  if (found != objects_.end() && compare_versions(object.resource_version, found->second->resource_version) <= 0)
    return {};
  auto after = std::make_shared<const Object>(object);
  if (found == objects_.end()) {
    objects_.emplace(std::move(key), after);
    return {{nullptr, std::move(after)}};
  }
  auto before = std::exchange(found->second, after);
  return {{std::move(before), std::move(after)}};
}

void Feed::given_up(Arrival at) {
  lost_ = false;
  relist_ = true;
  // The server may send the same again and again.
  ++short_lived_;
  if (!error_.empty()) ++failures_;
  wait(backoff(rules_.first_backoff, rules_.max_backoff, short_lived_, at.jitter), at.now);
}

void Feed::ended(const Result<http::ClientResponse>& answer, Arrival at) {
  if (lost_) return given_up(at);
  const bool healthy = productive_ || at.now - began_ >= kHealthy;
  if (healthy) failures_ = 0;
  if (answer && answer->status == 403) {  // may list but not watch: look again now and then
    relist_ = true;
    unwatchable_ = true;
    return wait(rules_.recheck, at.now);
  }
  unwatchable_ = false;
  // Before its time a watch ends with the server that had it. The next one may be behind what we saw, and then it is
  // silent until it has caught up; a list is the only question that it has to answer with where it stands.
  const bool early = !answer || (answer->status < 400 && at.now - began_ < asked_for_ - kHealthy);
  if (early && objects_.size() <= kCheap) relist_ = true;
  // The server ends every watch in time; what it has forgotten is listed again. No fault in either, but a server that
  // ends each watch at once must not be flooded, and only a list proves that we still see everything.
  if (answer && (answer->status < 400 || answer->status == 410)) {
    short_lived_ = healthy ? 0 : short_lived_ + 1;
    if (answer->status == 410 || short_lived_ > 1) relist_ = true;
    return wait(backoff(rules_.first_backoff, rules_.max_backoff, short_lived_ + 1, at.jitter), at.now);
  }
  // One break is weather. From the second on, only a list proves that we still see everything.
  const bool weather = !answer && failures_ == 0;
  auto error = std::exchange(error_, {});
  const auto why = !answer ? answer.error().message : fmt::format("HTTP status {}", answer->status);
  failed("cannot watch " + label() + ": " + why, answer, at);
  if (weather)
    error_ = std::move(error);
  else
    relist_ = true;
}

}  // namespace flux::cluster

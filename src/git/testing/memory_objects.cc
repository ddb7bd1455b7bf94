#include "git/testing/memory_objects.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace flux::git::testing {
namespace {

std::string sha1(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

/// git orders a directory as if its name ended with a slash.
std::string sort_key(const TreeItem& item) { return item.is_directory() ? item.name + "/" : item.name; }

}  // namespace

std::string MemoryObjects::add(std::string_view type, std::string bytes) {
  auto id = sha1(fmt::format("{} {}", type, bytes.size()) + '\0' + bytes);
  objects_.insert_or_assign(id, Object{id, std::string(type), std::move(bytes)});
  return id;
}

std::string MemoryObjects::add_tree(const Files& files) {
  std::vector<TreeItem> items;
  std::map<std::string, Files> directories;
  for (const auto& [path, file] : files) {
    const auto slash = path.find('/');
    if (slash == std::string::npos)
      items.push_back({file.mode, path, add("blob", file.text)});
    else
      directories[path.substr(0, slash)].emplace(path.substr(slash + 1), file);
  }
  for (const auto& [name, inside] : directories) items.push_back({040000, name, add_tree(inside)});
  std::ranges::sort(items, {}, sort_key);
  std::string bytes;
  for (const auto& item : items) bytes += fmt::format("{:o} {}", item.mode, item.name) + '\0' + from_hex(item.id);
  return add("tree", std::move(bytes));
}

const Object* MemoryObjects::find(const std::string& id) const {
  const auto at = objects_.find(id);
  return at == objects_.end() ? nullptr : &at->second;
}

const Object* MemoryObjects::find_abbreviated(std::string_view prefix) const {
  const auto at = objects_.lower_bound(std::string(prefix));
  if (at == objects_.end() || !at->first.starts_with(prefix)) return nullptr;
  const auto next = std::next(at);
  return next != objects_.end() && next->first.starts_with(prefix) ? nullptr : &at->second;
}

const Object* MemoryObjects::peel(const Object* object, std::string_view type) const {
  while (object && object->type != type) {
    if (object->type == "tag")
      object = find(headers(*object, "object").at(0));
    else if (object->type == "commit" && type == "tree")
      object = find(headers(*object, "tree").at(0));
    else
      return nullptr;
  }
  return object;
}

std::vector<TreeItem> MemoryObjects::items(const std::string& tree) const {
  const auto* object = find(tree);
  return object ? parse_tree(object->bytes, object->id.size() / 2).value() : std::vector<TreeItem>();
}

std::map<std::string, TreeItem> MemoryObjects::files(const std::string& tree) const {
  std::map<std::string, TreeItem> found;
  for (const auto& item : items(tree)) {
    if (!item.is_directory())
      found.emplace(item.name, item);
    else
      for (auto& [path, below] : files(item.id)) found.emplace(item.name + "/" + path, below);
  }
  return found;
}

std::vector<std::string> MemoryObjects::headers(const Object& object, std::string_view name) {
  std::vector<std::string> values;
  std::string_view rest = object.bytes;
  while (!rest.empty() && rest.front() != '\n') {
    const auto end = std::min(rest.find('\n'), rest.size() - 1);
    const auto line = rest.substr(0, end);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(' '))
      values.emplace_back(line.substr(name.size() + 1));
    rest.remove_prefix(end + 1);
  }
  return values;
}

}  // namespace flux::git::testing

#include "images/testing/memcached.h"

#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "base/read_file.h"

namespace flux::images {
namespace {

Child start(const std::filesystem::path& file, const std::vector<std::string>& flags) {
  Command command;
  command.argv = {"memcached", "-l", "127.0.0.1", "-p", "-1", "-U", "0", "-t", "1"};
  if (::getuid() == 0) command.argv.insert(command.argv.end(), {"-u", "root"});
  command.argv.insert(command.argv.end(), flags.begin(), flags.end());
  command.env = {"MEMCACHED_PORT_FILENAME=" + file.string()};
  auto child = Child::start(command);
  if (!child) throw std::runtime_error(child.error().message);
  return std::move(*child);
}

}  // namespace

Memcached::Memcached(const std::vector<std::string>& flags) : child_(start(dir_.path() / "port", flags)) {
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  // The file appears complete, and nothing tells when.
  for (; port_ == 0; std::this_thread::sleep_for(std::chrono::milliseconds(2))) {
    if (Clock::now() > deadline) throw std::runtime_error("memcached does not tell its port");
    const auto text = read_file(dir_.path() / "port");
    if (!text) continue;
    if (const auto colon = text->find(": "); colon != std::string::npos)
      port_ = static_cast<std::uint16_t>(std::stoi(text->substr(colon + 2)));
  }
}

}  // namespace flux::images

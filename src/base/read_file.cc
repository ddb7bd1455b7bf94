#include "base/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/descriptor.h"

namespace flux {

Result<std::string> read_file(const std::filesystem::path& file) {
  const auto cannot = [&](int error) {
    return fail(ErrorKind::user, fmt::format("cannot read {}: {}", file.string(), std::strerror(error)),
                "Check that the file exists, and that this user may read it.");
  };
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in) return cannot(errno);
  std::string text;
  std::array<char, std::size_t{16} << 10> part;
  while (true) {
    const auto count = ::read(in.get(), part.data(), part.size());
    if (count == 0) return text;
    if (count > 0) {
      text.append(part.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return cannot(errno);
    }
  }
}

Result<Secret> read_secret_file(const std::filesystem::path& file, std::string_view what) {
  auto text = read_file(file);
  if (!text) return wrap(std::move(text.error()), what);
  return Secret(std::move(*text));
}

}  // namespace flux

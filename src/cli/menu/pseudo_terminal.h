#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <string>

#include "base/descriptor.h"
#include "base/test_bounded.h"

namespace flux::cli {

/// For tests: a terminal without a window. One thread, beside the one that the program under test runs on.
class PseudoTerminal {
 public:
  PseudoTerminal() : window_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    EXPECT_EQ(::grantpt(window_.get()), 0);
    EXPECT_EQ(::unlockpt(window_.get()), 0);
    std::array<char, 64> name{};
    EXPECT_EQ(::ptsname_r(window_.get(), name.data(), name.size()), 0);
    path_ = name.data();
    // What is set on a terminal lasts as long as somebody has it open, in life a shell.
    shell_ = Descriptor(::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    resize(24, 80);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

  void type(const std::string& keys) {
    EXPECT_EQ(::write(window_.get(), keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  void resize(unsigned short rows, unsigned short columns) {
    const winsize size{rows, columns, 0, 0};
    EXPECT_EQ(::ioctl(window_.get(), TIOCSWINSZ, &size), 0);
  }
  void hang_up() { window_.reset(); }

  /// What is written on it up to the first `end` from here.
  std::string shows(const std::string& end) {
    for (;;) {
      if (const auto at = shown_.find(end); at != std::string::npos) {
        auto text = shown_.substr(0, at + end.size());
        shown_.erase(0, text.size());
        return text;
      }
      std::array<char, 4096> buffer{};
      const bool ready = wait_until_ready(patience_, window_.get(), POLLIN).has_value();
      const auto size = ready ? ::read(window_.get(), buffer.data(), buffer.size()) : 0;
      if (size <= 0) {
        ADD_FAILURE() << "not shown: " << testing::PrintToString(end) << " but " << testing::PrintToString(shown_);
        return shown_;
      }
      shown_.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }

  /// As a shell leaves it to the programs that it runs.
  [[nodiscard]] bool is_as_before() const {
    termios now{};
    constexpr tcflag_t kCooked = ICANON | ECHO | ISIG;
    return ::tcgetattr(shell_.get(), &now) == 0 && (now.c_lflag & kCooked) == kCooked && (now.c_iflag & ICRNL) != 0;
  }

 private:
  Descriptor window_;
  Descriptor shell_;
  std::string path_;
  std::string shown_;
  Bounded patience_ = bounded();
};

}  // namespace flux::cli

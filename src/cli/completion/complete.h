#pragma once

#include <string>
#include <vector>

namespace flux::cli {

/// What a shell offers for the word under the cursor.
struct Completions {
  /// What else the shell should offer, in the numbers that cobra's scripts know.
  enum class Also { files = 0, nothing = 4, directories = 16 };
  struct Candidate {
    std::string text;
    std::string description;
  };
  std::vector<Candidate> candidates;
  Also also = Also::nothing;
};

/// `words` are those after the program's name up to the cursor; the last one, perhaps empty, is being typed. After
/// `--flag=` the candidates are values alone. Nothing is asked of any daemon.
[[nodiscard]] Completions complete(const std::vector<std::string>& words);

/// One candidate per line, with its description after a TAB, then `:` and the number of what else to offer.
[[nodiscard]] std::string completions_text(const Completions& completions, bool descriptions);

}  // namespace flux::cli

#include "yaml/encode.h"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <vector>

#include "base/base64.h"
#include "base/utf8.h"
#include "yaml/json.h"
#include "yaml/scalar_writer.h"
#include "yaml/text_shape.h"

namespace flux::yaml {
namespace {

/// In lines of 70 where it is longer than that, each with its line break, as `!!binary` is written.
std::string encode_base64_lines(std::string_view bytes) {
  constexpr std::size_t kLine = 70;
  auto whole = encode_base64(bytes);
  if (whole.size() < kLine) return whole;
  std::string out;
  for (std::size_t i = 0; i < whole.size(); i += kLine) out.append(whole, i, kLine).append(1, '\n');
  return out;
}

constexpr int kStep = 2;
/// The longest key, tag included, that stands on one line with its colon.
constexpr std::size_t kLongestSimpleKey = 128;
constexpr std::string_view kBinary = "!!binary";

int deeper(int indent) { return indent < 0 ? kStep : indent + kStep; }

bool is_binary(Node node) { return node.is_binary() && !is_utf8(node.text()); }

/// Walks a tree without recursion: nesting is limited only by the reader's limit, and by aliases not at all.
class Encoder {
 public:
  explicit Encoder(std::string& out) : page_(out) {}

  void encode(Node root) {
    node(root, /*parent_indent=*/-1, /*in_mapping=*/false);
    while (!open_.empty()) {
      auto& top = open_.back();
      if (top.at == top.node.size()) {
        open_.pop_back();
        continue;
      }
      const auto index = top.at++;
      if (top.node.is_sequence())
        item(top.node.item(index), top.indent);
      else
        entry(top.node.entry(index), top.indent);
    }
    page_.line(0);
  }

 private:
  struct Open {
    Node node;
    std::size_t at;
    int indent;
  };

  void item(Node value, int indent) {
    page_.line(indent);
    page_.compact('-');
    node(value, indent, /*in_mapping=*/false);
  }

  void entry(Node::Entry pair, int indent) {
    page_.line(indent);
    if (is_simple(pair.key)) {
      scalar(pair.key, indent, /*key=*/true);
      page_.indicator(":", false);
    } else {
      page_.compact('?');
      scalar(pair.key, deeper(indent), /*key=*/false);
      page_.line(indent);
      page_.compact(':');
    }
    node(pair.value, indent, /*in_mapping=*/true);
  }

  void node(Node value, int parent_indent, bool in_mapping) {
    if (value.is_scalar()) {
      scalar(value, deeper(parent_indent), /*key=*/false);
    } else if (value.size() == 0) {
      page_.indicator(value.is_sequence() ? "[]" : "{}", true);
    } else {
      const bool indentless = value.is_sequence() && in_mapping && !page_.indented();
      const int indent = parent_indent < 0 ? 0 : indentless ? parent_indent : parent_indent + kStep;
      open_.push_back({value, 0, indent});
    }
  }

  static bool is_simple(Node key) {
    if (!key.is_string()) return true;
    if (is_binary(key)) return kBinary.size() + encode_base64_lines(key.text()).size() <= kLongestSimpleKey;
    return key.text().size() <= kLongestSimpleKey && !shape_of(key.text()).multi_line;
  }

  void scalar(Node value, int indent, bool key) {
    if (!value.is_string()) {
      page_.space();
      page_.put(value.is_null() ? "null" : scalar_text(value));
      page_.end_scalar();
    } else if (is_binary(value)) {
      page_.indicator(kBinary, true);
      write_string(page_, encode_base64_lines(value.text()), indent, key, /*binary=*/true);
    } else {
      write_string(page_, value.text(), indent, key, /*binary=*/false);
    }
  }

  Page page_;
  std::vector<Open> open_;
};

}  // namespace

std::string encode(Node node) {
  std::string out;
  Encoder(out).encode(node);
  return out;
}

std::string checksum(Node node) {
  const auto text = encode(node);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4U];
    out += "0123456789abcdef"[digest[i] & 0xFU];
  }
  return out;
}

}  // namespace flux::yaml

#include "images/store/bytes.h"

namespace flux::images {
namespace {

constexpr std::string_view kUsual = "sha256:";
constexpr std::size_t kDigits = 64;
constexpr std::uint64_t kUsualForm = 0;  // any other form is one more than its length

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_usual(std::string_view digest) {
  if (digest.size() != kUsual.size() + kDigits || !digest.starts_with(kUsual)) return false;
  for (const char c : digest.substr(kUsual.size()))
    if (digit_of(c) < 0) return false;
  return true;
}

}  // namespace

void ByteWriter::digest(std::string_view digest) {
  if (!is_usual(digest)) {
    number(digest.size() + 1);
    out_.append(digest);
    return;
  }
  number(kUsualForm);
  for (std::size_t i = kUsual.size(); i < digest.size(); i += 2)
    out_.push_back(static_cast<char>(digit_of(digest[i]) << 4 | digit_of(digest[i + 1])));
}

std::uint64_t ByteReader::number() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = take(1);
    if (byte.empty()) return 0;
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(byte[0]) & 0x7f) << shift;
    if ((static_cast<unsigned char>(byte[0]) & 0x80) == 0) return value;
  }
  ok_ = false;
  return 0;
}

std::uint64_t ByteReader::fixed() {
  const auto bytes = take(8);
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::string ByteReader::digest() {
  const auto form = number();
  if (form != kUsualForm) return std::string(take(form - 1));
  constexpr std::string_view kDigit = "0123456789abcdef";
  const auto bytes = take(kDigits / 2);
  if (!ok_) return {};
  std::string out(kUsual.size() + kDigits, '\0');
  out.replace(0, kUsual.size(), kUsual);
  auto at = kUsual.size();
  for (const char c : bytes) {
    out[at++] = kDigit[static_cast<unsigned char>(c) >> 4];
    out[at++] = kDigit[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string_view ByteReader::take(std::uint64_t count) {
  if (!ok_ || count > left_.size()) {
    ok_ = false;
    return {};
  }
  const auto taken = left_.substr(0, count);
  left_.remove_prefix(count);
  return taken;
}

std::uint64_t sum_of(std::string_view bytes) {
  std::uint64_t sum = 14695981039346656037U;
  for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return sum;
}

}  // namespace flux::images

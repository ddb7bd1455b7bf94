#include "yaml/base64.h"

#include <cstdint>

namespace flux::yaml {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto left = bytes.size() - i;
    const auto byte = [&](std::size_t k) { return k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U; };
    const std::uint32_t group = byte(0) << 16U | byte(1) << 8U | byte(2);
    for (unsigned k = 0; k < 4; ++k) out += k <= left ? kAlphabet[group >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

}  // namespace

bool decode_base64(std::string_view text, std::string& out) {
  std::uint32_t group = 0;
  unsigned count = 0;
  unsigned padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    const auto value = kAlphabet.find(c);
    if (c == '=') {
      if (count < 2 || ++padding + count > 4) return false;
      continue;
    }
    if (value == std::string_view::npos || padding > 0) return false;
    group = group << 6U | static_cast<std::uint32_t>(value);
    if (++count < 4) continue;
    for (const unsigned shift : {16U, 8U, 0U}) out += static_cast<char>(group >> shift & 0xFFU);
    group = 0;
    count = 0;
  }
  if (count == 0) return padding == 0;
  if (count + padding != 4) return false;
  group <<= 6 * padding;
  out += static_cast<char>(group >> 16U & 0xFFU);
  if (padding == 1) out += static_cast<char>(group >> 8U & 0xFFU);
  return true;
}

std::string encode_base64_lines(std::string_view bytes) {
  constexpr std::size_t kLine = 70;
  const auto whole = encode(bytes);
  if (whole.size() < kLine) return whole;
  std::string out;
  for (std::size_t i = 0; i < whole.size(); i += kLine) out.append(whole, i, kLine).append(1, '\n');
  return out;
}

}  // namespace flux::yaml

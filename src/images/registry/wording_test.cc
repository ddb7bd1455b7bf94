#include "images/registry/wording.h"

#include <gmock/gmock.h>

namespace flux::images {
namespace wording_test {

using ::testing::HasSubstr;
using ::testing::Not;

http::ClientResponse answer(int status, std::string body, const std::string& type) {
  http::ClientResponse made{status, {}, std::move(body), "https://r.example/v2/"};
  if (!type.empty()) made.headers.add("Content-Type", type);
  return made;
}

const std::string kJson = "application/json";
const std::string kHtml = "text/html";

TEST(Wording, ARefusalSaysWhatAndWhatToDo) {
  struct Row {
    int status;
    std::string body;
    std::string type;
    std::string message;
    std::string help;
  };
  const std::vector<Row> rows{
      {500, "", kJson, "x: status 500", "out of order"},
      {503, "<p>wait</p>", "text/plain", "x: status 503", "out of order"},
      {502, "<h1>Bad\nGateway</h1>", kHtml, "x: status 502, with text/html that begins with <h1>Bad Gateway</h1>",
       "out of order"},
      {407, "<h1>Proxy</h1>", "Text/HTML", "x: status 407, with Text/HTML that begins with <h1>Proxy</h1>",
       "in the registry's place"},
      {429, R"({"errors":[{"code":"TOOMANYREQUESTS","message":"slow\u0007 down"}]})", kJson,
       "x: status 429, TOOMANYREQUESTS: slow  down", "--registry-rps"},
      {404, R"({"errors":[{"code":"NAME_UNKNOWN"}]})", kHtml, "x: status 404, NAME_UNKNOWN", "check the name"},
      {400, R"({"errors":[]})", kJson, "x: status 400", ""},
  };
  for (const auto& row : rows) {
    const auto error = refusal(answer(row.status, row.body, row.type), "x", {});
    EXPECT_EQ(error.error.message, row.message);
    EXPECT_EQ(error.status, row.status);
    if (row.help.empty())
      EXPECT_EQ(error.error.help, "") << row.message;
    else
      EXPECT_THAT(error.error.help, HasSubstr(row.help)) << row.message;
  }
}

TEST(Wording, ShowsWhatCameInPlaceOfAnAnswer) {
  struct Row {
    std::string body;
    std::string type;
    std::string message;
  };
  const std::vector<Row> rows{
      {"<html>", kHtml, "x: no list (text/html that begins with <html>)"},
      {"", kHtml, "x: no list (text/html that is empty)"},
      {"{}", "", "x: no list (an answer without a type that begins with {})"},
      {std::string("\0\x1f\x8b", 3), kJson, "x: no list (application/json that is no text)"},
      {std::string(100, 'a'), "a\nb", "x: no list (a b that begins with " + std::string(60, 'a') + "...)"},
  };
  for (const auto& row : rows) {
    const auto error = not_understood(answer(200, row.body, row.type), "x", "no list", {});
    EXPECT_EQ(error.error.message, row.message);
    EXPECT_EQ(error.status, 0);
    EXPECT_THAT(error.error.help, HasSubstr("in the registry's place"));
  }
}

/// Also where it is cut.
TEST(Wording, RepeatsNoSecret) {
  const std::vector<Secret> secrets{Secret("s3cret-pw")};
  const std::string words = R"({"errors":[{"code":"DENIED","message":")";
  EXPECT_EQ(refusal(answer(403, words + R"(for s3cret-pw"}]})", kJson), "x", secrets).error.message,
            "x: status 403, DENIED: for <redacted>");
  for (const auto length : {190U, 195U, 199U})
    EXPECT_THAT(refusal(answer(403, words + std::string(length - 8, 'a') + R"(s3cret-pw"}]})", kJson), "x", secrets)
                    .error.message,
                Not(HasSubstr("s3c")));
  EXPECT_EQ(not_understood(answer(200, "<p>s3cret-pw", kHtml), "x", "no list", secrets).error.message,
            "x: no list (text/html that begins with <p><redacted>)");
}

}  // namespace wording_test
}  // namespace flux::images

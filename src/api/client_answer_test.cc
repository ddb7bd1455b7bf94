#include "api/client_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace flux::api {
namespace client_answer_test {

using ::testing::HasSubstr;
using ::testing::StartsWith;

http::ClientResponse answer(int status, const char* type, std::string body) {
  return {status, {{"Content-Type", type}}, std::move(body)};
}
constexpr const char* kJson = "application/json; charset=utf-8";

TEST(ReadAnswerTest, TakesFourStatusesForSuccess) {
  for (const int status : {200, 201, 202, 204}) {
    EXPECT_EQ(*read_answer(answer(status, kJson, R"(["a"] trailing)")), Json::array({"a"}));
    EXPECT_TRUE(read_answer(answer(status, "", ""))->is_null());
  }
  for (const int status : {203, 206, 304}) EXPECT_FALSE(read_answer(answer(status, kJson, "null"))) << status;
}

TEST(ReadAnswerTest, SaysWhatDoesNotDecode) {
  const auto got = read_answer(answer(200, "text/html", "<html>"));
  ASSERT_FALSE(got);
  EXPECT_FALSE(got.error().answered);
  EXPECT_EQ(got.error().error.message, "decoding response from server: not valid JSON (at byte 1)");
}

TEST(ReadAnswerTest, GivesTheErrorOfTheApi) {
  struct Row {
    int status;
    const char* body;
    ErrorKind kind;
    const char* help;
  };
  const Row rows[] = {
      {404, R"({"type":"missing","help":"No such job.\n","error":"unknown job"})", ErrorKind::missing,
       "No such job.\n"},
      {422, R"({"type":"user","help":"H","error":"unknown job"})", ErrorKind::user, "H"},
      {500, R"({"TYPE":"server","HELP":"H","ERROR":"unknown job","more":[]})", ErrorKind::server, "H"},
      {400, R"({"type":"odd","help":"H","error":"unknown job"})", ErrorKind::server, "H"},
      {422, R"({"error":"unknown job"})", ErrorKind::server, "unknown job"},
  };
  for (const auto& row : rows) {
    const auto got = read_answer(answer(row.status, kJson, row.body));
    ASSERT_FALSE(got);
    EXPECT_TRUE(got.error().answered);
    EXPECT_EQ(got.error().error.kind, row.kind);
    EXPECT_EQ(got.error().error.message, "unknown job");
    EXPECT_EQ(got.error().error.help, row.help);
  }
}

TEST(ReadAnswerTest, QuotesEverythingElse) {
  struct Row {
    int status;
    const char* type;
    const char* body;
    const char* message;
  };
  const Row rows[] = {
      {400, kJson, "{}", "executing HTTP request: 400 Bad Request {}"},
      {400, kJson, R"({"Offset":1})", R"(executing HTTP request: 400 Bad Request {"Offset":1})"},
      {500, kJson, R"({"error":"","help":"h"})",
       R"(executing HTTP request: 500 Internal Server Error {"error":"","help":"h"})"},
      {500, kJson, R"({"error":7})", R"(executing HTTP request: 500 Internal Server Error {"error":7})"},
      {502, kJson, "oops", "executing HTTP request: 502 Bad Gateway oops"},
      {422, "text/plain", R"({"error":"e","help":"h"})",
       R"(executing HTTP request: 422 Unprocessable Entity {"error":"e","help":"h"})"},
      {404, "text/plain", "404 page not found\n", "executing HTTP request: 404 Not Found 404 page not found"},
      {503, "", "", "executing HTTP request: 503 Service Unavailable"},
      {403, "text/html", "a\x1b[2Jb\rc", "executing HTTP request: 403 Forbidden a[2Jbc"},
  };
  for (const auto& row : rows) {
    const auto got = read_answer(answer(row.status, row.type, row.body));
    ASSERT_FALSE(got);
    EXPECT_FALSE(got.error().answered);
    EXPECT_EQ(got.error().error.message, row.message);
    EXPECT_FALSE(got.error().error.help.empty());
  }
  EXPECT_LT(read_answer(answer(500, "", std::string(100'000, 'x'))).error().error.message.size(), 2200U);
}

TEST(ReadAnswerTest, HasOwnWordsFor401) {
  const auto got = read_answer(answer(401, kJson, R"({"type":"user","help":"theirs","error":"theirs"})"));
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().answered);
  EXPECT_THAT(got.error().error.help, StartsWith("The request failed authentication\n"));
  EXPECT_THAT(got.error().error.help, HasSubstr("FLUX_SERVICE_TOKEN"));
  EXPECT_THAT(got.error().error.help, HasSubstr("--token"));
}

TEST(NoAnswerTest, SaysItAsGoDoes) {
  const Error refused{ErrorKind::server, "POST http://h:1/api/flux/v9/x: Connection refused", "Check."};
  const auto call = no_answer("POST", "http://me:pw@h:1/api/flux/v9/x?a=b", refused);
  EXPECT_FALSE(call.answered);
  EXPECT_EQ(
      call.error.message,
      "executing HTTP request: executing HTTP request: Post \"http://h:1/api/flux/v9/x?a=b\": Connection refused");
  EXPECT_EQ(call.error.help, "Check.");
  EXPECT_EQ(no_answer("GET", "http://h/", {ErrorKind::cancelled, "context canceled", ""}).error.kind,
            ErrorKind::cancelled);
}

}  // namespace client_answer_test
}  // namespace flux::api

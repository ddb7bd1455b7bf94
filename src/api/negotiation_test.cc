#include "api/negotiation.h"

#include <gtest/gtest.h>

namespace flux::api {
namespace negotiation_test {

struct Row {
  std::vector<std::string> accept;
  ErrorBody body;
};

TEST(NegotiationTest, FollowsTheContract) {
  const auto json = ErrorBody::json;
  const auto help = ErrorBody::help;
  const auto message = ErrorBody::message;
  const std::vector<Row> rows{
      {{}, message},
      {{"application/json"}, json},
      {{"text/plain"}, help},
      {{"*/*"}, message},
      {{"text/html"}, message},
      {{"application/*"}, message},
      {{"Application/JSON"}, message},
      {{"application/json, text/plain"}, json},
      {{"text/plain, application/json"}, json},
      {{"text/plain", "application/json"}, json},
      {{"text/html, text/plain;q=0.1"}, help},
      {{"application/json;q=0.5, text/plain"}, help},
      {{"application/json;q=0.5, text/plain;q=0.50"}, json},
      {{"application/json;q=0.5,text/plain;q=0.55"}, help},
      {{"application/json ; q=0.1 , text/plain"}, help},
      {{"application/json;q=0"}, json},
      {{"text/plain;q=0"}, help},
      {{"application/json;q=0, text/plain;q=0"}, json},
      {{"application/json;q=1.0, text/plain;q=1"}, json},
      {{""}, json},
      {{";"}, json},
      {{"application/json; charset=utf-8"}, json},
      {{"text/plain; charset=utf-8"}, json},
      {{"text/plain; charset=utf-8, text/plain"}, json},
      {{"text/html, text/plain; charset=utf-8"}, message},
      {{"text/plain;q=2"}, json},
      {{"text/plain;q=.5"}, json},
      {{"text/plain;q=0.3", "bad;x=1", "application/json;q=0.2"}, help},
      {{"text/plain;q=0.3, text/plain;q=0.9, application/json;q=0.8"}, help},
      {{"text/plain;q=0.9x, application/json"}, help},
      {{"text/plain text/html"}, help},
  };
  for (const auto& row : rows) {
    std::string shown;
    for (const auto& header : row.accept) shown += "[" + header + "]";
    EXPECT_EQ(static_cast<int>(error_body_for(row.accept)), static_cast<int>(row.body)) << shown;
  }
}

}  // namespace negotiation_test
}  // namespace flux::api

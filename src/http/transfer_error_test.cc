#include "http/transfer_error.h"

#include <gmock/gmock.h>

namespace flux::http {
namespace transfer_error_test {

TEST(TransferError, NamesTheRequestAndTheCause) {
  const auto error = transfer_error("GET https://h/p", CURLE_COULDNT_RESOLVE_HOST, "Could not resolve host: h");
  EXPECT_EQ(error.kind, ErrorKind::server);
  EXPECT_EQ(error.message, "GET https://h/p: Could not resolve host: h");
  EXPECT_THAT(error.help, ::testing::HasSubstr("name resolution"));
  EXPECT_EQ(transfer_error("GET https://h/p", CURLE_OUT_OF_MEMORY, "").message, "GET https://h/p: Out of memory");
}

TEST(TransferError, HelpsWithWhatUsersCanChange) {
  for (const auto code :
       {CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT, CURLE_PEER_FAILED_VERIFICATION,
        CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM})
    EXPECT_FALSE(transfer_error("GET u", code, "").help.empty()) << code;
}

}  // namespace transfer_error_test
}  // namespace flux::http

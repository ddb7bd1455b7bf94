#pragma once

#include <future>
#include <memory>
#include <utility>

#include "http/client.h"

namespace flux::http::testing {

/// Client::start_stream() for a test that has nothing else to do meanwhile: returns what `done` was given.
inline Result<ClientResponse> stream(Client& client, const Context& ctx, ClientRequest request, Client::OnData on_data,
                                     Duration idle_timeout) {
  const auto end = std::make_shared<std::promise<Result<ClientResponse>>>();
  client.start_stream(ctx, std::move(request), std::move(on_data), idle_timeout,
                      [end](Result<ClientResponse> answer) { end->set_value(std::move(answer)); });
  return end->get_future().get();
}

}  // namespace flux::http::testing

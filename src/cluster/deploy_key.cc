#include "cluster/deploy_key.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/json.h"
#include "cluster/secrets.h"

namespace flux::cluster {

Result<void> store_deploy_key(const Bounded& ctx, Client& client, std::string_view ns, std::string_view name,
                              std::string_view data_key, const DeployKeyData& key) {
  const SortedJson patch{{"data",
                          {{std::string(data_key), encode_base64(key.private_key.reveal())},
                           {std::string(data_key) + ".pub", encode_base64(key.public_key)}}}};
  const auto answer = client.call(ctx, patch_call(secrets(), ns, name, Client::PatchType::strategic, dump_json(patch)));
  if (answer) return {};
  auto error = wrap(answer.error(), "storing the deploy key").value();
  if (answer.error().not_found())
    error.help = fmt::format("Create the secret: kubectl -n {} create secret generic {}", ns, name);
  else if (answer.error().forbidden())
    error.help = fmt::format("Let fluxd's service account patch the secret {} in namespace {}.", name, ns);
  return Failure(std::move(error));
}

Result<Secret> read_deploy_key(const Bounded& ctx, Client& client, std::string_view ns, std::string_view name,
                               std::string_view data_key) {
  Call call;
  call.path = secrets().path(ns, name);
  call.what = fmt::format("secret {} in namespace {}", name, ns);
  const auto answer = client.call(ctx, call);
  if (!answer) return wrap(answer.error(), "reading the deploy key");
  const auto secret = parse_sorted_json(answer->body).value_or(nullptr);
  if (!secret.is_object()) return fail(ErrorKind::server, "reading the deploy key: the answer is not a secret");
  const auto data = secret.find("data");
  if (data == secret.end() || !data->is_object()) return Secret();
  const auto value = data->find(data_key);
  if (value == data->end() || !value->is_string()) return Secret();
  auto decoded = decode_base64(value->get<std::string>());
  if (!decoded) return fail(ErrorKind::server, fmt::format("reading the deploy key: {} is not base64", data_key));
  return Secret(std::move(*decoded));
}

}  // namespace flux::cluster

#pragma once

#include "api/wire/change.h"
#include "api/wire/list_options.h"
#include "http/server.h"
#include "model/update_spec.h"

/// What requests ask for, read from their query and body. All errors are user errors for a 400. Pure
/// (compat/api.md 3).
namespace flux::api {

/// The body of notify.
[[nodiscard]] Result<Change> change_of(const http::ServerRequest& request);

[[nodiscard]] Result<ListServicesOptions> list_services_options(const http::ServerRequest& request);
[[nodiscard]] Result<ResourceId> explained_workload(const http::ServerRequest& request);
[[nodiscard]] Result<ListImagesOptions> list_images_options(const http::ServerRequest& request);

/// The body of update-manifests.
[[nodiscard]] Result<UpdateSpec> update_spec_of(const http::ServerRequest& request);
/// The legacy update-images: everything is in the query, or in a form.
[[nodiscard]] Result<UpdateSpec> update_images_spec(const http::ServerRequest& request);
/// The legacy policies: the body is the map of updates, the cause is in the query.
[[nodiscard]] Result<UpdateSpec> update_policies_spec(const http::ServerRequest& request);

/// A body that is `true`, `false` or null, which means false.
[[nodiscard]] Result<bool> flag_of(const http::ServerRequest& request);

}  // namespace flux::api

#pragma once

#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "http/server.h"
#include "model/image_ref.h"

/// What each sender means. All are pure: they give the images, canonical and with their tags where those are known,
/// that somebody pushed; none for an event that is of no interest; and a user error, which says what is wrong, for what
/// the sender would not send. `payload` is an object.
namespace flux::images {

using PushedImages = std::vector<ImageRef>;

/// docs.docker.com/docker-hub/repos/manage/webhooks
Result<PushedImages> docker_hub_push(const Json& payload);
/// docs.redhat.com, "Use Red Hat Quay", repository events; before 2014 the tags were the keys of an object.
Result<PushedImages> quay_push(const Json& payload);
/// docs.github.com, webhook events `package` and `registry_package`.
Result<PushedImages> github_push(const Json& payload);
/// goharbor.io, "Configure webhooks": the names of events of Harbor 1 and 2, and its CloudEvents.
Result<PushedImages> harbor_push(const Json& payload);
/// cloud.google.com, "Configure Pub/Sub notifications", delivered by a push subscription, wrapped or not.
Result<PushedImages> google_push(const Json& payload);
/// distribution.github.io, "Work with notifications": the envelope with events. GitLab's registry sends it, too.
Result<PushedImages> distribution_push(const Json& payload);
/// One event of that form; learn.microsoft.com, "Azure Container Registry webhook reference".
Result<PushedImages> azure_push(const Json& payload);

}  // namespace flux::images

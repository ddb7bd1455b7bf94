#include "sync/order.h"

#include <map>

namespace flux::sync {

namespace {

/// Those of Flux v1's list, in whichever version.
bool is_kubernetes_own(std::string_view group) {
  return group.find('.') == std::string_view::npos || group == "rbac.authorization.k8s.io" ||
         group == "networking.k8s.io" || group == "apiextensions.k8s.io";
}

}  // namespace

int rank_of(std::string_view group, std::string_view kind) {
  static const std::map<std::string_view, int> kRanks{
      {"namespace", 0},
      {"customresourcedefinition", 1},
      {"serviceaccount", 1},
      {"clusterrole", 1},
      {"role", 1},
      {"persistentvolume", 1},
      {"service", 1},
      {"resourcequota", 2},
      {"limitrange", 2},
      {"secret", 2},
      {"configmap", 2},
      {"rolebinding", 2},
      {"clusterrolebinding", 2},
      {"persistentvolumeclaim", 2},
      {"ingress", 2},
      {"daemonset", 3},
      {"deployment", 3},
      {"replicationcontroller", 3},
      {"replicaset", 3},
      {"job", 3},
      {"cronjob", 3},
      {"statefulset", 3},
  };
  if (!is_kubernetes_own(group)) return kLastRank;
  const auto found = kRanks.find(kind);
  return found == kRanks.end() ? kLastRank : found->second;
}

}  // namespace flux::sync

#include "sync/order.h"

#include <map>

namespace flux::sync {

int rank_of(std::string_view kind) {
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
  const auto found = kRanks.find(kind);
  return found == kRanks.end() ? kLastRank : found->second;
}

}  // namespace flux::sync

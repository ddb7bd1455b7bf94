// Written by generate.py; the notation is explained in schema.h and kinds.h.
#include "sandbox/types/tables.h"

namespace flux::sandbox {

const std::string_view kinds_table = R"(
/v1 ConfigMap configmaps configmap N cm - - ConfigMap
/v1 Endpoints endpoints endpoints N ep - - Endpoints
/v1 Event events event N ev - - Event
/v1 LimitRange limitranges limitrange N limits - - LimitRange
/v1 Namespace namespaces namespace C ns - status Namespace
/v1 Node nodes node C no - status Node
/v1 PersistentVolumeClaim persistentvolumeclaims persistentvolumeclaim N pvc - status PersistentVolumeClaim
/v1 PersistentVolume persistentvolumes persistentvolume C pv - status PersistentVolume
/v1 Pod pods pod N po all status Pod
/v1 PodTemplate podtemplates podtemplate N - - - PodTemplate
/v1 ReplicationController replicationcontrollers replicationcontroller N rc all scale,status ReplicationController
/v1 ResourceQuota resourcequotas resourcequota N quota - status ResourceQuota
/v1 Secret secrets secret N - - - Secret
/v1 ServiceAccount serviceaccounts serviceaccount N sa - - ServiceAccount
/v1 Service services service N svc all status Service
apiregistration.k8s.io/v1 APIService apiservices apiservice C - api-extensions status APIService
apps/v1 ControllerRevision controllerrevisions controllerrevision N - - - ControllerRevision
apps/v1 DaemonSet daemonsets daemonset N ds all status DaemonSet
apps/v1 Deployment deployments deployment N deploy all scale,status Deployment
apps/v1 ReplicaSet replicasets replicaset N rs all scale,status ReplicaSet
apps/v1 StatefulSet statefulsets statefulset N sts all scale,status StatefulSet
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers horizontalpodautoscaler N hpa all status
 HorizontalPodAutoscaler
autoscaling/v1 HorizontalPodAutoscaler horizontalpodautoscalers horizontalpodautoscaler N hpa all status
 autoscaling.v1.HorizontalPodAutoscaler
batch/v1 CronJob cronjobs cronjob N cj all status CronJob
batch/v1 Job jobs job N - all status Job
certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests certificatesigningrequest C csr - status
 CertificateSigningRequest
networking.k8s.io/v1 IngressClass ingressclasses ingressclass C - - - IngressClass
networking.k8s.io/v1 Ingress ingresses ingress N ing - status Ingress
networking.k8s.io/v1 IPAddress ipaddresses ipaddress C ip - - IPAddress
networking.k8s.io/v1 NetworkPolicy networkpolicies networkpolicy N netpol - - NetworkPolicy
networking.k8s.io/v1 ServiceCIDR servicecidrs servicecidr C - - status ServiceCIDR
policy/v1 PodDisruptionBudget poddisruptionbudgets poddisruptionbudget N pdb - status PodDisruptionBudget
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings clusterrolebinding C - - - ClusterRoleBinding
rbac.authorization.k8s.io/v1 ClusterRole clusterroles clusterrole C - - - ClusterRole
rbac.authorization.k8s.io/v1 RoleBinding rolebindings rolebinding N - - - RoleBinding
rbac.authorization.k8s.io/v1 Role roles role N - - - Role
storage.k8s.io/v1 CSIDriver csidrivers csidriver C - - - CSIDriver
storage.k8s.io/v1 CSINode csinodes csinode C - - - CSINode
storage.k8s.io/v1 CSIStorageCapacity csistoragecapacities csistoragecapacity N - - - CSIStorageCapacity
storage.k8s.io/v1 StorageClass storageclasses storageclass C sc - - StorageClass
storage.k8s.io/v1 VolumeAttachment volumeattachments volumeattachment C - - status VolumeAttachment
storage.k8s.io/v1 VolumeAttributesClass volumeattributesclasses volumeattributesclass C vac - -
 VolumeAttributesClass
admissionregistration.k8s.io/v1 MutatingAdmissionPolicy mutatingadmissionpolicies mutatingadmissionpolicy C -
 api-extensions - MutatingAdmissionPolicy
admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings
 mutatingadmissionpolicybinding C - api-extensions - MutatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations
 mutatingwebhookconfiguration C - api-extensions - MutatingWebhookConfiguration
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies validatingadmissionpolicy C -
 api-extensions status ValidatingAdmissionPolicy
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings
 validatingadmissionpolicybinding C - api-extensions - ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations
 validatingwebhookconfiguration C - api-extensions - ValidatingWebhookConfiguration
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions customresourcedefinition C crd,crds
 api-extensions status CustomResourceDefinition
scheduling.k8s.io/v1 PriorityClass priorityclasses priorityclass C pc - - PriorityClass
coordination.k8s.io/v1 Lease leases lease N - - - Lease
node.k8s.io/v1 RuntimeClass runtimeclasses runtimeclass C - - - RuntimeClass
discovery.k8s.io/v1 EndpointSlice endpointslices endpointslice N - - - EndpointSlice
flowcontrol.apiserver.k8s.io/v1 FlowSchema flowschemas flowschema C - - status FlowSchema
flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration prioritylevelconfigurations prioritylevelconfiguration C
 - - status PriorityLevelConfiguration
)";

}  // namespace flux::sandbox

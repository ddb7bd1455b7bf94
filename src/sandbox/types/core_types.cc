// Written by generate.py; the notation is explained in schema.h and kinds.h.
#include "sandbox/types/tables.h"

namespace flux::sandbox {

const std::string_view core_types = R"(
AWSElasticBlockStoreVolumeSource fsType:2? partition:3=i? readOnly:4=b? volumeID:1
Affinity nodeAffinity:1=NodeAffinity podAffinity:2=PodAffinity podAntiAffinity:3=PodAntiAffinity
AppArmorProfile localhostProfile:2 type:1
AttachedVolume devicePath:2 name:1
AzureDiskVolumeSource cachingMode:3 diskName:1 diskURI:2 fsType:4 kind:6 readOnly:5=b
AzureFilePersistentVolumeSource readOnly:3=b? secretName:1 secretNamespace:4 shareName:2
AzureFileVolumeSource readOnly:3=b? secretName:1 shareName:2
CSIPersistentVolumeSource controllerExpandSecretRef:9=!SecretReference controllerPublishSecretRef:6=!SecretReference
 driver:1 fsType:4? nodeExpandSecretRef:10=!SecretReference nodePublishSecretRef:8=!SecretReference
 nodeStageSecretRef:7=!SecretReference readOnly:3=b? volumeAttributes:5={s volumeHandle:2
CSIVolumeSource driver:1 fsType:3 nodePublishSecretRef:5=!LocalObjectReference readOnly:2=b volumeAttributes:4={s
Capabilities add:1=[s drop:2=[s
CephFSPersistentVolumeSource monitors:1=[s+ path:2? readOnly:6=b? secretFile:4? secretRef:5=!SecretReference user:3?
CephFSVolumeSource monitors:1=[s+ path:2? readOnly:6=b? secretFile:4? secretRef:5=!LocalObjectReference user:3?
CinderPersistentVolumeSource fsType:2? readOnly:3=b? secretRef:4=!SecretReference volumeID:1
CinderVolumeSource fsType:2? readOnly:3=b? secretRef:4=!LocalObjectReference volumeID:1
ClientIPConfig timeoutSeconds:1=i
ClusterTrustBundleProjection labelSelector:3=!LabelSelector name:1 optional:5=b path:4 signerName:2
ConfigMap apiVersion binaryData:3={y data:2={s immutable:4=b kind metadata:1=ObjectMeta+
ConfigMapEnvSource name:1.1? optional:2=b
ConfigMapKeySelector key:2 name:1.1? optional:3=b
ConfigMapNodeConfigSource kubeletConfigKey:5 name:2 namespace:1 resourceVersion:4? uid:3?
ConfigMapProjection items:2=[KeyToPath name:1.1? optional:4=b
ConfigMapVolumeSource defaultMode:3=i items:2=[KeyToPath name:1.1? optional:4=b
Container args:4=[s command:3=[s env:7=[~name|EnvVar envFrom:19=[EnvFromSource image:2? imagePullPolicy:14?
 lifecycle:12=Lifecycle livenessProbe:10=Probe name:1 ports:6=[~containerPort,protocol=TCP|ContainerPort
 readinessProbe:11=Probe resizePolicy:23=[ContainerResizePolicy resources:8=ResourceRequirements+ restartPolicy:24
 restartPolicyRules:25=[ContainerRestartRule securityContext:15=SecurityContext startupProbe:22=Probe stdin:16=b?
 stdinOnce:17=b? terminationMessagePath:13? terminationMessagePolicy:20? tty:18=b?
 volumeDevices:21=[~devicePath|VolumeDevice volumeMounts:9=[~mountPath|VolumeMount workingDir:5?
ContainerExtendedResourceRequest containerName:1 requestName:3 resourceName:2
ContainerImage names:1=[s+ sizeBytes:2=i?
ContainerPort containerPort:3=i hostIP:5? hostPort:2=i? name:1? protocol:4?
ContainerResizePolicy resourceName:1 restartPolicy:2
ContainerRestartRule action:1? exitCodes:2=ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator:1? values:2=[=i
ContainerState running:2=ContainerStateRunning terminated:3=ContainerStateTerminated waiting:1=ContainerStateWaiting
ContainerStateRunning startedAt:1=t
ContainerStateTerminated containerID:7? exitCode:1=i finishedAt:6=t message:4? reason:3? signal:2=i? startedAt:5=t
ContainerStateWaiting message:2? reason:1?
ContainerStatus allocatedResources:10={q allocatedResourcesStatus:14=[~name|ResourceStatus containerID:8? image:6
 imageID:7 lastState:3=ContainerState+ name:1 ready:4=b resources:11=ResourceRequirements restartCount:5=i
 started:9=b state:2=ContainerState+ stopSignal:15 user:13=ContainerUser
 volumeMounts:12=[~mountPath|VolumeMountStatus
ContainerUser linux:1=LinuxContainerUser
DaemonEndpoint Port:1=i
DownwardAPIProjection items:1=[DownwardAPIVolumeFile
DownwardAPIVolumeFile fieldRef:2=!ObjectFieldSelector mode:4=i path:1 resourceFieldRef:3=!ResourceFieldSelector
DownwardAPIVolumeSource defaultMode:2=i items:1=[DownwardAPIVolumeFile
EmptyDirVolumeSource medium:1? sizeLimit:2=q
EndpointAddress hostname:3? ip:1 nodeName:4 targetRef:2=!ObjectReference
EndpointPort appProtocol:4 name:1? port:2=i protocol:3?
EndpointSubset addresses:1=[!EndpointAddress notReadyAddresses:2=[!EndpointAddress ports:3=[!EndpointPort
Endpoints apiVersion kind metadata:1=ObjectMeta+ subsets:2=[EndpointSubset
EnvFromSource configMapRef:2=ConfigMapEnvSource prefix:1? secretRef:3=SecretEnvSource
EnvVar name:1 value:2? valueFrom:3=EnvVarSource
EnvVarSource configMapKeyRef:3=!ConfigMapKeySelector fieldRef:1=!ObjectFieldSelector fileKeyRef:5=!FileKeySelector
 resourceFieldRef:2=!ResourceFieldSelector secretKeyRef:4=!SecretKeySelector
EphemeralContainer args:1.4=[s command:1.3=[s env:1.7=[~name|EnvVar envFrom:1.19=[EnvFromSource image:1.2?
 imagePullPolicy:1.14? lifecycle:1.12=Lifecycle livenessProbe:1.10=Probe name:1.1
 ports:1.6=[~containerPort,protocol=TCP|ContainerPort readinessProbe:1.11=Probe
 resizePolicy:1.23=[ContainerResizePolicy resources:1.8=ResourceRequirements+ restartPolicy:1.24
 restartPolicyRules:1.25=[ContainerRestartRule securityContext:1.15=SecurityContext startupProbe:1.22=Probe
 stdin:1.16=b? stdinOnce:1.17=b? targetContainerName:2? terminationMessagePath:1.13? terminationMessagePolicy:1.20?
 tty:1.18=b? volumeDevices:1.21=[~devicePath|VolumeDevice volumeMounts:1.9=[~mountPath|VolumeMount workingDir:1.5?
EphemeralVolumeSource volumeClaimTemplate:1=PersistentVolumeClaimTemplate
Event action:12? apiVersion count:8=i? eventTime:10=t firstTimestamp:6=t involvedObject:2=!ObjectReference+ kind
 lastTimestamp:7=t message:4? metadata:1=ObjectMeta+ reason:3? related:13=!ObjectReference reportingComponent:14
 reportingInstance:15 series:11=EventSeries source:5=EventSource+ type:9?
EventSeries count:1=i? lastObservedTime:2=t
EventSource component:1? host:2?
ExecAction command:1=[s
FCVolumeSource fsType:3? lun:2=i readOnly:4=b? targetWWNs:1=[s wwids:5=[s
FileKeySelector key:3 optional:4=b path:2 volumeName:1
FlexPersistentVolumeSource driver:1 fsType:2? options:5={s readOnly:4=b? secretRef:3=!SecretReference
FlexVolumeSource driver:1 fsType:2? options:5={s readOnly:4=b? secretRef:3=!LocalObjectReference
FlockerVolumeSource datasetName:1? datasetUUID:2?
GCEPersistentDiskVolumeSource fsType:2? partition:3=i? pdName:1 readOnly:4=b?
GRPCAction port:1=i service:2
GitRepoVolumeSource directory:3? repository:1 revision:2?
GlusterfsPersistentVolumeSource endpoints:1 endpointsNamespace:4 path:2 readOnly:3=b?
GlusterfsVolumeSource endpoints:1 path:2 readOnly:3=b?
HTTPGetAction host:3? httpHeaders:5=[HTTPHeader path:1? port:2=x scheme:4?
HTTPHeader name:1 value:2
HostAlias hostnames:2=[s ip:1
HostIP ip:1
HostPathVolumeSource path:1 type:2
ISCSIPersistentVolumeSource chapAuthDiscovery:8=b? chapAuthSession:11=b? fsType:5? initiatorName:12 iqn:2
 iscsiInterface:4? lun:3=i portals:7=[s readOnly:6=b? secretRef:10=!SecretReference targetPortal:1
ISCSIVolumeSource chapAuthDiscovery:8=b? chapAuthSession:11=b? fsType:5? initiatorName:12 iqn:2 iscsiInterface:4?
 lun:3=i portals:7=[s readOnly:6=b? secretRef:10=!LocalObjectReference targetPortal:1
ImageVolumeSource pullPolicy:2? reference:1?
ImageVolumeStatus imageRef:1?
KeyToPath key:1 mode:3=i path:2
Lifecycle postStart:1=LifecycleHandler preStop:2=LifecycleHandler stopSignal:3
LifecycleHandler exec:1=ExecAction httpGet:2=HTTPGetAction sleep:4=SleepAction tcpSocket:3=TCPSocketAction
LimitRange apiVersion kind metadata:1=ObjectMeta+ spec:2=LimitRangeSpec+
LimitRangeItem default:4={q defaultRequest:5={q max:2={q maxLimitRequestRatio:6={q min:3={q type:1
LimitRangeSpec limits:1=[LimitRangeItem+
LinuxContainerUser gid:2=i supplementalGroups:3=[i uid:1=i
LoadBalancerIngress hostname:2? ip:1? ipMode:3 ports:4=[PortStatus
LoadBalancerStatus ingress:1=[LoadBalancerIngress
LocalObjectReference name:1?
LocalVolumeSource fsType:2 path:1
ModifyVolumeStatus status:2 targetVolumeAttributesClassName:1?
NFSVolumeSource path:2 readOnly:3=b? server:1
Namespace apiVersion kind metadata:1=ObjectMeta+ spec:2=NamespaceSpec+ status:3=NamespaceStatus+
NamespaceCondition lastTransitionTime:4=t message:6? reason:5? status:2 type:1
NamespaceSpec finalizers:1=[s
NamespaceStatus conditions:2=[~type|NamespaceCondition phase:1?
Node apiVersion kind metadata:1=ObjectMeta+ spec:2=NodeSpec+ status:3=NodeStatus+
NodeAddress address:2 type:1
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:2=[PreferredSchedulingTerm
 requiredDuringSchedulingIgnoredDuringExecution:1=!NodeSelector
NodeAllocatableResourceClaimStatus containers:2=[=s resourceClaimName:1 resources:3={q+
NodeCondition lastHeartbeatTime:3=t lastTransitionTime:4=t message:6? reason:5? status:2 type:1
NodeConfigSource configMap:2=ConfigMapNodeConfigSource
NodeConfigStatus active:2=NodeConfigSource assigned:1=NodeConfigSource error:4? lastKnownGood:3=NodeConfigSource
NodeDaemonEndpoints kubeletEndpoint:1=DaemonEndpoint+
NodeFeatures supplementalGroupsPolicy:1=b
NodeRuntimeHandler features:2=NodeRuntimeHandlerFeatures name:1
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:1=b userNamespaces:2=b
NodeSelector nodeSelectorTerms:1=[!NodeSelectorTerm+
NodeSelectorRequirement key:1 operator:2 values:3=[s
NodeSelectorTerm matchExpressions:1=[NodeSelectorRequirement matchFields:2=[NodeSelectorRequirement
NodeSpec configSource:6=NodeConfigSource externalID:2? podCIDR:1? podCIDRs:7=[~=s providerID:3? taints:5=[Taint
 unschedulable:4=b?
NodeStatus addresses:5=[~type|NodeAddress allocatable:2={q capacity:1={q conditions:4=[~type|NodeCondition
 config:11=NodeConfigStatus daemonEndpoints:6=NodeDaemonEndpoints+ declaredFeatures:14=[s features:13=NodeFeatures
 images:8=[ContainerImage nodeInfo:7=NodeSystemInfo+ phase:3? runtimeHandlers:12=[NodeRuntimeHandler
 volumesAttached:10=[AttachedVolume volumesInUse:9=[s
NodeSwapStatus capacity:1=i
NodeSystemInfo architecture:10 bootID:3 containerRuntimeVersion:6 kernelVersion:4 kubeProxyVersion:8
 kubeletVersion:7 machineID:1 operatingSystem:9 osImage:5 swap:11=NodeSwapStatus systemUUID:2
ObjectFieldSelector apiVersion:1? fieldPath:2
ObjectReference apiVersion:5? fieldPath:7? kind:1? name:3? namespace:2? resourceVersion:6? uid:4?
PersistentVolume apiVersion kind metadata:1=ObjectMeta+ spec:2=PersistentVolumeSpec+
 status:3=PersistentVolumeStatus+
PersistentVolumeClaim apiVersion kind metadata:1=ObjectMeta+ spec:2=PersistentVolumeClaimSpec+
 status:3=PersistentVolumeClaimStatus+
PersistentVolumeClaimCondition lastProbeTime:3=t lastTransitionTime:4=t message:6? reason:5? status:2 type:1
PersistentVolumeClaimSpec accessModes:1=[s dataSource:7=!TypedLocalObjectReference
 dataSourceRef:8=TypedObjectReference resources:2=VolumeResourceRequirements+ selector:4=!LabelSelector
 storageClassName:5 volumeAttributesClassName:9 volumeMode:6 volumeName:3?
PersistentVolumeClaimStatus accessModes:2=[s allocatedResourceStatuses:7={s allocatedResources:5={q capacity:3={q
 conditions:4=[~type|PersistentVolumeClaimCondition currentVolumeAttributesClassName:8
 modifyVolumeStatus:9=ModifyVolumeStatus phase:1?
PersistentVolumeClaimTemplate metadata:1=ObjectMeta+ spec:2=PersistentVolumeClaimSpec+
PersistentVolumeClaimVolumeSource claimName:1 readOnly:2=b?
PersistentVolumeSpec accessModes:3=[s awsElasticBlockStore:2.2=AWSElasticBlockStoreVolumeSource
 azureDisk:2.16=AzureDiskVolumeSource azureFile:2.13=AzureFilePersistentVolumeSource capacity:1={q
 cephfs:2.9=CephFSPersistentVolumeSource cinder:2.8=CinderPersistentVolumeSource claimRef:4=!ObjectReference
 csi:2.22=CSIPersistentVolumeSource fc:2.10=FCVolumeSource flexVolume:2.12=FlexPersistentVolumeSource
 flocker:2.11=FlockerVolumeSource gcePersistentDisk:2.1=GCEPersistentDiskVolumeSource
 glusterfs:2.4=GlusterfsPersistentVolumeSource hostPath:2.3=HostPathVolumeSource
 iscsi:2.7=ISCSIPersistentVolumeSource local:2.20=LocalVolumeSource mountOptions:7=[s nfs:2.5=NFSVolumeSource
 nodeAffinity:9=VolumeNodeAffinity persistentVolumeReclaimPolicy:5?
 photonPersistentDisk:2.17=PhotonPersistentDiskVolumeSource portworxVolume:2.18=PortworxVolumeSource
 quobyte:2.15=QuobyteVolumeSource rbd:2.6=RBDPersistentVolumeSource scaleIO:2.19=ScaleIOPersistentVolumeSource
 storageClassName:6? storageos:2.21=StorageOSPersistentVolumeSource volumeAttributesClassName:10 volumeMode:8
 vsphereVolume:2.14=VsphereVirtualDiskVolumeSource
PersistentVolumeStatus lastPhaseTransitionTime:4=t message:2? phase:1? reason:3?
PhotonPersistentDiskVolumeSource fsType:2? pdID:1
Pod apiVersion kind metadata:1=ObjectMeta+ spec:2=PodSpec+ status:3=PodStatus+
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:2=[WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution:1=[PodAffinityTerm
PodAffinityTerm labelSelector:1=!LabelSelector matchLabelKeys:5=[s mismatchLabelKeys:6=[s
 namespaceSelector:4=!LabelSelector namespaces:2=[s topologyKey:3
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:2=[WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution:1=[PodAffinityTerm
PodCertificateProjection certificateChainPath:6? credentialBundlePath:4? keyPath:5? keyType:2?
 maxExpirationSeconds:3=i signerName:1? userAnnotations:7={s
PodCondition lastProbeTime:3=t lastTransitionTime:4=t message:6? observedGeneration:7=i? reason:5? status:2 type:1
PodDNSConfig nameservers:1=[s options:3=[PodDNSConfigOption searches:2=[s
PodDNSConfigOption name:1? value:2
PodExtendedResourceClaimStatus requestMappings:1=[ContainerExtendedResourceRequest+ resourceClaimName:2
PodIP ip:1
PodOS name:1
PodReadinessGate conditionType:1
PodResourceClaim name:1 resourceClaimName:3 resourceClaimTemplateName:4
PodResourceClaimStatus name:1 resourceClaimName:2
PodSchedulingGate name:1
PodSchedulingGroup podGroupName:1
PodSecurityContext appArmorProfile:11=AppArmorProfile fsGroup:5=i fsGroupChangePolicy:9 runAsGroup:6=i
 runAsNonRoot:3=b runAsUser:2=i seLinuxChangePolicy:13 seLinuxOptions:1=SELinuxOptions
 seccompProfile:10=SeccompProfile supplementalGroups:4=[i supplementalGroupsPolicy:12 sysctls:7=[Sysctl
 windowsOptions:8=WindowsSecurityContextOptions
PodSpec activeDeadlineSeconds:5=i affinity:18=Affinity automountServiceAccountToken:21=b
 containers:2=[~name|Container+ dnsConfig:26=PodDNSConfig dnsPolicy:6? enableServiceLinks:30=b
 ephemeralContainers:34=[~name|EphemeralContainer hostAliases:23=[~ip|HostAlias hostIPC:13=b? hostNetwork:11=b?
 hostPID:12=b? hostUsers:37=b hostname:16? hostnameOverride:41 imagePullSecrets:15=[~name|!LocalObjectReference
 initContainers:20=[~name|Container nodeName:10? nodeSelector:7={!s os:36=PodOS overhead:32={q preemptionPolicy:31
 priority:25=i priorityClassName:24? readinessGates:28=[PodReadinessGate resourceClaims:39=[~^name|PodResourceClaim
 resources:40=ResourceRequirements restartPolicy:3? runtimeClassName:29 schedulerName:19?
 schedulingGates:38=[~name|PodSchedulingGate schedulingGroup:43=PodSchedulingGroup
 securityContext:14=PodSecurityContext serviceAccount:9? serviceAccountName:8? setHostnameAsFQDN:35=b
 shareProcessNamespace:27=b subdomain:17? terminationGracePeriodSeconds:4=i tolerations:22=[Toleration
 topologySpreadConstraints:33=[~topologyKey,whenUnsatisfiable|TopologySpreadConstraint volumes:1=[~^name|Volume
PodStatus allocatedResources:19={q conditions:2=[~type|PodCondition containerStatuses:8=[ContainerStatus
 ephemeralContainerStatuses:13=[ContainerStatus extendedResourceClaimStatus:18=PodExtendedResourceClaimStatus
 hostIP:5? hostIPs:16=[~ip@HostIP initContainerStatuses:10=[ContainerStatus message:3?
 nodeAllocatableResourceClaimStatuses:21=[NodeAllocatableResourceClaimStatus nominatedNodeName:11?
 observedGeneration:17=i? phase:1? podIP:6? podIPs:12=[~ip|PodIP qosClass:9? reason:4? resize:14?
 resourceClaimStatuses:15=[~^name|PodResourceClaimStatus resources:20=ResourceRequirements startTime:7=t
PodTemplate apiVersion kind metadata:1=ObjectMeta+ template:2=PodTemplateSpec+
PodTemplateSpec metadata:1=ObjectMeta+ spec:2=PodSpec+
PortStatus error:3 port:1=i protocol:2
PortworxVolumeSource fsType:2? readOnly:3=b? volumeID:1
PreferredSchedulingTerm preference:2=!NodeSelectorTerm+ weight:1=i
Probe exec:1.1=ExecAction failureThreshold:6=i? grpc:1.4=GRPCAction httpGet:1.2=HTTPGetAction
 initialDelaySeconds:2=i? periodSeconds:4=i? successThreshold:5=i? tcpSocket:1.3=TCPSocketAction
 terminationGracePeriodSeconds:7=i timeoutSeconds:3=i?
ProjectedVolumeSource defaultMode:2=i sources:1=[VolumeProjection+
QuobyteVolumeSource group:5? readOnly:3=b? registry:1 tenant:6? user:4? volume:2
RBDPersistentVolumeSource fsType:3? image:2 keyring:6? monitors:1=[s+ pool:4? readOnly:8=b?
 secretRef:7=!SecretReference user:5?
RBDVolumeSource fsType:3? image:2 keyring:6? monitors:1=[s+ pool:4? readOnly:8=b? secretRef:7=!LocalObjectReference
 user:5?
ReplicationController apiVersion kind metadata:1=ObjectMeta+ spec:2=ReplicationControllerSpec+
 status:3=ReplicationControllerStatus+
ReplicationControllerCondition lastTransitionTime:3=t message:5? reason:4? status:2 type:1
ReplicationControllerSpec minReadySeconds:4=i? replicas:1=i selector:2={!s template:3=PodTemplateSpec
ReplicationControllerStatus availableReplicas:5=i? conditions:6=[~type|ReplicationControllerCondition
 fullyLabeledReplicas:2=i? observedGeneration:3=i? readyReplicas:4=i? replicas:1=i
ResourceClaim name:1 request:2?
ResourceFieldSelector containerName:1? divisor:3=q resource:2
ResourceHealth health:2? message:6 resourceID:1
ResourceQuota apiVersion kind metadata:1=ObjectMeta+ spec:2=ResourceQuotaSpec+ status:3=ResourceQuotaStatus+
ResourceQuotaSpec hard:1={q scopeSelector:3=!ScopeSelector scopes:2=[s
ResourceQuotaStatus hard:1={q used:2={q
ResourceRequirements claims:3=[name|ResourceClaim limits:1={q requests:2={q
ResourceStatus name:1 resources:2=[resourceID|ResourceHealth
SELinuxOptions level:4? role:2? type:3? user:1?
ScaleIOPersistentVolumeSource fsType:9? gateway:1 protectionDomain:5? readOnly:10=b? secretRef:3=!SecretReference
 sslEnabled:4=b? storageMode:7? storagePool:6? system:2 volumeName:8?
ScaleIOVolumeSource fsType:9? gateway:1 protectionDomain:5? readOnly:10=b? secretRef:3=!LocalObjectReference
 sslEnabled:4=b? storageMode:7? storagePool:6? system:2 volumeName:8?
ScopeSelector matchExpressions:1=[ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement operator:2 scopeName:1 values:3=[s
SeccompProfile localhostProfile:2 type:1
Secret apiVersion data:2={y immutable:5=b kind metadata:1=ObjectMeta+ stringData:4={s type:3?
SecretEnvSource name:1.1? optional:2=b
SecretKeySelector key:2 name:1.1? optional:3=b
SecretProjection items:2=[KeyToPath name:1.1? optional:4=b
SecretReference name:1? namespace:2?
SecretVolumeSource defaultMode:3=i items:2=[KeyToPath optional:4=b secretName:1?
SecurityContext allowPrivilegeEscalation:7=b appArmorProfile:12=AppArmorProfile capabilities:1=Capabilities
 privileged:2=b procMount:9 readOnlyRootFilesystem:6=b runAsGroup:8=i runAsNonRoot:5=b runAsUser:4=i
 seLinuxOptions:3=SELinuxOptions seccompProfile:11=SeccompProfile windowsOptions:10=WindowsSecurityContextOptions
Service apiVersion kind metadata:1=ObjectMeta+ spec:2=ServiceSpec+ status:3=ServiceStatus+
ServiceAccount apiVersion automountServiceAccountToken:4=b imagePullSecrets:3=[!LocalObjectReference kind
 metadata:1=ObjectMeta+ secrets:2=[~name|!ObjectReference
ServiceAccountTokenProjection audience:1? expirationSeconds:2=i path:3
ServicePort appProtocol:6 name:1? nodePort:5=i? port:3=i protocol:2? targetPort:4=x
ServiceSpec allocateLoadBalancerNodePorts:20=b clusterIP:3? clusterIPs:18=[s externalIPs:5=[s externalName:10?
 externalTrafficPolicy:11? healthCheckNodePort:12=i? internalTrafficPolicy:22 ipFamilies:19=[s ipFamilyPolicy:17
 loadBalancerClass:21 loadBalancerIP:8? loadBalancerSourceRanges:9=[s ports:1=[~port,protocol=TCP|ServicePort
 publishNotReadyAddresses:13=b? selector:2={!s sessionAffinity:7? sessionAffinityConfig:14=SessionAffinityConfig
 trafficDistribution:23 type:4?
ServiceStatus conditions:2=[~type|Condition loadBalancer:1=LoadBalancerStatus+
SessionAffinityConfig clientIP:1=ClientIPConfig
SleepAction seconds:1=i
StorageOSPersistentVolumeSource fsType:3? readOnly:4=b? secretRef:5=!ObjectReference volumeName:1?
 volumeNamespace:2?
StorageOSVolumeSource fsType:3? readOnly:4=b? secretRef:5=!LocalObjectReference volumeName:1? volumeNamespace:2?
Sysctl name:1 value:2
TCPSocketAction host:2? port:1=x
Taint effect:3 key:1 timeAdded:4=t value:2?
Toleration effect:4? key:1? operator:2? tolerationSeconds:5=i value:3?
TopologySelectorLabelRequirement key:1 values:2=[s+
TopologySelectorTerm matchLabelExpressions:1=[TopologySelectorLabelRequirement
TopologySpreadConstraint labelSelector:4=!LabelSelector matchLabelKeys:8=[s maxSkew:1=i minDomains:5=i
 nodeAffinityPolicy:6 nodeTaintsPolicy:7 topologyKey:2 whenUnsatisfiable:3
TypedLocalObjectReference apiGroup:1 kind:2 name:3
TypedObjectReference apiGroup:1 kind:2 name:3 namespace:4
Volume awsElasticBlockStore:2.4=AWSElasticBlockStoreVolumeSource azureDisk:2.22=AzureDiskVolumeSource
 azureFile:2.18=AzureFileVolumeSource cephfs:2.14=CephFSVolumeSource cinder:2.13=CinderVolumeSource
 configMap:2.19=ConfigMapVolumeSource csi:2.28=CSIVolumeSource downwardAPI:2.16=DownwardAPIVolumeSource
 emptyDir:2.2=EmptyDirVolumeSource ephemeral:2.29=EphemeralVolumeSource fc:2.17=FCVolumeSource
 flexVolume:2.12=FlexVolumeSource flocker:2.15=FlockerVolumeSource
 gcePersistentDisk:2.3=GCEPersistentDiskVolumeSource gitRepo:2.5=GitRepoVolumeSource
 glusterfs:2.9=GlusterfsVolumeSource hostPath:2.1=HostPathVolumeSource image:2.30=ImageVolumeSource
 iscsi:2.8=ISCSIVolumeSource name:1 nfs:2.7=NFSVolumeSource
 persistentVolumeClaim:2.10=PersistentVolumeClaimVolumeSource
 photonPersistentDisk:2.23=PhotonPersistentDiskVolumeSource portworxVolume:2.24=PortworxVolumeSource
 projected:2.26=ProjectedVolumeSource quobyte:2.21=QuobyteVolumeSource rbd:2.11=RBDVolumeSource
 scaleIO:2.25=ScaleIOVolumeSource secret:2.6=SecretVolumeSource storageos:2.27=StorageOSVolumeSource
 vsphereVolume:2.20=VsphereVirtualDiskVolumeSource
VolumeDevice devicePath:2 name:1
VolumeMount mountPath:3 mountPropagation:5 name:1 readOnly:2=b? recursiveReadOnly:7 subPath:4? subPathExpr:6?
VolumeMountStatus mountPath:2 name:1 readOnly:3=b? recursiveReadOnly:4 volumeStatus:5=VolumeStatus
VolumeNodeAffinity required:1=!NodeSelector
VolumeProjection clusterTrustBundle:5=ClusterTrustBundleProjection configMap:3=ConfigMapProjection
 downwardAPI:2=DownwardAPIProjection podCertificate:6=PodCertificateProjection secret:1=SecretProjection
 serviceAccountToken:4=ServiceAccountTokenProjection
VolumeResourceRequirements limits:1={q requests:2={q
VolumeStatus image:1=ImageVolumeStatus
VsphereVirtualDiskVolumeSource fsType:2? storagePolicyID:4? storagePolicyName:3? volumePath:1
WeightedPodAffinityTerm podAffinityTerm:2=PodAffinityTerm+ weight:1=i
WindowsSecurityContextOptions gmsaCredentialSpec:2 gmsaCredentialSpecName:1 hostProcess:4=b runAsUserName:3
Condition lastTransitionTime:4=t message:6 observedGeneration:3=i? reason:5 status:2 type:1
DeleteOptions apiVersion? dryRun:5=[s gracePeriodSeconds:1=i ignoreStoreReadErrorWithClusterBreakingPotential:6=b
 kind? orphanDependents:3=b preconditions:2=Preconditions propagationPolicy:4
LabelSelector matchExpressions:2=[LabelSelectorRequirement matchLabels:1={s
LabelSelectorRequirement key:1 operator:2 values:3=[s
ManagedFieldsEntry apiVersion:3? fieldsType:6? fieldsV1:7=* manager:1? operation:2? subresource:8? time:4=t
ObjectMeta annotations:12={s creationTimestamp:8=t deletionGracePeriodSeconds:10=i deletionTimestamp:9=t
 finalizers:14=[~=s generateName:2? generation:7=i? labels:11={s managedFields:17=[ManagedFieldsEntry name:1?
 namespace:3? ownerReferences:13=[~uid|!OwnerReference resourceVersion:6? selfLink:4? uid:5?
OwnerReference apiVersion:5 blockOwnerDeletion:7=b controller:6=b kind:1 name:3 uid:4
Preconditions resourceVersion:2 uid:1
)";

}  // namespace flux::sandbox

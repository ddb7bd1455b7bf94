// Written by generate.py; the notation is explained in schema.h and kinds.h.
#include "sandbox/types/tables.h"

namespace flux::sandbox {

const std::string_view workload_types = R"(
ControllerRevision apiVersion data:2=* kind metadata:1=ObjectMeta+ revision:3=i
DaemonSet apiVersion kind metadata:1=ObjectMeta+ spec:2=DaemonSetSpec+ status:3=DaemonSetStatus+
DaemonSetCondition lastTransitionTime:3=t message:5? reason:4? status:2 type:1
DaemonSetSpec minReadySeconds:4=i? revisionHistoryLimit:6=i selector:1=!LabelSelector template:2=PodTemplateSpec+
 updateStrategy:3=DaemonSetUpdateStrategy+
DaemonSetStatus collisionCount:9=i conditions:10=[~type|DaemonSetCondition currentNumberScheduled:1=i
 desiredNumberScheduled:3=i numberAvailable:7=i? numberMisscheduled:2=i numberReady:4=i numberUnavailable:8=i?
 observedGeneration:5=i? updatedNumberScheduled:6=i?
DaemonSetUpdateStrategy rollingUpdate:2=RollingUpdateDaemonSet type:1?
Deployment apiVersion kind metadata:1=ObjectMeta+ spec:2=DeploymentSpec+ status:3=DeploymentStatus+
DeploymentCondition lastTransitionTime:7=t lastUpdateTime:6=t message:5? reason:4? status:2 type:1
DeploymentSpec minReadySeconds:5=i? paused:7=b? progressDeadlineSeconds:9=i replicas:1=i revisionHistoryLimit:6=i
 selector:2=!LabelSelector strategy:4=^DeploymentStrategy+ template:3=PodTemplateSpec+
DeploymentStatus availableReplicas:4=i? collisionCount:8=i conditions:6=[~type|DeploymentCondition
 observedGeneration:1=i? readyReplicas:7=i? replicas:2=i? terminatingReplicas:9=i unavailableReplicas:5=i?
 updatedReplicas:3=i?
DeploymentStrategy rollingUpdate:2=RollingUpdateDeployment type:1?
ReplicaSet apiVersion kind metadata:1=ObjectMeta+ spec:2=ReplicaSetSpec+ status:3=ReplicaSetStatus+
ReplicaSetCondition lastTransitionTime:3=t message:5? reason:4? status:2 type:1
ReplicaSetSpec minReadySeconds:4=i? replicas:1=i selector:2=!LabelSelector template:3=PodTemplateSpec+
ReplicaSetStatus availableReplicas:5=i? conditions:6=[~type|ReplicaSetCondition fullyLabeledReplicas:2=i?
 observedGeneration:3=i? readyReplicas:4=i? replicas:1=i terminatingReplicas:7=i
RollingUpdateDaemonSet maxSurge:2=x maxUnavailable:1=x
RollingUpdateDeployment maxSurge:2=x maxUnavailable:1=x
RollingUpdateStatefulSetStrategy maxUnavailable:2=x partition:1=i
StatefulSet apiVersion kind metadata:1=ObjectMeta+ spec:2=StatefulSetSpec+ status:3=StatefulSetStatus+
StatefulSetCondition lastTransitionTime:3=t message:5? reason:4? status:2 type:1
StatefulSetOrdinals start:1=i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:1? whenScaled:2?
StatefulSetSpec minReadySeconds:9=i? ordinals:11=StatefulSetOrdinals
 persistentVolumeClaimRetentionPolicy:10=StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:6?
 replicas:1=i revisionHistoryLimit:8=i selector:2=!LabelSelector serviceName:5 template:3=PodTemplateSpec+
 updateStrategy:7=StatefulSetUpdateStrategy+ volumeClaimTemplates:4=[PersistentVolumeClaim
StatefulSetStatus availableReplicas:11=i collisionCount:9=i conditions:10=[~type|StatefulSetCondition
 currentReplicas:4=i? currentRevision:6? observedGeneration:1=i? readyReplicas:3=i? replicas:2=i updateRevision:7?
 updatedReplicas:5=i?
StatefulSetUpdateStrategy rollingUpdate:2=RollingUpdateStatefulSetStrategy type:1?
autoscaling.v1.CrossVersionObjectReference apiVersion:3? kind:1 name:2
autoscaling.v1.HorizontalPodAutoscaler apiVersion kind metadata:1=ObjectMeta+
 spec:2=autoscaling.v1.HorizontalPodAutoscalerSpec+ status:3=autoscaling.v1.HorizontalPodAutoscalerStatus+
autoscaling.v1.HorizontalPodAutoscalerSpec maxReplicas:3=i minReplicas:2=i
 scaleTargetRef:1=!autoscaling.v1.CrossVersionObjectReference+ targetCPUUtilizationPercentage:4=i
autoscaling.v1.HorizontalPodAutoscalerStatus currentCPUUtilizationPercentage:5=i currentReplicas:3=i
 desiredReplicas:4=i lastScaleTime:2=t observedGeneration:1=i
Scale apiVersion kind metadata:1=ObjectMeta+ spec:2=ScaleSpec+ status:3=ScaleStatus+
ScaleSpec replicas:1=i?
ScaleStatus replicas:1=i selector:2?
ContainerResourceMetricSource container:3 name:1 target:2=MetricTarget+
ContainerResourceMetricStatus container:3 current:2=MetricValueStatus+ name:1
CrossVersionObjectReference apiVersion:3? kind:1 name:2
ExternalMetricSource metric:1=MetricIdentifier+ target:2=MetricTarget+
ExternalMetricStatus current:2=MetricValueStatus+ metric:1=MetricIdentifier+
HPAScalingPolicy periodSeconds:3=i type:1 value:2=i
HPAScalingRules policies:2=[HPAScalingPolicy selectPolicy:1 stabilizationWindowSeconds:3=i tolerance:4=q
HorizontalPodAutoscaler apiVersion kind metadata:1=ObjectMeta+ spec:2=HorizontalPodAutoscalerSpec+
 status:3=HorizontalPodAutoscalerStatus+
HorizontalPodAutoscalerBehavior scaleDown:2=HPAScalingRules scaleUp:1=HPAScalingRules
HorizontalPodAutoscalerCondition lastTransitionTime:3=t message:5? reason:4? status:2 type:1
HorizontalPodAutoscalerSpec behavior:5=HorizontalPodAutoscalerBehavior maxReplicas:3=i metrics:4=[MetricSpec
 minReplicas:2=i scaleTargetRef:1=CrossVersionObjectReference+
HorizontalPodAutoscalerStatus conditions:6=[~type|HorizontalPodAutoscalerCondition currentMetrics:5=[MetricStatus+
 currentReplicas:3=i? desiredReplicas:4=i lastScaleTime:2=t observedGeneration:1=i
MetricIdentifier name:1 selector:2=!LabelSelector
MetricSpec containerResource:7=ContainerResourceMetricSource external:5=ExternalMetricSource
 object:2=ObjectMetricSource pods:3=PodsMetricSource resource:4=ResourceMetricSource type:1
MetricStatus containerResource:7=ContainerResourceMetricStatus external:5=ExternalMetricStatus
 object:2=ObjectMetricStatus pods:3=PodsMetricStatus resource:4=ResourceMetricStatus type:1
MetricTarget averageUtilization:4=i averageValue:3=q type:1 value:2=q
MetricValueStatus averageUtilization:3=i averageValue:2=q value:1=q
ObjectMetricSource describedObject:1=CrossVersionObjectReference+ metric:3=MetricIdentifier+ target:2=MetricTarget+
ObjectMetricStatus current:2=MetricValueStatus+ describedObject:3=CrossVersionObjectReference+
 metric:1=MetricIdentifier+
PodsMetricSource metric:1=MetricIdentifier+ target:2=MetricTarget+
PodsMetricStatus current:2=MetricValueStatus+ metric:1=MetricIdentifier+
ResourceMetricSource name:1 target:2=MetricTarget+
ResourceMetricStatus current:2=MetricValueStatus+ name:1
CronJob apiVersion kind metadata:1=ObjectMeta+ spec:2=CronJobSpec+ status:3=CronJobStatus+
CronJobSpec concurrencyPolicy:3? failedJobsHistoryLimit:7=i jobTemplate:5=JobTemplateSpec+ schedule:1
 startingDeadlineSeconds:2=i successfulJobsHistoryLimit:6=i suspend:4=b timeZone:8
CronJobStatus active:1=[!ObjectReference lastScheduleTime:4=t lastSuccessfulTime:5=t
Job apiVersion kind metadata:1=ObjectMeta+ spec:2=JobSpec+ status:3=JobStatus+
JobCondition lastProbeTime:3=t lastTransitionTime:4=t message:6? reason:5? status:2 type:1
JobSpec activeDeadlineSeconds:3=i backoffLimit:7=i backoffLimitPerIndex:12=i completionMode:9 completions:2=i
 managedBy:15 manualSelector:5=b maxFailedIndexes:13=i parallelism:1=i podFailurePolicy:11=PodFailurePolicy
 podReplacementPolicy:14 selector:4=!LabelSelector successPolicy:16=SuccessPolicy suspend:10=b
 template:6=PodTemplateSpec+ ttlSecondsAfterFinished:8=i
JobStatus active:4=i? completedIndexes:7? completionTime:3=t conditions:1=[~type@JobCondition failed:6=i?
 failedIndexes:10 ready:9=i startTime:2=t succeeded:5=i? terminating:11=i
 uncountedTerminatedPods:8=UncountedTerminatedPods
JobTemplateSpec metadata:1=ObjectMeta+ spec:2=JobSpec+
PodFailurePolicy rules:1=[PodFailurePolicyRule+
PodFailurePolicyOnExitCodesRequirement containerName:1 operator:2 values:3=[=i+
PodFailurePolicyOnPodConditionsPattern status:2 type:1
PodFailurePolicyRule action:1 onExitCodes:2=PodFailurePolicyOnExitCodesRequirement
 onPodConditions:3=[PodFailurePolicyOnPodConditionsPattern
SuccessPolicy rules:1=[SuccessPolicyRule+
SuccessPolicyRule succeededCount:2=i succeededIndexes:1
UncountedTerminatedPods failed:2=[=s succeeded:1=[=s
)";

}  // namespace flux::sandbox

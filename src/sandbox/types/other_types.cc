// Written by generate.py; the notation is explained in schema.h and kinds.h.
#include "sandbox/types/tables.h"

namespace flux::sandbox {

const std::string_view other_types = R"(
ApplyConfiguration expression:1?
AuditAnnotation key:1 valueExpression:2
ExpressionWarning fieldRef:2 warning:3
JSONPatch expression:1?
MatchCondition expression:2 name:1
MatchResources excludeResourceRules:4=[!NamedRuleWithOperations matchPolicy:7 namespaceSelector:1=!LabelSelector
 objectSelector:2=!LabelSelector resourceRules:3=[!NamedRuleWithOperations
MutatingAdmissionPolicy apiVersion kind metadata:1=ObjectMeta+ spec:2=MutatingAdmissionPolicySpec+
MutatingAdmissionPolicyBinding apiVersion kind metadata:1=ObjectMeta+ spec:2=MutatingAdmissionPolicyBindingSpec+
MutatingAdmissionPolicyBindingSpec matchResources:3=!MatchResources paramRef:2=!ParamRef policyName:1?
MutatingAdmissionPolicySpec failurePolicy:5 matchConditions:6=[~name|MatchCondition
 matchConstraints:2=!MatchResources mutations:4=[Mutation paramKind:1=!ParamKind reinvocationPolicy:7?
 variables:3=[!Variable
MutatingWebhook admissionReviewVersions:8=[s+ clientConfig:2=WebhookClientConfig+ failurePolicy:4
 matchConditions:12=[~name|MatchCondition matchPolicy:9 name:1 namespaceSelector:5=!LabelSelector
 objectSelector:11=!LabelSelector reinvocationPolicy:10 rules:3=[RuleWithOperations sideEffects:6 timeoutSeconds:7=i
MutatingWebhookConfiguration apiVersion kind metadata:1=ObjectMeta+ webhooks:2=[~name|MutatingWebhook
Mutation applyConfiguration:3=ApplyConfiguration jsonPatch:4=JSONPatch patchType:2
NamedRuleWithOperations apiGroups:2.2.1=[s apiVersions:2.2.2=[s operations:2.1=[s resourceNames:1=[s
 resources:2.2.3=[s scope:2.2.4
ParamKind apiVersion:1? kind:2?
ParamRef name:1? namespace:2? parameterNotFoundAction:4 selector:3=!LabelSelector
RuleWithOperations apiGroups:2.1=[s apiVersions:2.2=[s operations:1=[s resources:2.3=[s scope:2.4
admissionregistration.v1.ServiceReference name:2 namespace:1 path:3 port:4=i
TypeChecking expressionWarnings:1=[ExpressionWarning
ValidatingAdmissionPolicy apiVersion kind metadata:1=ObjectMeta+ spec:2=ValidatingAdmissionPolicySpec+
 status:3=ValidatingAdmissionPolicyStatus+
ValidatingAdmissionPolicyBinding apiVersion kind metadata:1=ObjectMeta+ spec:2=ValidatingAdmissionPolicyBindingSpec+
ValidatingAdmissionPolicyBindingSpec matchResources:3=!MatchResources paramRef:2=!ParamRef policyName:1?
 validationActions:4=[=s
ValidatingAdmissionPolicySpec auditAnnotations:5=[AuditAnnotation failurePolicy:4
 matchConditions:6=[~name|MatchCondition matchConstraints:2=!MatchResources paramKind:1=!ParamKind
 validations:3=[Validation variables:7=[~name|!Variable
ValidatingAdmissionPolicyStatus conditions:3=[type|Condition observedGeneration:1=i? typeChecking:2=TypeChecking
ValidatingWebhook admissionReviewVersions:8=[s+ clientConfig:2=WebhookClientConfig+ failurePolicy:4
 matchConditions:11=[~name|MatchCondition matchPolicy:9 name:1 namespaceSelector:5=!LabelSelector
 objectSelector:10=!LabelSelector rules:3=[RuleWithOperations sideEffects:6 timeoutSeconds:7=i
ValidatingWebhookConfiguration apiVersion kind metadata:1=ObjectMeta+ webhooks:2=[~name|ValidatingWebhook
Validation expression:1 message:2? messageExpression:4? reason:3
Variable expression:2 name:1
WebhookClientConfig caBundle:2=y service:1=admissionregistration.v1.ServiceReference url:3
CertificateSigningRequest apiVersion kind metadata:1=ObjectMeta+ spec:2=CertificateSigningRequestSpec+
 status:3=CertificateSigningRequestStatus+
CertificateSigningRequestCondition lastTransitionTime:5=t lastUpdateTime:4=t message:3? reason:2? status:6 type:1
CertificateSigningRequestSpec expirationSeconds:8=i extra:6={[s groups:4=[s request:1=y signerName:7 uid:3?
 usages:5=[s username:2?
CertificateSigningRequestStatus certificate:2=y conditions:1=[type|CertificateSigningRequestCondition
Lease apiVersion kind metadata:1=ObjectMeta+ spec:2=LeaseSpec+
LeaseSpec acquireTime:3=t holderIdentity:1 leaseDurationSeconds:2=i leaseTransitions:5=i preferredHolder:7
 renewTime:4=t strategy:6
Endpoint addresses:1=[=s+ conditions:2=EndpointConditions+ deprecatedTopology:5={s hints:8=EndpointHints hostname:3
 nodeName:6 targetRef:4=!ObjectReference zone:7
EndpointConditions ready:1=b serving:2=b terminating:3=b
EndpointHints forNodes:2=[ForNode forZones:1=[ForZone
discovery.v1.EndpointPort appProtocol:4 name:1 port:3=i protocol:2
EndpointSlice addressType:4 apiVersion endpoints:2=[Endpoint+ kind metadata:1=ObjectMeta+
 ports:3=[!discovery.v1.EndpointPort+
ForNode name:1
ForZone name:1
ExemptPriorityLevelConfiguration lendablePercent:2=i nominalConcurrencyShares:1=i
FlowDistinguisherMethod type:1
FlowSchema apiVersion kind metadata:1=ObjectMeta+ spec:2=FlowSchemaSpec+ status:3=FlowSchemaStatus+
FlowSchemaCondition lastTransitionTime:3=t message:5? reason:4? status:2? type:1?
FlowSchemaSpec distinguisherMethod:3=FlowDistinguisherMethod matchingPrecedence:2=i
 priorityLevelConfiguration:1=PriorityLevelConfigurationReference+ rules:4=[PolicyRulesWithSubjects
FlowSchemaStatus conditions:1=[~type|FlowSchemaCondition
GroupSubject name:1
LimitResponse queuing:2=QueuingConfiguration type:1
LimitedPriorityLevelConfiguration borrowingLimitPercent:4=i lendablePercent:3=i limitResponse:2=LimitResponse+
 nominalConcurrencyShares:1=i
NonResourcePolicyRule nonResourceURLs:6=[=s+ verbs:1=[=s+
PolicyRulesWithSubjects nonResourceRules:3=[NonResourcePolicyRule resourceRules:2=[ResourcePolicyRule
 subjects:1=[flowcontrol.v1.Subject+
PriorityLevelConfiguration apiVersion kind metadata:1=ObjectMeta+ spec:2=PriorityLevelConfigurationSpec+
 status:3=PriorityLevelConfigurationStatus+
PriorityLevelConfigurationCondition lastTransitionTime:3=t message:5? reason:4? status:2? type:1?
PriorityLevelConfigurationReference name:1
PriorityLevelConfigurationSpec exempt:3=ExemptPriorityLevelConfiguration limited:2=LimitedPriorityLevelConfiguration
 type:1
PriorityLevelConfigurationStatus conditions:1=[~type|PriorityLevelConfigurationCondition
QueuingConfiguration handSize:2=i queueLengthLimit:3=i queues:1=i
ResourcePolicyRule apiGroups:2=[=s+ clusterScope:4=b? namespaces:5=[=s+ resources:3=[=s+ verbs:1=[=s+
ServiceAccountSubject name:2 namespace:1
flowcontrol.v1.Subject group:3=GroupSubject kind:1 serviceAccount:4=ServiceAccountSubject user:2=UserSubject
UserSubject name:1
HTTPIngressPath backend:2=IngressBackend+ path:1? pathType:3
HTTPIngressRuleValue paths:1=[HTTPIngressPath+
IPAddress apiVersion kind metadata:1=ObjectMeta+ spec:2=IPAddressSpec+
IPAddressSpec parentRef:1=ParentReference
IPBlock cidr:1 except:2=[s
Ingress apiVersion kind metadata:1=ObjectMeta+ spec:2=IngressSpec+ status:3=IngressStatus+
IngressBackend resource:3=!TypedLocalObjectReference service:4=IngressServiceBackend
IngressClass apiVersion kind metadata:1=ObjectMeta+ spec:2=IngressClassSpec+
IngressClassParametersReference apiGroup:1 kind:2 name:3 namespace:5 scope:4
IngressClassSpec controller:1? parameters:2=IngressClassParametersReference
IngressLoadBalancerIngress hostname:2? ip:1? ports:4=[IngressPortStatus
IngressLoadBalancerStatus ingress:1=[IngressLoadBalancerIngress
IngressPortStatus error:3 port:1=i protocol:2
IngressRule host:1? http:2.1=HTTPIngressRuleValue
IngressServiceBackend name:1 port:2=!ServiceBackendPort+
IngressSpec defaultBackend:1=IngressBackend ingressClassName:4 rules:3=[IngressRule tls:2=[IngressTLS
IngressStatus loadBalancer:1=IngressLoadBalancerStatus+
IngressTLS hosts:1=[s secretName:2?
NetworkPolicy apiVersion kind metadata:1=ObjectMeta+ spec:2=NetworkPolicySpec+
NetworkPolicyEgressRule ports:1=[NetworkPolicyPort to:2=[NetworkPolicyPeer
NetworkPolicyIngressRule from:2=[NetworkPolicyPeer ports:1=[NetworkPolicyPort
NetworkPolicyPeer ipBlock:3=IPBlock namespaceSelector:2=!LabelSelector podSelector:1=!LabelSelector
NetworkPolicyPort endPort:3=i port:2=x protocol:1
NetworkPolicySpec egress:3=[NetworkPolicyEgressRule ingress:2=[NetworkPolicyIngressRule
 podSelector:1=!LabelSelector+ policyTypes:4=[s
ParentReference group:1? name:4? namespace:3? resource:2?
ServiceBackendPort name:1? number:2=i?
ServiceCIDR apiVersion kind metadata:1=ObjectMeta+ spec:2=ServiceCIDRSpec+ status:3=ServiceCIDRStatus+
ServiceCIDRSpec cidrs:1=[s
ServiceCIDRStatus conditions:1=[~type|Condition
Overhead podFixed:1={q
RuntimeClass apiVersion handler:2 kind metadata:1=ObjectMeta+ overhead:3=Overhead scheduling:4=Scheduling
Scheduling nodeSelector:1={!s tolerations:2=[Toleration
PodDisruptionBudget apiVersion kind metadata:1=ObjectMeta+ spec:2=PodDisruptionBudgetSpec+
 status:3=PodDisruptionBudgetStatus+
PodDisruptionBudgetSpec maxUnavailable:3=x minAvailable:1=x selector:2=!LabelSelector unhealthyPodEvictionPolicy:4
PodDisruptionBudgetStatus conditions:7=[~type|Condition currentHealthy:4=i desiredHealthy:5=i disruptedPods:2={t
 disruptionsAllowed:3=i expectedPods:6=i observedGeneration:1=i?
AggregationRule clusterRoleSelectors:1=[!LabelSelector
ClusterRole aggregationRule:3=AggregationRule apiVersion kind metadata:1=ObjectMeta+ rules:2=[PolicyRule+
ClusterRoleBinding apiVersion kind metadata:1=ObjectMeta+ roleRef:3=!RoleRef+ subjects:2=[!Subject
PolicyRule apiGroups:2=[s nonResourceURLs:5=[s resourceNames:4=[s resources:3=[s verbs:1=[s+
Role apiVersion kind metadata:1=ObjectMeta+ rules:2=[PolicyRule+
RoleBinding apiVersion kind metadata:1=ObjectMeta+ roleRef:3=!RoleRef+ subjects:2=[!Subject
RoleRef apiGroup:1 kind:2 name:3
Subject apiGroup:2? kind:1 name:3 namespace:4?
PriorityClass apiVersion description:4? globalDefault:3=b? kind metadata:1=ObjectMeta+ preemptionPolicy:5 value:2=i
CSIDriver apiVersion kind metadata:1=ObjectMeta+ spec:2=CSIDriverSpec+
CSIDriverSpec attachRequired:1=b fsGroupPolicy:5 nodeAllocatableUpdatePeriodSeconds:9=i podInfoOnMount:2=b
 preventPodSchedulingIfMissing:11=b requiresRepublish:7=b seLinuxMount:8=b serviceAccountTokenInSecrets:10=b
 storageCapacity:4=b tokenRequests:6=[TokenRequest volumeLifecycleModes:3=[=s
CSINode apiVersion kind metadata:1=ObjectMeta+ spec:2=CSINodeSpec+
CSINodeDriver allocatable:4=VolumeNodeResources name:1 nodeID:2 topologyKeys:3=[s+
CSINodeSpec drivers:1=[~name|CSINodeDriver+
CSIStorageCapacity apiVersion capacity:4=q kind maximumVolumeSize:5=q metadata:1=ObjectMeta+
 nodeTopology:2=!LabelSelector storageClassName:3
StorageClass allowVolumeExpansion:6=b allowedTopologies:8=[!TopologySelectorTerm apiVersion kind
 metadata:1=ObjectMeta+ mountOptions:5=[s parameters:3={s provisioner:2 reclaimPolicy:4 volumeBindingMode:7
TokenRequest audience:1 expirationSeconds:2=i
VolumeAttachment apiVersion kind metadata:1=ObjectMeta+ spec:2=VolumeAttachmentSpec+
 status:3=VolumeAttachmentStatus+
VolumeAttachmentSource inlineVolumeSpec:2=PersistentVolumeSpec persistentVolumeName:1
VolumeAttachmentSpec attacher:1 nodeName:3 source:2=VolumeAttachmentSource+
VolumeAttachmentStatus attachError:3=VolumeError attached:1=b attachmentMetadata:2={s detachError:4=VolumeError
VolumeAttributesClass apiVersion driverName:2 kind metadata:1=ObjectMeta+ parameters:3={s
VolumeError errorCode:3=i message:2? time:1=t
VolumeNodeResources count:1=i
CustomResourceColumnDefinition description:4? format:3? jsonPath:6 name:1 priority:5=i? type:2
CustomResourceConversion strategy:1 webhook:2=WebhookConversion
CustomResourceDefinition apiVersion kind metadata:1=ObjectMeta+ spec:2=CustomResourceDefinitionSpec+
 status:3=CustomResourceDefinitionStatus+
CustomResourceDefinitionCondition lastTransitionTime:3=t message:5? observedGeneration:6=i? reason:4? status:2
 type:1
CustomResourceDefinitionNames categories:6=[s kind:4 listKind:5? plural:1 shortNames:3=[s singular:2?
CustomResourceDefinitionSpec conversion:9=CustomResourceConversion group:1 names:3=CustomResourceDefinitionNames+
 preserveUnknownFields:10=b? scope:4 versions:7=[CustomResourceDefinitionVersion+
CustomResourceDefinitionStatus acceptedNames:2=CustomResourceDefinitionNames+
 conditions:1=[type|CustomResourceDefinitionCondition+ observedGeneration:4=i? storedVersions:3=[s+
CustomResourceDefinitionVersion additionalPrinterColumns:6=[CustomResourceColumnDefinition deprecated:7=b?
 deprecationWarning:8 name:1 schema:4=CustomResourceValidation selectableFields:9=[SelectableField served:2=b
 storage:3=b subresources:5=CustomResourceSubresources
CustomResourceSubresourceScale labelSelectorPath:3 specReplicasPath:1 statusReplicasPath:2
CustomResourceSubresourceStatus *
CustomResourceSubresources scale:2=CustomResourceSubresourceScale status:1=CustomResourceSubresourceStatus
CustomResourceValidation openAPIV3Schema:1=JSONSchemaProps
ExternalDocumentation description:1? url:2?
JSONSchemaProps $ref:3 $schema:2? additionalItems:33=* additionalProperties:30=* allOf:25=[JSONSchemaProps
 anyOf:27=[JSONSchemaProps default:8=* definitions:34={JSONSchemaProps dependencies:32={* description:4? enum:20=[*
 example:36=* exclusiveMaximum:10=b? exclusiveMinimum:12=b? externalDocs:35=ExternalDocumentation format:6? id:1?
 items:24=* maxItems:16=i maxLength:13=i maxProperties:21=i maximum:9=n minItems:17=i minLength:14=i
 minProperties:22=i minimum:11=n multipleOf:19=n not:28=JSONSchemaProps nullable:37=b? oneOf:26=[JSONSchemaProps
 pattern:15? patternProperties:31={JSONSchemaProps properties:29={JSONSchemaProps required:23=[s title:7? type:5?
 uniqueItems:18=b? x-kubernetes-embedded-resource:39=b? x-kubernetes-int-or-string:40=b?
 x-kubernetes-list-map-keys:41=[s x-kubernetes-list-type:42 x-kubernetes-map-type:43
 x-kubernetes-preserve-unknown-fields:38=b x-kubernetes-validations:44=[~rule|ValidationRule
SelectableField jsonPath:1
apiextensions.v1.ServiceReference name:2 namespace:1 path:3 port:4=i
ValidationRule fieldPath:5? message:2? messageExpression:3? optionalOldSelf:6=b reason:4 rule:1
apiextensions.v1.WebhookClientConfig caBundle:2=y service:1=apiextensions.v1.ServiceReference url:3
WebhookConversion clientConfig:2=apiextensions.v1.WebhookClientConfig conversionReviewVersions:3=[s+
APIService apiVersion kind metadata:1=ObjectMeta+ spec:2=APIServiceSpec+ status:3=APIServiceStatus+
APIServiceCondition lastTransitionTime:3=t message:5? reason:4? status:2 type:1
APIServiceSpec caBundle:5=y group:2? groupPriorityMinimum:7=i insecureSkipTLSVerify:4=b? service:1=ServiceReference
 version:3? versionPriority:8=i
APIServiceStatus conditions:1=[~type|APIServiceCondition
ServiceReference name:2? namespace:1? port:3=i
)";

}  // namespace flux::sandbox

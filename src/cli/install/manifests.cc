#include "cli/install/manifests.h"

#include <fmt/format.h>

#include "cli/install/scalar.h"

namespace flux::cli {
namespace {

std::string account(const std::string& ns) {
  return fmt::format(R"(---
# fluxd applies whatever git holds, so it may do anything. To confine it, replace the ClusterRole by Roles in the
# namespaces it looks after, and name those with --k8s-allow-namespace.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: flux
  namespace: {0}
  labels:
    name: flux
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: flux
  labels:
    name: flux
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: ["*"]
  - nonResourceURLs: ["*"]
    verbs: ["*"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: flux
  labels:
    name: flux
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: flux
subjects:
  - kind: ServiceAccount
    name: flux
    namespace: {0}
)",
                     ns);
}

std::string secret(const std::string& ns) {
  return fmt::format(R"(---
# Without data: fluxd writes the deploy key it generates into it. To bring a key of your own, create the secret with
# the private key under `identity` and leave this file out.
apiVersion: v1
kind: Secret
metadata:
  name: flux-git-deploy
  namespace: {}
type: Opaque
)",
                     ns);
}

constexpr std::string_view kDeployment = R"(---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: flux
  namespace: {ns}
spec:
  replicas: 1
  selector:
    matchLabels:
      name: flux
  # Two of them would write to the same repository.
  strategy:
    type: Recreate
  template:
    metadata:
      labels:
        name: flux
      annotations:
        prometheus.io/port: "3031"
    spec:
      nodeSelector:
        kubernetes.io/os: linux
      serviceAccountName: flux
      # Fewer name server queries for hosts outside of the cluster:
      # dnsConfig:
      #   options:
      #     - name: ndots
      #       value: "1"
      volumes:
        - name: git-key
          secret:
            secretName: flux-git-deploy
            defaultMode: 0400
        - name: git-keygen
          emptyDir:
            medium: Memory
        # Host keys and ssh settings for a git server that the image does not know: make a ConfigMap with
        # `kubectl create configmap flux-ssh-config --from-file=known_hosts --from-file=config`.
        # - name: ssh-config
        #   configMap:
        #     name: flux-ssh-config
        # A kubeconfig, to set the default namespace or reach another cluster.
        # - name: kubeconfig
        #   configMap:
        #     name: flux-kubeconfig
        # Keys to sign commits with (--git-signing-key) or to verify them (--git-gpg-key-import).
        # - name: gpg-keys
        #   secret:
        #     secretName: flux-gpg-keys
        #     defaultMode: 0400
      containers:
        - name: flux
          image: {image}
          imagePullPolicy: IfNotPresent
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
          ports:
            - containerPort: 3030
          livenessProbe:
            httpGet:
              port: 3030
              path: /api/flux/v6/identity.pub
            initialDelaySeconds: 5
            timeoutSeconds: 5
          readinessProbe:
            httpGet:
              port: 3030
              path: /api/flux/v6/identity.pub
            initialDelaySeconds: 5
            timeoutSeconds: 5
          # User and password of a git server behind HTTPS, for a --git-url with $(GIT_AUTHUSER):$(GIT_AUTHKEY).
          # envFrom:
          #   - secretRef:
          #       name: flux-git-auth
          # For the kubeconfig above.
          # env:
          #   - name: KUBECONFIG
          #     value: /etc/fluxd/kube/config
          volumeMounts:
            - name: git-key
              mountPath: /etc/fluxd/ssh
              readOnly: true
            - name: git-keygen
              mountPath: /var/fluxd/keygen
            # - name: ssh-config
            #   mountPath: /root/.ssh
            # - name: kubeconfig
            #   mountPath: /etc/fluxd/kube
            # - name: gpg-keys
            #   mountPath: /root/gpg-import
            #   readOnly: true
          args:
{args})";

std::string deployment(const InstallOptions& options, const std::string& ns) {
  std::string args;
  for (const auto& arg : fluxd_args(options)) args += fmt::format("            - {}\n", yaml_scalar(arg));
  return fmt::format(kDeployment, fmt::arg("ns", ns), fmt::arg("image", yaml_scalar(options.image)),
                     fmt::arg("args", args));
}

constexpr std::string_view kSecurityContext = R"(          securityContext:
            runAsUser: 11211
            runAsGroup: 11211
            allowPrivilegeEscalation: false
)";

std::string memcached(const InstallOptions& options, const std::string& ns) {
  return fmt::format(R"(---
# Keeps what is known about images between restarts of fluxd.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: memcached
  namespace: {}
spec:
  replicas: 1
  selector:
    matchLabels:
      name: memcached
  template:
    metadata:
      labels:
        name: memcached
    spec:
      nodeSelector:
        kubernetes.io/os: linux
      containers:
        - name: memcached
          image: memcached:1.6.10-alpine
          imagePullPolicy: IfNotPresent
          args:
            - -m 512
            - -I 5m
            - -p 11211
          ports:
            - name: clients
              containerPort: 11211
{})",
                     ns, options.add_security_context ? kSecurityContext : "");
}

std::string memcached_service(const std::string& ns) {
  return fmt::format(R"(---
apiVersion: v1
kind: Service
metadata:
  name: memcached
  namespace: {}
spec:
  ports:
    - name: memcached
      port: 11211
  selector:
    name: memcached
)",
                     ns);
}

}  // namespace

std::vector<std::string> fluxd_args(const InstallOptions& options) {
  std::vector<std::string> args{"--memcached-service=", "--ssh-keygen-dir=/var/fluxd/keygen",
                                "--git-url=" + options.git_url, "--git-branch=" + options.git_branch};
  if (!options.git_paths.empty()) args.push_back(fmt::format("--git-path={}", fmt::join(options.git_paths, ",")));
  const auto add_given = [&](std::string_view flag, const std::string& value) {
    if (!value.empty()) args.push_back(fmt::format("--{}={}", flag, value));
  };
  add_given("git-label", options.git_label);
  add_given("git-user", options.git_user);
  add_given("git-email", options.git_email);
  if (options.git_readonly) args.emplace_back("--git-readonly");
  if (options.manifest_generation) args.emplace_back("--manifest-generation=true");
  args.emplace_back("--listen-metrics=:3031");
  if (options.registry_disable_scanning) args.emplace_back("--registry-disable-scanning");
  return args;
}

std::vector<ManifestFile> install_manifests(const InstallOptions& options) {
  const auto ns = yaml_scalar(options.ns);
  std::vector<ManifestFile> files{{"flux-account.yaml", account(ns)},
                                  {"flux-deployment.yaml", deployment(options, ns)},
                                  {"flux-secret.yaml", secret(ns)}};
  if (!options.registry_disable_scanning) {
    files.push_back({"memcache-dep.yaml", memcached(options, ns)});
    files.push_back({"memcache-svc.yaml", memcached_service(ns)});
  }
  return files;
}

}  // namespace flux::cli

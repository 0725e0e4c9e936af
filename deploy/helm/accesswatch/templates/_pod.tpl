{{/* The specification of a pod. Takes a map:
     root, component; pod: what `pod` of the values says, overridden for the role;
     args or command; resources; restartPolicy, grace (seconds);
     database, smtp: whether it gets that secret; probes: whether it answers them;
     settings: the ConfigMap with settings.yaml; gazetteer: the one with its files, if mounted;
     env: further variables. */}}
{{- define "accesswatch.pod" -}}
{{- $values := .root.Values -}}
{{- with $values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
serviceAccountName: {{ .pod.serviceAccountName }}
automountServiceAccountToken: false
# Links would put ACCESSWATCH_… variables of Kubernetes' own beside the settings.
enableServiceLinks: false
{{- with .restartPolicy }}
restartPolicy: {{ . }}
{{- end }}
terminationGracePeriodSeconds: {{ .grace }}
{{- with .pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- with .pod.runAsUser }}
  runAsUser: {{ int . }}
  {{- end }}
  {{- with .pod.runAsGroup }}
  runAsGroup: {{ int . }}
  fsGroup: {{ int . }}
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: accesswatch
    image: {{ include "accesswatch.image" .root | quote }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    {{- with .command }}
    command: {{ toJson . }}
    {{- end }}
    {{- with .args }}
    args: {{ toJson . }}
    {{- end }}
    env:
      {{- include "accesswatch.environment" . | nindent 6 }}
    {{- if .probes }}
    {{- include "accesswatch.probes" .root | nindent 4 }}
    {{- end }}
    # The last words of a process that ended in error stand in 'kubectl describe pod'.
    terminationMessagePolicy: FallbackToLogsOnError
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    resources:
      {{- toYaml .resources | nindent 6 }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
      {{- if .settings }}
      {{- include "accesswatch.mounts" . | nindent 6 }}
      {{- end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: {{ .pod.tmpSize }}
  {{- if .settings }}
  {{- include "accesswatch.volumes" . | nindent 2 }}
  {{- end }}
{{- with .pod.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Secrets by reference, and where the settings are. */}}
{{- define "accesswatch.environment" -}}
{{- $values := .root.Values -}}
{{- if .settings -}}
- name: ACCESSWATCH_CONFIG
  value: /etc/accesswatch/settings/settings.yaml
{{- if .database }}
- name: ACCESSWATCH_DATABASE__URL
  valueFrom:
    secretKeyRef:
      name: {{ $values.database.existingSecret }}
      key: {{ $values.database.urlKey }}
{{- end }}
{{- if hasPrefix "SASL" $values.settings.kafka.security_protocol }}
- name: ACCESSWATCH_KAFKA__SASL_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $values.kafka.existingSecret }}
      key: {{ $values.kafka.passwordKey }}
{{- end }}
{{- if and .smtp $values.smtp.existingSecret }}
- name: ACCESSWATCH_SMTP__PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $values.smtp.existingSecret }}
      key: {{ $values.smtp.passwordKey }}
{{- end }}
{{- end }}
{{- range .env }}
- name: {{ .name }}
  value: {{ .value | quote }}
{{- end }}
{{- with .pod.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Readiness and start are judged by group and servers, liveness by progress alone: a restart
     brings no broker back. Each check takes up to 5 s, hence timeouts of 6. A rebalance makes all
     members unready for a moment, so three failures count and not one. */}}
{{- define "accesswatch.probes" -}}
ports:
  - {name: health, containerPort: {{ int .Values.settings.health.port }}, protocol: TCP}
startupProbe:
  httpGet: {path: /ready, port: health}
  periodSeconds: 5
  timeoutSeconds: 6
  failureThreshold: {{ div (include "accesswatch.startSeconds" . | int) 5 }}
livenessProbe:
  httpGet: {path: /live, port: health}
  periodSeconds: 15
  timeoutSeconds: 6
  failureThreshold: 4
readinessProbe:
  httpGet: {path: /ready, port: health}
  periodSeconds: 10
  timeoutSeconds: 6
  failureThreshold: 3
{{- end -}}

{{- define "accesswatch.mounts" -}}
{{- $kafka := .root.Values.kafka -}}
- {name: settings, mountPath: /etc/accesswatch/settings, readOnly: true}
{{- if .gazetteer }}
- {name: gazetteer, mountPath: /etc/accesswatch/gazetteer, readOnly: true}
{{- end }}
{{- if or $kafka.ca.secret $kafka.ca.configMap }}
- {name: kafka-ca, mountPath: /etc/accesswatch/kafka-ca, readOnly: true}
{{- end }}
{{- if $kafka.client.secret }}
- {name: kafka-client, mountPath: /etc/accesswatch/kafka-client, readOnly: true}
{{- end }}
{{- end -}}

{{- define "accesswatch.volumes" -}}
{{- $values := .root.Values -}}
- name: settings
  configMap:
    name: {{ .settings }}
{{- with .gazetteer }}
- name: gazetteer
  configMap:
    name: {{ . }}
{{- end }}
{{- if $values.kafka.ca.secret }}
- name: kafka-ca
  secret:
    secretName: {{ $values.kafka.ca.secret }}
    items: [{key: {{ $values.kafka.ca.key }}, path: {{ $values.kafka.ca.key }}}]
{{- else if $values.kafka.ca.configMap }}
- name: kafka-ca
  configMap:
    name: {{ $values.kafka.ca.configMap }}
    items: [{key: {{ $values.kafka.ca.key }}, path: {{ $values.kafka.ca.key }}}]
{{- end }}
{{- with $values.kafka.client }}
{{- if .secret }}
- name: kafka-client
  secret:
    secretName: {{ .secret }}
    # Readable by the group alone, which is that of the process.
    defaultMode: 0440
    items:
      - {key: {{ .certificateKey }}, path: {{ .certificateKey }}}
      - {key: {{ .privateKeyKey }}, path: {{ .privateKeyKey }}}
{{- end }}
{{- end }}
{{- end -}}

{{/* A rule of a Job: with these exit codes no further try would end otherwise. 2 and 3 are wrong
     usage and settings; 5 and 6 something that is not there, or in use (ExitCode). Failed pods stay
     for their logs, which is why Jobs do not restart containers. */}}
{{- define "accesswatch.hopeless" -}}
- action: FailJob
  onExitCodes:
    containerName: accesswatch
    operator: In
    values: {{ toJson . }}
{{- end -}}

{{/* The name of all objects, to which a role is added: at most 32 of the 63 characters that a
     label may have. */}}
{{- define "accesswatch.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 32 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 32 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 32 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that find this release's pods; they cannot be changed by an upgrade. */}}
{{- define "accesswatch.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of pods: not the chart's version, which would replace pods that stay the same. */}}
{{- define "accesswatch.podLabels" -}}
{{ include "accesswatch.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | trimAll "-_." | quote }}
{{- end -}}

{{/* Labels of everything else. */}}
{{- define "accesswatch.labels" -}}
{{ include "accesswatch.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "accesswatch.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* What each role is: the program's arguments, whether it gets the database's address and the mail
     server's password. */}}
{{- define "accesswatch.roles" -}}
poller: {args: [poller], database: true}
extractor: {args: [extractor]}
storing: {args: [alerting, --role, storing], database: true}
delivering: {args: [alerting, --role, delivering], database: true, smtp: true}
{{- end -}}

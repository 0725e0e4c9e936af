{{/* settings.yaml: what stands under `settings`, and where the mounted files are.
     Values are written as JSON: Helm would write 10000000 as 1e+07, which YAML reads as text. Takes a
     map: root; gazetteer: whether its files are mounted. */}}
{{- define "accesswatch.settings" -}}
{{- $mounted := .gazetteer -}}
{{- with .root -}}
{{- $settings := deepCopy .Values.settings -}}
{{- $kafka := $settings.kafka -}}
{{- if or .Values.kafka.ca.secret .Values.kafka.ca.configMap -}}
{{- $_ := set $kafka "ssl_cafile" (printf "/etc/accesswatch/kafka-ca/%s" .Values.kafka.ca.key) -}}
{{- end -}}
{{- if .Values.kafka.client.secret -}}
{{- $folder := "/etc/accesswatch/kafka-client" -}}
{{- $_ := set $kafka "ssl_certfile" (printf "%s/%s" $folder .Values.kafka.client.certificateKey) -}}
{{- $_ := set $kafka "ssl_keyfile" (printf "%s/%s" $folder .Values.kafka.client.privateKeyKey) -}}
{{- end -}}
{{- with and $mounted (include "accesswatch.gazetteerKeys" . | fromJsonArray) -}}
{{- $paths := list -}}
{{- range . -}}
{{- $paths = append $paths (printf "/etc/accesswatch/gazetteer/%s" .) -}}
{{- end -}}
{{- $_ := set $settings.extractor "gazetteer" $paths -}}
{{- end -}}
{{- range $section, $keys := $settings -}}
{{- if $keys }}
{{ $section }}:
{{- range $key, $value := $keys }}
{{- if not (kindIs "invalid" $value) }}
  {{ $key }}: {{ toJson $value }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The gazetteer's files by name, as a JSON list. */}}
{{- define "accesswatch.gazetteerKeys" -}}
{{- if .Values.gazetteer.existingConfigMap -}}
{{- toJson .Values.gazetteer.existingKeys -}}
{{- else -}}
{{- keys .Values.gazetteer.files | sortAlpha | toJson -}}
{{- end -}}
{{- end -}}

{{/* Seconds that a pod may take until it is ready: both servers may be waited for, then the group
     is joined, and a rebalance may wait 150 s for another pod's batch (REBALANCE_SECONDS). */}}
{{- define "accesswatch.startSeconds" -}}
{{- addf .Values.settings.kafka.connect_timeout .Values.settings.database.connect_timeout 180 | ceil | int -}}
{{- end -}}

{{/* The ConfigMap with the gazetteer's files; empty where there are none. */}}
{{- define "accesswatch.gazetteerName" -}}
{{- if .Values.gazetteer.existingConfigMap -}}
{{- .Values.gazetteer.existingConfigMap -}}
{{- else if .Values.gazetteer.files -}}
{{- include "accesswatch.fullname" . }}-gazetteer
{{- end -}}
{{- end -}}

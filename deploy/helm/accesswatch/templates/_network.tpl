{{/* Ports of a NetworkPolicy. None would mean all. */}}
{{- define "accesswatch.ports" -}}
{{- if not . -}}
{{- fail "a list of ports under networkPolicy is empty, which would open all of them. Name the ports." -}}
{{- end -}}
ports:
{{- range . }}
  - {port: {{ int . }}, protocol: TCP}
{{- end }}
{{- end -}}

{{/* Ports of the brokers: those given, else those in the addresses. */}}
{{- define "accesswatch.kafkaPorts" -}}
{{- $ports := .Values.networkPolicy.kafka.ports -}}
{{- if not $ports -}}
{{- range splitList "," .Values.settings.kafka.bootstrap_servers -}}
{{- with regexFind ":[0-9]+$" (trim .) -}}
{{- $ports = append $ports (trimPrefix ":" . | int) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- uniq $ports | toJson -}}
{{- end -}}

{{/* Kafka and names, for every pod; takes a map: root, database. */}}
{{- define "accesswatch.servers" -}}
{{- with .root.Values.networkPolicy -}}
- to:
    {{- toYaml .dns.to | nindent 4 }}
  ports:
    {{- range .dns.ports }}
    - {port: {{ int . }}, protocol: UDP}
    - {port: {{ int . }}, protocol: TCP}
    {{- end }}
- {{ include "accesswatch.ports" (include "accesswatch.kafkaPorts" $.root | fromJsonArray) | nindent 2 | trim }}
  {{- with .kafka.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- if $.database }}
- {{ include "accesswatch.ports" .database.ports | nindent 2 | trim }}
  {{- with .database.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Feeds and webhooks: the public Internet, and what settings allow of private addresses. */}}
{{- define "accesswatch.web" -}}
{{- with .Values.networkPolicy.web -}}
- {{ include "accesswatch.ports" .ports | nindent 2 | trim }}
  to:
    {{- toYaml .to | nindent 4 }}
{{- end }}
{{- range .Values.settings.http.allowed_private }}
{{- $port := "" -}}
{{- $network := . -}}
{{- if and (contains "." .) (contains ":" .) (not (contains "::" .)) -}}
{{- $network = splitList ":" . | first -}}
{{- $port = splitList ":" . | last -}}
{{- end -}}
{{- if not (contains "/" $network) -}}
{{- $network = printf "%s/%s" $network (ternary "128" "32" (contains ":" $network)) -}}
{{- end }}
- to:
    - ipBlock:
        cidr: {{ $network }}
  {{- with $port }}
  ports:
    - {port: {{ int . }}, protocol: TCP}
  {{- end }}
{{- end }}
{{- end -}}

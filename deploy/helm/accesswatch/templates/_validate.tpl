{{/* What the schema cannot say: one value needs another. Each message says what to do. */}}
{{- define "accesswatch.validate" -}}
{{- $kafka := .Values.settings.kafka -}}
{{- if not .Values.database.existingSecret -}}
{{- fail "database.existingSecret names no Secret. Create one that holds PostgreSQL's address, for example 'kubectl create secret generic accesswatch-database --from-literal=url=postgresql://…', and set database.existingSecret=accesswatch-database." -}}
{{- end -}}
{{- if not $kafka.bootstrap_servers -}}
{{- fail "settings.kafka.bootstrap_servers is empty. Set it to host:port of one or more Kafka brokers." -}}
{{- end -}}
{{- range splitList "," $kafka.bootstrap_servers -}}
{{- if not (regexMatch "^[^:/]+:[0-9]+$|^\\[[0-9a-f:]+\\]:[0-9]+$" (trim .)) -}}
{{- fail (printf "'%s' in settings.kafka.bootstrap_servers is not an address. Write each broker as host:port, separated by commas." (trim .)) -}}
{{- end -}}
{{- end -}}
{{- if hasPrefix "SASL" $kafka.security_protocol -}}
{{- if not (and $kafka.sasl_username .Values.kafka.existingSecret) -}}
{{- fail (printf "settings.kafka.security_protocol %s needs settings.kafka.sasl_username, and kafka.existingSecret with the name of the Secret that holds the password." $kafka.security_protocol) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.kafka.ca.secret .Values.kafka.ca.configMap -}}
{{- fail "kafka.ca.secret and kafka.ca.configMap are both set. Keep the one that holds the certificates." -}}
{{- end -}}
{{- if and .Values.settings.smtp.username (not .Values.smtp.existingSecret) -}}
{{- fail "settings.smtp.username needs smtp.existingSecret with the name of the Secret that holds the password." -}}
{{- end -}}
{{- if and .Values.gazetteer.existingConfigMap .Values.gazetteer.files -}}
{{- fail "gazetteer.files and gazetteer.existingConfigMap are both set. Keep one." -}}
{{- end -}}
{{- if and .Values.gazetteer.existingConfigMap (not .Values.gazetteer.existingKeys) -}}
{{- fail "gazetteer.existingConfigMap needs gazetteer.existingKeys: the keys that hold routes and actors." -}}
{{- end -}}
{{- range $role := list "extractor" "storing" -}}
{{- $scale := index $.Values.autoscaling $role -}}
{{- $most := $scale.maxReplicas | default $kafka.partitions | int -}}
{{- if gt $most (int $kafka.partitions) -}}
{{- fail (printf "autoscaling.%s.maxReplicas is %d, but settings.kafka.partitions is %d: further pods would be idle. Lower it." $role $most (int $kafka.partitions)) -}}
{{- end -}}
{{- if gt (int $scale.minReplicas) $most -}}
{{- fail (printf "autoscaling.%s.minReplicas is more than maxReplicas (%d)." $role $most) -}}
{{- end -}}
{{- end -}}
{{- if .Values.replay.enabled -}}
{{- if not (and .Values.replay.name .Values.replay.args) -}}
{{- fail "replay.enabled needs replay.name and replay.args, for example --set replay.name=october --set 'replay.args={articles,--from,30d}'." -}}
{{- end -}}
{{- end -}}
{{- end -}}

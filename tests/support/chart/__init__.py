"""The Helm chart, rendered and described without a cluster."""

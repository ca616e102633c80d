"""What an operator sees of a running installation: metrics for Prometheus, structured logs, traces by OpenTelemetry."""

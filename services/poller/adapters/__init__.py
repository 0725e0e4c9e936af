"""The poller's ports bound to PostgreSQL, HTTP and feed parsers."""

"""Apache Kafka and PostgreSQL as child processes, from Python packages alone.

For laptops and tests: where `ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS` or
`ACCESSWATCH_DATABASE__URL` is not given, `accesswatch run` starts its own. Nothing from the
`embedded` extra is imported before a server is started.
"""

from services.runtime.embedded.kafka import EmbeddedKafka
from services.runtime.embedded.locks import hold_data_folder
from services.runtime.embedded.postgres import EmbeddedPostgres

__all__ = ["EmbeddedKafka", "EmbeddedPostgres", "hold_data_folder"]

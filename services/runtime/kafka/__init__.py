"""Kafka through FastStream (consumers) and aiokafka (producer, admin)."""

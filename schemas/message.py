"""The base of every message body."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A message body, or a part of one.

    Immutable. Unknown fields are ignored, so that a reader of version 1 accepts what a newer
    writer of version 1 added.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
        ser_json_inf_nan="null",
    )

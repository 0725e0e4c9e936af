"""Guarded outbound HTTP: public addresses only, unless the settings allow others."""

from services.runtime.http.client import GuardedClient, Response
from services.runtime.http.failures import HttpError, HttpFailure, mask_url

__all__ = ["GuardedClient", "HttpError", "HttpFailure", "Response", "mask_url"]

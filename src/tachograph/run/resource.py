"""What a process says of itself as an OpenTelemetry resource."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def resource(environ: Mapping[str, str]) -> dict[str, str | int]:
    """The attributes of this process's resource.

    `Resource.create` of the SDK starts a thread for its detectors and runs a program for the version of the OS; what we
    need of it is known, and what the environment says is read here.

    Parameters
    ----------
    environ
        The environment, with `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` of the OpenTelemetry specification.
    """
    from urllib.parse import unquote

    from tachograph._version import __version__

    attributes: dict[str, str | int] = {
        "telemetry.sdk.language": "python",
        "telemetry.sdk.name": "opentelemetry",
        "telemetry.distro.name": "tachograph",
        "telemetry.distro.version": __version__,
        "process.pid": os.getpid(),
    }
    for pair in environ.get("OTEL_RESOURCE_ATTRIBUTES", "").split(","):
        name, separator, value = pair.partition("=")
        if separator and name.strip():
            attributes[name.strip()] = unquote(value.strip())
    if service := environ.get("OTEL_SERVICE_NAME"):
        attributes["service.name"] = service
    attributes.setdefault("service.name", "unknown_service")
    return attributes

"""The OpenTelemetry resource of a process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def resource(environ: Mapping[str, str]) -> dict[str, str | int]:
    """The attributes of this process's resource.

    `Resource.create` of the SDK starts a thread for its detectors and runs a program for the version of the OS. What is
    needed of it is known without that, and the environment is read here.

    Parameters
    ----------
    environ
        The environment, with `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` of the OpenTelemetry specification.
    """
    from urllib.parse import unquote

    from tachograph._version import __version__
    from tachograph.semconv import general

    attributes: dict[str, str | int] = {
        general.TELEMETRY_SDK_LANGUAGE: "python",
        general.TELEMETRY_SDK_NAME: "opentelemetry",
        general.TELEMETRY_DISTRO_NAME: "tachograph",
        general.TELEMETRY_DISTRO_VERSION: __version__,
        general.PROCESS_PID: os.getpid(),
    }
    for pair in environ.get("OTEL_RESOURCE_ATTRIBUTES", "").split(","):
        name, separator, value = pair.partition("=")
        if separator and name.strip():
            attributes[name.strip()] = unquote(value.strip())
    if service := environ.get("OTEL_SERVICE_NAME"):
        attributes[general.SERVICE_NAME] = service
    attributes.setdefault(general.SERVICE_NAME, "unknown_service")
    return attributes

"""Who serves a client's calls, and where."""

from __future__ import annotations

from typing import Any

from tachograph.semconv import genai, general

_PLATFORMS = (("Bedrock", genai.PROVIDER_AWS_BEDROCK), ("Vertex", genai.PROVIDER_GCP_VERTEX_AI))


def describe(client: Any) -> dict[str, Any]:
    """The provider and the server of a client.

    Parameters
    ----------
    client
        A client of any platform and release.
    """
    url = client.base_url
    return {
        genai.PROVIDER_NAME: _provider_name(client),
        general.SERVER_ADDRESS: str(url.host),
        general.SERVER_PORT: url.port or (80 if url.scheme == "http" else 443),
    }


def _provider_name(client: object) -> str:
    # Newer releases name the provider themselves; older ones are known by their class.
    name: object = getattr(client, "_gen_ai_provider_name", None)
    if isinstance(name, str):
        return name
    for kind in type(client).__mro__:
        for word, name in _PLATFORMS:
            if word in kind.__name__:
                return name
    return genai.PROVIDER_ANTHROPIC

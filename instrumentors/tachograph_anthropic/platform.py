"""Who serves a client's calls."""

from __future__ import annotations

from tachograph.semconv import genai

_PLATFORMS = (("Bedrock", genai.PROVIDER_AWS_BEDROCK), ("Vertex", genai.PROVIDER_GCP_VERTEX_AI))


def provider_name(client: object) -> str:
    """The provider of a client in the terms of the conventions.

    Parameters
    ----------
    client
        A client of any platform. Newer releases name the provider themselves; older ones are known by their class.
    """
    said: object = getattr(client, "_gen_ai_provider_name", None)
    if isinstance(said, str):
        return said
    for kind in type(client).__mro__:
        for word, name in _PLATFORMS:
            if word in kind.__name__:
                return name
    return genai.PROVIDER_ANTHROPIC

"""Who serves a client's calls, and where."""

from __future__ import annotations

from typing import Any

from tachograph.semconv import genai, general

_AZURE_CLIENTS = frozenset({"AzureOpenAI", "AsyncAzureOpenAI", "BaseAzureClient"})
_AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")


def describe(client: Any) -> dict[str, Any]:
    """The provider and the server of a client.

    Parameters
    ----------
    client
        A client of any release. One that speaks to another provider's compatible interface is known by its server.
    """
    url = client.base_url
    host = str(url.host)
    azure = any(kind.__name__ in _AZURE_CLIENTS for kind in type(client).__mro__) or host.endswith(_AZURE_HOSTS)
    return {
        genai.PROVIDER_NAME: genai.PROVIDER_AZURE_OPENAI if azure else genai.PROVIDER_OPENAI,
        general.SERVER_ADDRESS: host,
        general.SERVER_PORT: url.port or (80 if url.scheme == "http" else 443),
    }

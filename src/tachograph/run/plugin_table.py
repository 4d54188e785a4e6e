"""The instrumentors that come with Tachograph: the one table that names them.

The core imports no plug-in. It finds them by these names, each of which is a package below `instrumentors/` and its
entry point. What cannot follow from the table, as it is no Python code or may import nothing, is compared with it by
`tests/unit/house/test_plugins.py`.
"""

from __future__ import annotations


class Plugin:
    """One instrumentor.

    Attributes
    ----------
    name
        The package, e.g. ``tachograph_openai``.
    imports
        The modules it waits for: when a program imports one of them, recording is brought up and the plug-in is put in.
        A plug-in that waits for none is put in whenever recording is up.
    imports_with_http
        Modules it waits for besides those if the setting `http` is on.
    client
        The client library whose calls it records, None if it records something else.
    """

    __slots__ = ("client", "imports", "imports_with_http", "name")

    def __init__(
        self,
        name: str,
        *,
        imports: tuple[str, ...] = (),
        imports_with_http: tuple[str, ...] = (),
        client: str | None = None,
    ) -> None:
        self.name = name
        self.imports = imports
        self.imports_with_http = imports_with_http
        self.client = client


PLUGINS = (
    Plugin("tachograph_openai", imports=("openai",), client="openai"),
    Plugin("tachograph_anthropic", imports=("anthropic",), client="anthropic"),
    Plugin("tachograph_http", imports=("openai", "anthropic"), imports_with_http=("httpx", "httpx2")),
    Plugin("tachograph_executors"),
    Plugin("tachograph_logging"),
)

NAMES = tuple(plugin.name for plugin in PLUGINS)
CLIENTS = tuple(plugin.client for plugin in PLUGINS if plugin.client is not None)
"""The client libraries whose calls are recorded."""
ALWAYS = tuple(plugin.name for plugin in PLUGINS if not plugin.imports)
"""The plug-ins that are put in whenever recording is up."""
TARGETS = {
    module: tuple(plugin.name for plugin in PLUGINS if module in plugin.imports)
    for module in dict.fromkeys(module for plugin in PLUGINS for module in plugin.imports)
}
"""The plug-ins to put in once a module is imported, by module."""
HTTP_TARGETS = {
    module: tuple(plugin.name for plugin in PLUGINS if module in plugin.imports_with_http)
    for module in dict.fromkeys(module for plugin in PLUGINS for module in plugin.imports_with_http)
}
"""The same if the setting `http` is on."""

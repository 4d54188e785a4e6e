"""What every instrumentor is built with: import hooks, the ledger of patches, and one open call from start to end.

Take what you need from its modules: importing all of them here would bring OpenTelemetry into programs that only wait
for an import.
"""

__all__: list[str] = []

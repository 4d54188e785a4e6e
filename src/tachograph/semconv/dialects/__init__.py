"""The attributes of other tools that are read, one module a tool; `table` lists them all."""

__all__: list[str] = []

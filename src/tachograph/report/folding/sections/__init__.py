"""The sections of the fold, each of which makes one member of the report; `report.model` has the table."""

__all__: list[str] = []

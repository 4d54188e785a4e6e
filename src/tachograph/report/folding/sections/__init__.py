"""The sections of the fold, one member of the report each; `tachograph.report.model` has the table."""

__all__: list[str] = []

"""What recording costs, measured against the bare program and against the official instrumentors."""

__all__: list[str] = []

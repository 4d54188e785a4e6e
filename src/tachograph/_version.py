"""The version of the distribution, read by the build and by `tacho --version`, and the numbers of any version."""

__version__ = "0.1.0"


def version_numbers(version: str) -> tuple[int, ...]:
    """The first two numbers of a version, to compare it: ``(1, 45)`` for ``1.45.0rc1``; fewer if it has fewer.

    Parameters
    ----------
    version
        The version, as a package gives it.
    """
    import re

    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])

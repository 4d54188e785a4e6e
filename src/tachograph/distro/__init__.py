"""The wiring: what turns a process into a recorded one.

The start-up hook imports from here in every recorded process, so nothing is imported before it is needed: take
`activate` from `tachograph.distro.activation` and `start` from `tachograph.distro.start`.
"""

__all__: list[str] = []

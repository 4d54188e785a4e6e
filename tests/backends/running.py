"""The backends as the tests run them: on free ports, with the files of collector-config."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.backends.build import COLLECTOR, JAEGER, TEMPO, binary
from tests.backends.server import Server, free_ports
from tests.backends.spans import Store

if TYPE_CHECKING:
    from collections.abc import Generator

CONFIG = Path(__file__).resolve().parents[2] / "collector-config"
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where OTLP is taken, and where it can be read back.

    Parameters
    ----------
    http, grpc
        Ports for OTLP.
    stores
        What the spans come to.
    """

    http: int
    grpc: int
    stores: tuple[Store, ...]

    def endpoint(self, protocol: str) -> str:
        """The endpoint for a protocol as `OTEL_EXPORTER_OTLP_PROTOCOL` names it."""
        return f"http://{HOST}:{self.grpc if protocol == 'grpc' else self.http}"


@contextmanager
def jaeger(folder: Path, http: int = 0, grpc: int = 0) -> Generator[Receiver]:
    """Jaeger with its store in memory.

    Parameters
    ----------
    folder
        Where its log is written.
    http, grpc
        Its ports for OTLP; 0 takes free ones.
    """
    free_http, free_grpc, query, admin, *others = free_ports(11)
    http, grpc = http or free_http, grpc or free_grpc
    flags = {
        "collector.otlp.http.host-port": http,
        "collector.otlp.grpc.host-port": grpc,
        "query.http-server.host-port": query,
        "admin.http.host-port": admin,
        **dict(zip(_UNUSED, others, strict=True)),
    }
    words = [f"--{name}={HOST}:{port}" for name, port in flags.items()]
    # As in docker-compose.yml.
    words.append("--collector.otlp.grpc.max-message-size=16777216")
    with Server([binary(JAEGER), *words], f"http://{HOST}:{admin}/", folder, {"SPAN_STORAGE_TYPE": "memory"}):
        yield Receiver(http, grpc, (Store("jaeger", f"http://{HOST}:{query}"),))


_UNUSED = (
    "query.grpc-server.host-port",
    "collector.http-server.host-port",
    "collector.grpc-server.host-port",
    "http-server.host-port",
    "processor.jaeger-binary.server-host-port",
    "processor.jaeger-compact.server-host-port",
    "processor.zipkin-compact.server-host-port",
)


@contextmanager
def tempo(folder: Path, http: int = 0, grpc: int = 0) -> Generator[Receiver]:
    """Tempo as one process, with its blocks on the disk.

    Parameters
    ----------
    folder
        Where its data and its log are written.
    http, grpc
        Its ports for OTLP; 0 takes free ones.
    """
    free_http, free_grpc, query, internal = free_ports(4)
    http, grpc = http or free_http, grpc or free_grpc
    environ = {
        "TEMPO_OTLP_HTTP": f"{HOST}:{http}",
        "TEMPO_OTLP_GRPC": f"{HOST}:{grpc}",
        "TEMPO_HTTP_PORT": str(query),
        "TEMPO_INTERNAL_PORT": str(internal),
        "TEMPO_DATA": str(folder / "tempo-data"),
    }
    with Server([binary(TEMPO), CONFIG / "tempo-1.5.yaml"], f"http://{HOST}:{query}/ready", folder, environ):
        yield Receiver(http, grpc, (Store("tempo", f"http://{HOST}:{query}"),))


@contextmanager
def collectors(folder: Path, jaeger: Receiver, tempo: Receiver) -> Generator[tuple[Receiver, Receiver]]:
    """A gateway in front of both, and an agent in front of the gateway.

    Parameters
    ----------
    folder
        Where their logs are written.
    jaeger, tempo
        What the gateway sends to.

    Yields
    ------
    (Receiver, Receiver)
        The agent and the gateway.
    """
    agent_http, agent_grpc, agent_health, gateway_http, gateway_grpc, gateway_health = free_ports(6)
    stores = (*jaeger.stores, *tempo.stores)
    of_gateway = {
        "GATEWAY_HTTP": f"{HOST}:{gateway_http}",
        "GATEWAY_GRPC": f"{HOST}:{gateway_grpc}",
        "GATEWAY_HEALTH": f"{HOST}:{gateway_health}",
        "JAEGER_ENDPOINT": f"{HOST}:{jaeger.grpc}",
        "TEMPO_ENDPOINT": f"{HOST}:{tempo.grpc}",
    }
    of_agent = {
        "AGENT_HTTP": f"{HOST}:{agent_http}",
        "AGENT_GRPC": f"{HOST}:{agent_grpc}",
        "AGENT_HEALTH": f"{HOST}:{agent_health}",
        "GATEWAY_ENDPOINT": f"{HOST}:{gateway_grpc}",
        "GATEWAY_INSECURE": "true",
    }
    with (
        _collector("gateway", gateway_health, folder, of_gateway),
        _collector("agent", agent_health, folder, of_agent),
    ):
        yield Receiver(agent_http, agent_grpc, stores), Receiver(gateway_http, gateway_grpc, stores)


def _collector(name: str, health: int, folder: Path, environ: dict[str, str]) -> Server:
    home = folder / name
    home.mkdir()
    words = [binary(COLLECTOR), "--config", CONFIG / f"{name}.yaml"]
    return Server(words, f"http://{HOST}:{health}/", home, environ)

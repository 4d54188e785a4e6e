"""OTLP over TLS, with an authority of its own and a certificate of the client's."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc
import pytest
import trustme
from tests.integration.otlp.test_grpc import PROGRAM, STEPS, Service, serving
from tests.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from tests.integration.otlp.conftest import Sending

AUTHORITY = "OTEL_EXPORTER_OTLP_CERTIFICATE"


class Listening:
    """A receiver that takes only clients it knows.

    Parameters
    ----------
    env
        The variables that name it.
    names
        Gives the names of the spans it took.
    """

    def __init__(self, env: dict[str, str], names: Callable[[], list[str]]) -> None:
        self.env = env
        self.names = names


@contextmanager
def listening(protocol: str, folder: Path) -> Generator[Listening]:
    """A receiver, and in the folder what it takes to speak to it."""
    authority = trustme.CA()
    server, client = authority.issue_cert("127.0.0.1"), authority.issue_cert("client@example.org")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    client.private_key_pem.write_to_path(folder / "client.key")
    client.cert_chain_pems[0].write_to_path(folder / "client.pem")
    known = {
        AUTHORITY: str(folder / "authority.pem"),
        "OTEL_EXPORTER_OTLP_CLIENT_KEY": str(folder / "client.key"),
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": str(folder / "client.pem"),
    }
    if protocol == "grpc":
        pair = (server.private_key_pem.bytes(), server.cert_chain_pems[0].bytes())
        service = Service()
        credentials: Any = grpc.ssl_server_credentials([pair], authority.cert_pem.bytes(), require_client_auth=True)
        with serving(service, credentials) as env:
            yield Listening(env | known, lambda: sorted(service.names))
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.configure_cert(context)  # pyright: ignore[reportUnknownMemberType] - of a library that need not be there
    authority.configure_trust(context)  # pyright: ignore[reportUnknownMemberType]
    context.verify_mode = ssl.CERT_REQUIRED
    with Receiver(tls=context) as receiver:
        yield Listening({"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url} | known, receiver.names)


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_certificates_of_both_sides(sending: Sending, tmp_path: Path, protocol: str) -> None:
    with listening(protocol, tmp_path) as receiver:
        # For other connections of the program, which a machine behind a proxy of its company's has.
        done = sending.record(PROGRAM, REQUESTS_CA_BUNDLE="/etc/hosts", **receiver.env)

    assert (done.returncode, done.stderr) == (0, "")
    assert [one["failure"] for one in sending.sent()] == [None]
    assert receiver.names() == STEPS


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_a_receiver_of_an_unknown_authority_gets_nothing(sending: Sending, tmp_path: Path, protocol: str) -> None:
    with listening(protocol, tmp_path) as receiver:
        done = sending.record(PROGRAM, **{name: value for name, value in receiver.env.items() if name != AUTHORITY})
        sending.wait_until(lambda: sending.sent()[0]["waiting"] == len(STEPS))

    (sent,) = sending.sent()
    assert (done.returncode, sent["sent"], sent["failure"]) == (0, 0, "its certificate is not trusted")
    assert receiver.names() == []

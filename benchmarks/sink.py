"""An OTLP sink: takes everything, keeps nothing; with `--silent` it never answers."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Write no access log."""

    def do_POST(self) -> None:
        """Take a batch."""
        self.rfile.read(int(self.headers.get("content-length") or 0))
        if "--silent" in sys.argv:
            # Until the client has had enough.
            self.rfile.read(1)
            return
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", "0")
        self.end_headers()


def main() -> None:
    """Serve until killed; the address is the first line of standard output."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()

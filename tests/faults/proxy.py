"""A TCP proxy that can be as bad as a network: it refuses, swallows (also one way), dawdles or half-closes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from enum import StrEnum

CHUNK = 64 * 1024


class Mode(StrEnum):
    PASS = "pass"
    REFUSE = "refuse"  # connections end, new ones are refused
    SWALLOW = "swallow"  # connections stay, nothing comes through
    SWALLOW_REQUESTS = "swallow requests"  # one way
    SWALLOW_ANSWERS = "swallow answers"
    SLOW = "slow"  # a tenth of a second for each piece
    HALF_CLOSE = "half-close"  # the server's side says that it sends no more, and listens on


class Proxy:
    """Listens on `port` and passes everything on to `target`, as `mode` says."""

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self.target = target
        self.mode = Mode.PASS
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener: socket.socket | None = None
        self._changed = threading.Condition()
        self._listen()

    def turn(self, mode: Mode) -> None:
        if mode is Mode.REFUSE:
            self._stop_listening()
        elif self._listener is None:
            self._listen()
        with self._changed:
            self.mode = mode
            self._changed.notify_all()
        if mode is Mode.REFUSE:
            self._end_all()
        if mode is Mode.HALF_CLOSE:
            for client, _ in list(self._pairs):
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.turn(Mode.REFUSE)

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=200)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _stop_listening(self) -> None:
        if self._listener is not None:
            listener, self._listener = self._listener, None
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair = (client, server)
        self._pairs.append(pair)
        answers = threading.Thread(target=self._pump, args=(server, client, Mode.SWALLOW_ANSWERS), daemon=True)
        answers.start()
        self._pump(client, server, Mode.SWALLOW_REQUESTS)
        answers.join()
        self._pairs.remove(pair)
        client.close()
        server.close()

    def _pump(self, source: socket.socket, sink: socket.socket, one_way: Mode) -> None:
        """Pass on until the source ends. What is swallowed comes through later, as TCP sends it again."""
        with contextlib.suppress(OSError):
            while piece := source.recv(CHUNK):
                with self._changed:
                    self._changed.wait_for(lambda: self.mode not in (Mode.SWALLOW, one_way))
                if self.mode is Mode.SLOW:
                    time.sleep(0.1)
                sink.sendall(piece)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _end_all(self) -> None:
        for end in [end for pair in list(self._pairs) for end in pair]:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
